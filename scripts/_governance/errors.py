"""What can be wrong with a proposal or a vote. Commands print these without a trace."""

from scripts._deployment.errors import DeploymentError


class GovernanceError(DeploymentError):
    """Base: the message says what was found and what would be right."""


class InvalidProposal(GovernanceError):
    """A proposal file that cannot be used; one line a fault."""

    def __init__(self, path, faults: list[str]):
        self.path, self.faults = path, faults
        super().__init__(f"{path} cannot be used:\n" + "\n".join(f"  {fault}" for fault in faults))


class WouldFail(GovernanceError):
    """The actions do not succeed when the treasury carries them out."""

    def __init__(self, position: int, total: int, title: str, reason: str):
        super().__init__(f"action {position} of {total}, {title}, would fail when it is executed: {reason}")


class NotOwnedByTreasury(GovernanceError):
    """An action that only the owner of the Governor may take."""

    def __init__(self, owner: str, treasury: str):
        super().__init__(
            f"Governor.owner: found {owner}; must be the treasury {treasury} for a proposal to change parameters "
            "or code. Until then its owner stages such a change"
        )


class UnknownProposal(GovernanceError):
    """No proposal has that number."""

    def __init__(self, given: str, known: int):
        position = f", or its position from 1 to {known}" if known else "; there are none yet"
        super().__init__(
            f"proposal: found {given}; must be the id of a proposal{position} (`ape run proposals` lists them)"
        )


class AlreadyVoted(GovernanceError):
    """An account votes once on a proposal."""

    def __init__(self, account: str, title: str):
        super().__init__(f"{account} has voted on {title!r} already; a vote is final")


class WrongState(GovernanceError):
    """The proposal is in another state than the step needs."""

    def __init__(self, found: str, required: str, hint: str):
        super().__init__(f"state: found {found}, must be {required}; {hint}")


class Unreadable(GovernanceError):
    """The governor does not answer a question about its proposals."""

    def __init__(self, view: str):
        super().__init__(
            f"{view}: found no answer, must be one; while BondingVotes or RoundsManager are not registered the "
            "governor does not know the round, and proposals rest (`ape run check_deployment` says what is wrong)"
        )


class NotMined(GovernanceError):
    """A transaction that was sent is in no block."""

    def __init__(self, transaction_hash: str, seconds: float):
        super().__init__(
            f"{transaction_hash} is in no block after {seconds:.0f} s and may still be mined; look it up before you "
            "run the command again, which would send another one"
        )


class WouldLoseControl(GovernanceError):
    """After the proposal no other could be decided or executed."""

    def __init__(self, losses: list[str]):
        super().__init__(
            "after this proposal no other could be carried out, and nobody could mend that:\n"
            + "\n".join(f"  {loss}" for loss in losses)
            + "\n--allow-loss-of-control proposes it all the same"
        )
