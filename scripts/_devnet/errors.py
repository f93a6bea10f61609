"""What can go wrong with a devnet. The command prints these without a trace."""

from scripts._deployment.errors import DeploymentError


class DevnetError(DeploymentError):
    """Base: the message says what was found and what would be right."""


class PortTaken(DevnetError):
    """Somebody listens there already."""

    def __init__(self, port: int):
        super().__init__(
            f"--port: found {port}, which is in use; must be a free one, or 0 for any that is free"
        )


class RegistryTaken(DevnetError):
    """Another devnet keeps its addresses there."""

    def __init__(self, path):
        super().__init__(
            f"--registry: found {path}, which another devnet is using; must be a file of this one's own, "
            "such as --registry /tmp/second.json"
        )


class CallFailed(DevnetError):
    """A transaction that sets the devnet up, or that keeps it going, would revert."""

    def __init__(self, role: str, contract: str, function: str, reason: str):
        super().__init__(f"{contract}.{function} by the {role}: {reason}")


class ParametersUnfit(DevnetError):
    """Parameters with which the people of the devnet cannot be given their money."""

    def __init__(self, name: str, found: object, required: object):
        super().__init__(f"{name}: found {found}, must be {required} on a devnet")


class StateUnusable(DevnetError):
    """A saved state that this project cannot go on with."""

    def __init__(self, path, reason: str):
        super().__init__(f"{path} cannot be loaded: {reason}")
