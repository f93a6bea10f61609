"""What can be wrong with a deployment before or while it runs. Commands print these without a trace."""


class DeploymentError(Exception):
    """Base: the message says what was found and what would be right."""


class InvalidParameters(DeploymentError):
    """A parameter file that cannot be used; one line a fault."""

    def __init__(self, path, faults: list[str]):
        self.path, self.faults = path, faults
        super().__init__(f"{path} cannot be used:\n" + "\n".join(f"  {fault}" for fault in faults))


class WrongChain(DeploymentError):
    """The connected chain is not the one of the parameter file."""

    def __init__(self, found: int, required: int):
        super().__init__(f"chain_id: connected to chain {found}, the parameter file is for chain {required}")


class AlreadyDeployed(DeploymentError):
    """The registry already has this network, and its Controller is on the connected chain."""

    def __init__(self, path, controller: str):
        super().__init__(
            f"{path} already holds a deployment whose Controller {controller} is on this chain; "
            "give another --registry, or move that file away if it is no longer wanted"
        )


class StepFailed(DeploymentError):
    """A transaction of the plan failed; what was done before it is in the registry file named."""

    def __init__(self, number: int, total: int, title: str, reason: str, path):
        super().__init__(f"step {number} of {total}, {title}: {reason}\nwhat was deployed before it: {path}")


class CheckFailed(DeploymentError):
    """The chain does not show what was deployed."""

    def __init__(self, faults: list[str]):
        self.faults = faults
        super().__init__("the deployment is not as planned:\n" + "\n".join(f"  {fault}" for fault in faults))
