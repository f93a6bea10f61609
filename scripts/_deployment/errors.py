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


class JournalDamaged(DeploymentError):
    """A journal that cannot be trusted."""

    def __init__(self, path, line: int, reason: str):
        super().__init__(
            f"{path}, line {line}: {reason}; the journal says which transactions may be on the chain: mend the line "
            "by hand, or, if nothing of that deployment is wanted, move the file away"
        )


class JournalInUse(DeploymentError):
    """Another run writes the same journal."""

    def __init__(self, path):
        super().__init__(f"{path} is in use by another run; wait until that one has ended")


class OtherDeployment(DeploymentError):
    """The journal belongs to another plan, chain or account than this run."""

    def __init__(self, path, field: str, found: str, required: str):
        super().__init__(
            f"{path} holds an unfinished deployment with {field} {found}, this run has {required}; finish it as it was "
            "begun, give another --registry, or start anew with --discard-journal"
        )


class NodeUnreachable(DeploymentError):
    """The node does not answer; what was sent before stands in the journal."""

    def __init__(self, reason: str):
        super().__init__(f"the node does not answer: {reason}\nrun the same command again to go on")


class NodeRefused(DeploymentError):
    """The node answered with an error. `data` is what a reverted call returned, in hexadecimal, if there is any."""

    def __init__(self, reason: str, data=None):
        self.data = data if isinstance(data, str) and data.startswith("0x") else None
        super().__init__(f"the node refused: {reason}")


class NotSigned(DeploymentError):
    """The account gave no signature."""

    def __init__(self, account: str):
        super().__init__(f"{account} did not sign; nothing was sent for this step")


class NotEnoughEther(DeploymentError):
    """The deployer cannot pay for a step."""

    def __init__(self, account: str, balance_wei: int, required_wei: int):
        super().__init__(
            f"{account} has {balance_wei} wei, the next step may cost {required_wei} wei; "
            "send it more and run the same command again"
        )


class FeeTooHigh(DeploymentError):
    """Gas costs more than the caller allows."""

    def __init__(self, found_wei: int, allowed_wei: int):
        super().__init__(
            f"gas costs up to {found_wei / 1e9:.3f} gwei now, --max-fee allows {allowed_wei / 1e9:.3f} gwei; "
            "run the same command later, or with a higher --max-fee"
        )


class TransactionStuck(DeploymentError):
    """A transaction is not mined."""

    def __init__(self, transaction_hash: str, seconds: float):
        super().__init__(
            f"{transaction_hash} is in no block after {seconds:.0f} s; run the same command again to wait on"
        )


class NothingThere(DeploymentError):
    """An address of the parameter file has no code."""

    def __init__(self, name: str, address: str):
        super().__init__(f"{name}: found no code at {address} on this chain; must be a deployed contract")


class StepFailed(DeploymentError):
    """A transaction of the plan failed; what was done before it is in the registry file named."""

    def __init__(self, number: int, total: int, title: str, reason: str, path):
        super().__init__(
            f"step {number} of {total}, {title}: {reason}\n"
            f"what was done before it: {path}; mend the cause and run the same command again"
        )


class CheckFailed(DeploymentError):
    """The chain does not show what was deployed."""

    def __init__(self, faults: list[str]):
        self.faults = faults
        super().__init__("the deployment is not as planned:\n" + "\n".join(f"  {fault}" for fault in faults))


class InvalidRegistry(DeploymentError):
    """A registry file that cannot be used."""

    def __init__(self, path, reason: str):
        super().__init__(
            f"registry file {path} {reason}; must be what a finished `ape run deploy` has written"
        )


class NotInRegistry(DeploymentError):
    """A contract that the registry file does not have."""

    def __init__(self, name: str):
        super().__init__(f"registry file: found no {name}; must have every contract of the deployment")
