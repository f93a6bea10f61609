"""What can be wrong with an operation. Commands print these without a trace."""

from scripts._deployment.errors import DeploymentError


class OperationError(DeploymentError):
    """Base: the message says what was found and what would be right."""


class UnknownParameter(OperationError):
    """No parameter has that name."""

    def __init__(self, given: str, known: list[str]):
        super().__init__(f"parameter: found {given!r}, must be one of: {', '.join(known)}")


class UnusableValue(OperationError):
    """A value that its parameter cannot have."""

    def __init__(self, name: str, given: str, required: str):
        super().__init__(f"{name}: found {given!r}, must be {required}")


class NotTheOwner(OperationError):
    """The account may not do this; the message says who may, and with what."""

    def __init__(self, what: str, account: str | None, path: str):
        who = account or "nobody (there is no --account)"
        super().__init__(f"{what}: would be sent by {who}; {path}")


class RoundRefused(OperationError):
    """The round cannot be initialized, for a reason that waiting does not mend."""


class NotADevelopmentChain(OperationError):
    """Something that only a development chain does."""

    def __init__(self, option: str, network: str):
        super().__init__(
            f"{option}: connected to {network}; must be a local chain or a fork, where blocks can be made"
        )
