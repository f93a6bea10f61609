"""Proposal files: a title, a text, and actions that people can read.

    title: A grant for the documentation
    text: |
      What it is for.
    actions:
      - pay: {asset: LPT, to: "0x…", amount: "1000"}
      - set_parameter: {contract: BondingManager, function: setUnbondingPeriod, value: 7}
      - upgrade: {contract: BondingManager, target: "0x…", commit: "0x…"}
      - call: {contract: LivepeerGovernor, function: setVotingDelay, arguments: [2]}
      - as_owner: {contract: Controller, function: pause}

`pay` and `call` are made by the treasury itself. `set_parameter`, `upgrade` and `as_owner` go through the Governor,
which owns the Controller: the treasury stages an update there and executes it at once.
"""

from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from scripts._deployment.parameters import Address, AmountLPT
from scripts._deployment.yaml_files import read_yaml
from scripts._governance.errors import InvalidProposal

Commit = Annotated[str, Field(pattern=r"^0x[0-9a-f]{40}$")]


class Part(BaseModel):
    """No unknown name, no missing one, no value of another type."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Pay(Part):
    asset: Literal["LPT", "ETH"]
    to: Address
    amount: AmountLPT


class SetParameter(Part):
    contract: str
    function: str
    value: int | str | bool

    @property
    def arguments(self) -> list[Any]:
        return [self.value]


class Upgrade(Part):
    contract: str
    target: Address
    commit: Commit


class CallContract(Part):
    contract: str
    function: str
    arguments: list[Any] = []
    amount_eth: AmountLPT = Decimal(0)


class CallAsOwner(Part):
    contract: str
    function: str
    arguments: list[Any] = []


class Action(Part):
    """Exactly one of them."""

    pay: Pay | None = None
    set_parameter: SetParameter | None = None
    upgrade: Upgrade | None = None
    call: CallContract | None = None
    as_owner: CallAsOwner | None = None

    @model_validator(mode="after")
    def _one(self) -> "Action":
        if sum(part is not None for part in self.parts) != 1:
            raise ValueError("must have exactly one of pay, set_parameter, upgrade, call, as_owner")
        return self

    @property
    def parts(self) -> tuple:
        return self.pay, self.set_parameter, self.upgrade, self.call, self.as_owner


class ProposalFile(Part):
    """A proposal as its author writes it."""

    title: Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\n]+$")]
    text: str = ""
    actions: Annotated[list[Action], Field(min_length=1)]

    def description(self, proposer: str) -> str:
        """What stands on the chain: explorers show the first line as the title.

        The last line keeps everybody else from proposing the same first, and cancelling it (governance.md G4).
        """
        return f"# {self.title}\n\n{self.text.strip()}".strip() + f"\n\n#proposer={proposer}"


def load_proposal(path: Path) -> ProposalFile:
    """The proposal in a file. Raises InvalidProposal with every fault by its place."""
    try:
        document, _, repeated = read_yaml(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InvalidProposal(path, [f"cannot be read: {error.strerror}"]) from None
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        raise InvalidProposal(path, [f"not YAML: {' '.join(str(error).split())}"]) from None
    if not isinstance(document, dict):
        raise InvalidProposal(path, [f"must be a mapping of names to values, found {document!r}"])
    if repeated:
        raise InvalidProposal(path, repeated)
    try:
        return ProposalFile.model_validate(document)
    except ValidationError as error:
        raise InvalidProposal(path, [_describe(fault) for fault in error.errors()]) from None


def _describe(fault: dict) -> str:
    if fault["type"] == "invalid_key":
        return f"{fault['input']}: no such name"
    place = ".".join(str(part + 1) if isinstance(part, int) else part for part in fault["loc"])
    if fault["type"] == "missing":
        return f"{place}: is missing"
    if fault["type"] == "extra_forbidden":
        return f"{place}: no such name"
    reason = fault["msg"].removeprefix("Value error, ")
    return f"{place}: found {fault['input']!r}; {reason[0].lower()}{reason[1:]}"
