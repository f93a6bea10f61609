"""Keeps rounds going: initializes each one, and calls the rewards of the orchestrators that let it."""

from scripts._devnet.chain import DevChain
from scripts._devnet.errors import CallFailed
from scripts._devnet.roles import KEEPER, ROLES


class Keeper:
    """The account that does what nobody has to be told to do."""

    def __init__(self, chain: DevChain) -> None:
        self._chain = chain
        self.trouble = ""

    def tend(self) -> int | None:
        """Initializes the round if nobody has, with rewards; returns its number, or None if nothing was to be done.

        What the protocol refuses, such as a round while it is paused, stands in `trouble` afterwards.
        """
        chain = self._chain
        if chain.view("RoundsManager", "currentRoundInitialized"):
            return None
        try:
            chain.send(KEEPER, "RoundsManager", "initializeRound")
            for role in ROLES:
                if role.is_orchestrator:
                    self._reward(chain.address(role.name))
        except CallFailed as error:
            self.trouble = str(error)
            return None
        self.trouble = ""
        return chain.round()

    def _reward(self, orchestrator: str) -> None:
        chain = self._chain
        is_active = chain.view("BondingManager", "isActiveTranscoder", orchestrator)
        caller = chain.view("BondingManager", "transcoderToRewardCaller", orchestrator)
        if is_active is True and caller == chain.address(KEEPER):
            chain.send(KEEPER, "BondingManager", "rewardForTranscoder", orchestrator)
