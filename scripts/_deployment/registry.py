"""What was deployed where: one JSON for each network, written by the commands, read by everything else."""

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path

from scripts._deployment.errors import InvalidRegistry

FOLDER = Path(__file__).resolve().parents[2] / "deployments" / "registry"


@dataclass(frozen=True)
class Entry:
    """One contract: where it is, what it is, and the transaction that made it."""

    address: str
    contract: str
    arguments: list = field(default_factory=list)
    transaction: str | None = None
    block: int | None = None
    gas_used: int | None = None
    proxied: str | None = None
    # Of an upgrade; all others are of the deployment's.
    commit: str | None = None
    # Addresses that upgrades have taken out of its place, the latest last.
    former: list[str] = field(default_factory=list)

    def succeeded_by(
        self, address: str, contract: str, commit: str, arguments: list, transaction: str | None = None
    ) -> "Entry":
        """What stands in its place after an upgrade."""
        former = [*self.former, self.address]
        return Entry(address, contract, arguments, transaction, commit=commit, former=former)

    @property
    def abi_name(self) -> str:
        """The contract whose ABI speaks to this address."""
        return self.proxied or self.contract


@dataclass
class Registry:
    """The deployment of one network. `complete` tells a finished one from one that was interrupted."""

    network: str
    chain_id: int
    plan_digest: str
    commit: str
    deployer: str
    contracts: dict[str, Entry] = field(default_factory=dict)
    steps_done: int = 0
    complete: bool = False

    def save(self, path: Path) -> None:
        """Writes the file as a whole or not at all, and to the disk before it returns."""
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".partial")
        with partial.open("w", encoding="utf-8") as file:
            json.dump(asdict(self), file, indent=2, sort_keys=True)
            file.write("\n")
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)

    @classmethod
    def load(cls, path: Path) -> "Registry":
        """Raises InvalidRegistry if the file is none that a deployment has written."""
        try:
            document = json.loads(path.read_text(encoding="utf-8"))
            document["contracts"] = {name: Entry(**entry) for name, entry in document["contracts"].items()}
            return cls(**document)
        except OSError as error:
            raise InvalidRegistry(path, f"cannot be read: {error.strerror}") from error
        except KeyError as error:
            raise InvalidRegistry(path, f"has no {error}") from error
        except (ValueError, TypeError, AttributeError) as error:
            raise InvalidRegistry(path, f"is none: {error}") from error

    @classmethod
    def load_complete(cls, path: Path) -> "Registry":
        """The same; an interrupted deployment is refused, too."""
        registry = cls.load(path)
        if not registry.complete:
            raise InvalidRegistry(
                path, f"is of a deployment that was interrupted at step {registry.steps_done}"
            )
        return registry


def registry_path(network: str) -> Path:
    return FOLDER / f"{network}.json"
