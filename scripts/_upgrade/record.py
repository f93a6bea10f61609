"""An upgrade that is under way, on the disk beside the registry: what was deployed, and the update that waits."""

import json
import os
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from scripts._upgrade.findings import UpgradeError


@dataclass(frozen=True)
class Record:
    """`status`: deployed, staged, or executed. `update` is what the Governor executes, None without the Governor;
    `moved` are the contracts that get another Controller.
    """

    name: str
    contract: str
    arguments: list
    previous: str
    target: str
    commit: str
    status: str
    update: list | None
    update_hash: str | None
    delay_blocks: int
    transactions: dict[str, str]
    moved: list = field(default_factory=list)

    @property
    def staged(self) -> tuple | None:
        """The update as the Governor's functions take it."""
        if self.update is None:
            return None
        return tuple(tuple(part) if isinstance(part, list) else part for part in self.update)

    def save(self, path: Path) -> None:
        """Writes the file as a whole or not at all."""
        partial = path.with_suffix(".partial")
        with partial.open("w", encoding="utf-8") as file:
            json.dump(asdict(self), file, indent=2)
            file.write("\n")
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)

    def moved_to(self, status: str, **transactions: str) -> "Record":
        """The same, one step on."""
        return replace(self, status=status, transactions=self.transactions | transactions)


def load_record(path: Path) -> Record | None:
    """The upgrade that is under way, if there is one. Raises UpgradeError if the file is damaged."""
    if not path.is_file():
        return None
    try:
        return Record(**json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, TypeError) as error:
        raise UpgradeError(
            f"{path}: does not read ({error}); mend it, or put it aside with --discard"
        ) from None


@dataclass(frozen=True)
class Files:
    """Where everything of one contract's upgrade is."""

    registry: Path
    name: str

    def _beside(self, suffix: str) -> Path:
        return self.registry.with_name(f"{self.registry.stem}.upgrade-{self.name}{suffix}")

    @property
    def record(self) -> Path:
        """The upgrade that is under way."""
        return self._beside(".json")

    @property
    def steps(self) -> Path:
        """What its deployment has done; the journal stands beside it."""
        return self._beside(".steps.json")

    @property
    def execution(self) -> Path:
        """What its execution has done; the journal stands beside it."""
        return self._beside(".execution.json")

    @property
    def safe(self) -> Path:
        """The batch for a Safe."""
        return self._beside(".safe.json")

    @property
    def proposal(self) -> Path:
        """The file for `ape run propose`."""
        return self._beside(".proposal.yaml")

    def put_away(self, block: int) -> None:
        """Keeps everything under the number of a block, out of the way of the next upgrade."""
        for path in (self.record, self.steps, self.execution, self.safe, self.proposal):
            for file in (path, path.with_suffix(".journal")):
                if file.exists():
                    file.replace(file.with_name(f"{file.name}.{block}"))
