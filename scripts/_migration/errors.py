"""What can be wrong with a migration. Commands print these without a trace."""

from scripts._deployment.errors import DeploymentError


class MigrationError(DeploymentError):
    """Base: the message says what was found and what would be right."""


class SourceNotPaused(MigrationError):
    """State that still changes cannot be moved."""

    def __init__(self, controller: str):
        super().__init__(
            f"the system of Controller {controller} runs at this block, so its state still changes; pause it first, or "
            "export with --rehearsal for a file that shows what an import would cost and cannot be imported"
        )


class RoundNotReached(MigrationError):
    """The past cannot begin in a round that is still to come."""

    def __init__(self, since: int, current_round: int):
        super().__init__(f"since: found round {since}; must be the current one, {current_round}, or earlier")


class NotRegistered(MigrationError):
    """The source has no contract under an id that every deployment has."""

    def __init__(self, name: str, controller: str):
        super().__init__(f"{name}: Controller {controller} has nothing under this id; must be a deployment")


class ViewFailed(MigrationError):
    """A view reverts that answers in every deployment."""

    def __init__(self, view: str):
        super().__init__(f"{view} does not answer; must be a deployment with the protocol's interface")


class StateTooLarge(MigrationError):
    """The source has values that the packed storage cannot hold (DEV-13), or that make no sense; one line each."""

    def __init__(self, faults: list[str]):
        self.faults = faults
        super().__init__("the state cannot be moved:\n" + "\n".join(f"  {fault}" for fault in faults))


class HistoryIncomplete(MigrationError):
    """Events and views tell different stories: some logs are missing."""

    def __init__(self, subject: str, from_events: object, from_views: object):
        super().__init__(
            f"{subject}: events say {from_events}, views say {from_views}; the logs are not complete: "
            "give the block of the source's deployment with --first-block, and a node that has all logs"
        )


class StateFileRefused(MigrationError):
    """A state file that cannot be trusted; one line a fault."""

    def __init__(self, path, faults: list[str]):
        self.path, self.faults = path, faults
        super().__init__(f"{path} cannot be used:\n" + "\n".join(f"  {fault}" for fault in faults))


class DestinationRefused(MigrationError):
    """The deployment that should take the state is not fit for it; one line a fault."""

    def __init__(self, faults: list[str]):
        self.faults = faults
        super().__init__("the destination cannot take this state:\n" + "\n".join(f"  {f}" for f in faults))


class HasBegun(MigrationError):
    """Half of an import cannot be rehearsed."""

    def __init__(self, path):
        super().__init__(f"{path}: this import has begun; add --broadcast to go on with it")


class AlreadyMigrated(MigrationError):
    """The same import was finished before."""

    def __init__(self, path):
        super().__init__(f"{path} says that this import is finished; `verify` compares what is there")


class StateDiffers(MigrationError):
    """The destination does not show what the file says."""

    def __init__(self, faults: list[str], total: int):
        self.faults = faults
        shown = [f"  {fault}" for fault in faults[:20]]
        if len(faults) > len(shown):
            shown.append(f"  … and {len(faults) - len(shown)} more")
        super().__init__(f"{len(faults)} of {total} values are not those of the file:\n" + "\n".join(shown))
