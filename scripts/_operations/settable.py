"""Every parameter that can be set after deployment: its setter and view, unit, and what its contract accepts."""

from dataclasses import dataclass

from scripts._deployment.reader import Reader
from scripts._operations.errors import UnknownParameter, UnusableValue
from scripts._operations.quantities import (
    AMOUNT,
    BLOCKS,
    ORCHESTRATORS,
    PPB,
    PPM,
    RAY,
    ROUNDS,
    SECONDS,
    Unit,
    spell,
)


@dataclass(frozen=True)
class Settable:
    """`rule` is what the contract requires. `by_votes`: only an executed proposal may set it, not the owner."""

    contract: str
    name: str
    setter: str
    getter: str
    unit: Unit
    least: int
    most: int
    rule: str
    by_votes: bool = False
    note: str = ""

    @property
    def full_name(self) -> str:
        return f"{self.contract}.{self.name}"

    def read(self, reader: Reader) -> int:
        """The value on the chain. Raises UnusableValue if it cannot be read."""
        found = reader.view(self.contract, self.getter)
        if not isinstance(found, int):
            raise UnusableValue(self.full_name, str(found), "a number; is this the right chain?")
        return found

    def parse(self, given: str) -> int:
        """The value as the contract takes it. Raises UnusableValue for what the contract would refuse."""
        value = self.unit.parse(self.full_name, given)
        if not self.least <= value <= self.most:
            raise UnusableValue(self.full_name, given, self.rule)
        return value

    def spell(self, value: int) -> str:
        return spell(self.unit, value)


UINT32, UINT48, UINT64, UINT256 = (2**bits - 1 for bits in (32, 48, 64, 256))
POSITIVE = "at least 1"


def _share(contract: str, name: str, setter: str, unit: Unit, getter: str = "", **more) -> Settable:
    whole = int(unit.scales["%"] * 100)
    return Settable(contract, name, setter, getter or name, unit, 0, whole, "from 0% to 100%", **more)


SETTABLES = {
    settable.full_name: settable
    for settable in (
        Settable(
            "BondingManager",
            "unbondingPeriod",
            "setUnbondingPeriod",
            "unbondingPeriod",
            ROUNDS,
            1,
            UINT64,
            POSITIVE,
            note="locks that exist keep their round",
        ),
        Settable(
            "BondingManager",
            "numActiveTranscoders",
            "setNumActiveTranscoders",
            "getTranscoderPoolMaxSize",
            ORCHESTRATORS,
            1,
            65_535,
            "above the present size, at most 65,535 orchestrators",
            note="it can only be raised; nobody is pulled in by this",
        ),
        _share(
            "BondingManager",
            "treasuryRewardCutRate",
            "setTreasuryRewardCutRate",
            RAY,
            "nextRoundTreasuryRewardCutRate",
            note="from the next round on",
        ),
        Settable(
            "BondingManager",
            "treasuryBalanceCeiling",
            "setTreasuryBalanceCeiling",
            "treasuryBalanceCeiling",
            AMOUNT,
            0,
            UINT256,
            "0 LPT or more",
            note="0 LPT is no ceiling",
        ),
        Settable(
            "RoundsManager",
            "roundLength",
            "setRoundLength",
            "roundLength",
            BLOCKS,
            1,
            UINT64,
            POSITIVE,
            note="shortening it to what has passed of the round begins another round at once",
        ),
        _share("RoundsManager", "roundLockAmount", "setRoundLockAmount", PPM),
        Settable(
            "TicketBroker", "unlockPeriod", "setUnlockPeriod", "unlockPeriod", ROUNDS, 1, UINT32, POSITIVE
        ),
        Settable(
            "TicketBroker",
            "ticketValidityPeriod",
            "setTicketValidityPeriod",
            "ticketValidityPeriod",
            ROUNDS,
            1,
            UINT32,
            POSITIVE,
        ),
        _share("Minter", "targetBondingRate", "setTargetBondingRate", PPB),
        _share("Minter", "inflationChange", "setInflationChange", PPB),
        Settable(
            "LivepeerGovernor",
            "votingDelay",
            "setVotingDelay",
            "votingDelay",
            ROUNDS,
            0,
            UINT48,
            "0 rounds or more",
            by_votes=True,
        ),
        Settable(
            "LivepeerGovernor",
            "votingPeriod",
            "setVotingPeriod",
            "votingPeriod",
            ROUNDS,
            1,
            UINT32,
            POSITIVE,
            by_votes=True,
        ),
        Settable(
            "LivepeerGovernor",
            "proposalThreshold",
            "setProposalThreshold",
            "proposalThreshold",
            AMOUNT,
            0,
            UINT256,
            "0 LPT or more",
            by_votes=True,
        ),
        _share(
            "LivepeerGovernor", "quorum", "updateQuorumNumerator", PPM, "quorumNumerator()", by_votes=True
        ),
        Settable(
            "Treasury",
            "minDelay",
            "updateDelay",
            "getMinDelay",
            SECONDS,
            0,
            UINT256,
            "0 seconds or more",
            by_votes=True,
        ),
    )
}


def find_settable(given: str) -> Settable:
    """Raises UnknownParameter."""
    if given not in SETTABLES:
        raise UnknownParameter(given, list(SETTABLES))
    return SETTABLES[given]
