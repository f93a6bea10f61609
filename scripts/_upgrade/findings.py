"""What is found out about an upgrade, and the errors that end one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from scripts._deployment.errors import DeploymentError

# What a person may accept by name with --accept, after reading it.
ACCEPTABLE = (
    "function removed",
    "view changed",
    "fact changed",
    "operation changed",
    "rewards open",
    "not moved",
)


@dataclass(frozen=True)
class Finding:
    """One thing that was found: of what kind, in words, and whether it forbids the upgrade."""

    kind: str
    words: str
    refuses: bool

    def __str__(self) -> str:
        return f"{self.kind}: {self.words}"


class UpgradeError(DeploymentError):
    """Base: the message says what was found and what would be right."""


class UpgradeRefused(UpgradeError):
    """The upgrade would do harm; one line a reason."""

    def __init__(self, contract: str, findings: Sequence[Finding]):
        self.findings = findings
        lines = "\n".join(f"  {finding}" for finding in findings)
        super().__init__(f"{contract} must not be upgraded to this:\n{lines}")


class UnknownTarget(UpgradeError):
    """Nothing by that name stands behind a proxy."""

    def __init__(self, name: str, known: Iterable[str]):
        names = ", ".join(sorted(known))
        super().__init__(
            f"contract: found {name!r}; must be the Minter or one that stands behind a proxy: {names}"
        )


class NothingToDo(UpgradeError):
    """The code is there already."""

    def __init__(self, name: str, address: str):
        super().__init__(
            f"{name}: {address} has the same code already, but for the compiler's trailer; there is nothing to upgrade"
        )


class UnknownLayout(UpgradeError):
    """It is not known how the storage that is deployed is laid out."""

    def __init__(self, name: str, commit: str):
        super().__init__(
            f"{name}: the storage layout of the code on the chain is not known: neither is its build kept beside the "
            f"registry, nor does Git here have the commit {commit} that is registered for it; fetch that commit, or "
            "give the layout of the deployed code with --deployed-layout FILE"
        )


class UnknownCode(UpgradeError):
    """An address whose code nobody knows."""

    def __init__(self, address: str):
        super().__init__(
            f"--target: the code at {address} is neither that of this build nor that of a build kept beside the "
            "registry; check the source out from which it was built, and try again"
        )


class UnderWay(UpgradeError):
    """Another upgrade of the same contract is not finished."""

    def __init__(self, path, name: str, target: str, status: str):
        super().__init__(
            f"{path}: an upgrade of {name} to {target} is {status}; finish it with --execute, or give it up with "
            "--discard (and cancel it in the Governor if it is staged)"
        )


class NotStaged(UpgradeError):
    """There is nothing to execute."""


def refusing(findings: Iterable[Finding], accepted: Iterable[str] = ()) -> list[Finding]:
    """Those that forbid the upgrade, but for the kinds that were accepted."""
    allowed = set(accepted) & set(ACCEPTABLE)
    return [finding for finding in findings if finding.refuses and finding.kind not in allowed]
