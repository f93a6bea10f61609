"""Parameter files: one YAML for each network, the only place where values are set by people."""

import re
from decimal import Context, Decimal
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from scripts._deployment.errors import InvalidParameters
from scripts._deployment.yaml_files import read_yaml

FOLDER = Path(__file__).resolve().parents[2] / "deployments" / "parameters"
DEPLOYER = "$deployer"
# The votes of stake own the Governor, and through it the Controller.
TREASURY = "$treasury"
LPT = 10**18

AMOUNT = re.compile(r"(0|[1-9][0-9]{0,77})(\.[0-9]{1,18})?")
# The usual 28 digits are fewer than amounts may have.
EXACT = Context(prec=120)

PPM, PPB, RAY = 10**6, 10**9, 10**27
UINT64_MAX = 2**64 - 1


def _checksummed(value: object) -> object:
    """Addresses are accepted in checksummed spelling only: a typing error then shows."""
    from eth_utils import is_checksum_address

    if not isinstance(value, str) or not is_checksum_address(value):
        raise ValueError("must be an address in checksummed spelling")
    return value


def _amount(value: object) -> Decimal:
    """Whole or decimal tokens; a float would lose digits."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError("must be an integer, or a decimal number in quotes")
    if not AMOUNT.fullmatch(str(value)) or to_base_units(amount := Decimal(value)) >= 2**112:
        raise ValueError("must be from 0 to 5e15 with at most 18 decimals, such as 12.5")
    return amount


Address = Annotated[str, BeforeValidator(_checksummed)]
Owner = Literal["$deployer", "$treasury"] | Address
AmountLPT = Annotated[Decimal, BeforeValidator(_amount)]
Count = Annotated[int, Field(ge=1, le=UINT64_MAX)]
Natural = Annotated[int, Field(ge=0, le=UINT64_MAX)]


class Section(BaseModel):
    """A part of the file: no unknown name, no missing one, no value of another type."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class MinterParameters(Section):
    inflation_ppb: Annotated[int, Field(ge=0, le=PPB)]
    inflation_change_ppb: Annotated[int, Field(ge=0, le=PPB)]
    target_bonding_rate_ppb: Annotated[int, Field(ge=0, le=PPB)]


class RoundsParameters(Section):
    adjustable_clock: bool
    round_length_blocks: Annotated[int, Field(ge=1, le=2**32 - 1)]
    round_lock_amount_ppm: Annotated[int, Field(ge=0, le=PPM)]
    lip_upgrade_rounds: dict[int, Count]


class BondingParameters(Section):
    unbonding_period_rounds: Annotated[int, Field(ge=1, le=2**32 - 1)]
    pool_max_size: Annotated[int, Field(ge=1, le=65_535)]
    treasury_reward_cut_rate_ray: Annotated[int, Field(ge=0, le=RAY)]
    treasury_balance_ceiling_lpt: AmountLPT


class TicketParameters(Section):
    unlock_period_rounds: Annotated[int, Field(ge=1, le=2**32 - 1)]
    ticket_validity_period_rounds: Annotated[int, Field(ge=1, le=2**32 - 1)]


class FaucetParameters(Section):
    request_amount_lpt: AmountLPT
    request_wait_hours: Natural
    supply_lpt: AmountLPT


class TokenParameters(Section):
    address: Address | None
    faucet: FaucetParameters | None
    deployer_supply_lpt: AmountLPT


class TreasuryParameters(Section):
    min_delay_seconds: Natural


class LivepeerGovernorParameters(Section):
    voting_delay_rounds: Annotated[int, Field(ge=0, le=2**32 - 1)]
    voting_period_rounds: Annotated[int, Field(ge=1, le=2**32 - 1)]
    proposal_threshold_lpt: AmountLPT
    quorum_ppm: Annotated[int, Field(ge=0, le=PPM)]
    quota_ppm: Annotated[int, Field(ge=0, lt=PPM)]


class GovernorParameters(Section):
    owner: Owner
    owns_controller: bool


class Parameters(Section):
    """Everything that a deployment is given."""

    network: str
    chain_id: Count
    live: bool
    minter: MinterParameters
    rounds_manager: RoundsParameters
    bonding_manager: BondingParameters
    ticket_broker: TicketParameters
    token: TokenParameters
    l2_lpt_data_cache: Address | None
    treasury: TreasuryParameters
    livepeer_governor: LivepeerGovernorParameters
    governor: GovernorParameters
    unpause: bool


def to_base_units(amount_lpt: Decimal) -> int:
    """LPT, or ETH, in units of 1e-18; exact, as amounts have at most 18 decimals."""
    return int(EXACT.multiply(amount_lpt, LPT))


def load_parameters(name_or_path: str) -> Parameters:
    """The parameters of deployments/parameters/NAME.yaml, or of the file given. Raises InvalidParameters."""
    path = Path(name_or_path)
    if path.suffix not in (".yaml", ".yml"):
        path = FOLDER / f"{name_or_path}.yaml"
    if not path.is_file():
        known = ", ".join(sorted(file.stem for file in FOLDER.glob("*.yaml")))
        raise InvalidParameters(path, [f"there is no such file; known: {known}"])
    try:
        text = path.read_text(encoding="utf-8")
        document, root, faults = read_yaml(text)
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        raise InvalidParameters(path, [f"not YAML: {' '.join(str(error).split())}"]) from None
    if not isinstance(document, dict):
        raise InvalidParameters(path, [f"must be a mapping of names to values, found {document!r}"])
    if not faults:
        try:
            parameters = Parameters.model_validate(document)
        except ValidationError as error:
            faults = [_describe(fault, root) for fault in error.errors()]
        else:
            faults = _inconsistent(parameters, root)
    if faults:
        raise InvalidParameters(path, faults)
    return parameters


def _inconsistent(parameters: Parameters, root) -> list[str]:
    """What no single value shows."""
    faults = []
    if parameters.live and parameters.rounds_manager.adjustable_clock:
        where = _where(("rounds_manager", "adjustable_clock"), root)
        faults.append(f"{where}: true would let anybody set the clock of a live network; must be false")
    if parameters.live and parameters.token.faucet is not None:
        faults.append(
            f"{_where(('token', 'faucet'), root)}: there is no faucet on a live network; must be null"
        )
    if parameters.live and parameters.l2_lpt_data_cache is None:
        where = _where(("l2_lpt_data_cache",), root)
        faults.append(
            f"{where}: a dummy would change issuance on a live network; must be the bridge's address"
        )
    if parameters.token.address and parameters.token.faucet:
        where = _where(("token", "faucet"), root)
        faults.append(f"{where}: needs a token of this deployment; must be null when token.address is given")
    return faults


def _describe(fault: dict, root) -> str:
    path = tuple(fault["loc"])
    name = ".".join(str(part) for part in path)
    if fault["type"] == "missing":
        return f"{_where(path[:-1], root)}: {name} is missing"
    if fault["type"] == "extra_forbidden":
        known = ", ".join(_names(path[:-1]))
        return f"{_where(path, root)}: no such name; known here: {known}"
    reason = fault["msg"].removeprefix("Value error, ")
    return f"{_where(path, root)}: found {fault['input']!r}; {reason[0].lower()}{reason[1:]}"


def _names(path: tuple) -> list[str]:
    """Names that the section at `path` has."""
    section: type[BaseModel] = Parameters
    for part in path:
        annotation = section.model_fields[part].annotation
        options = [annotation, *getattr(annotation, "__args__", ())]
        section = next(o for o in options if isinstance(o, type) and issubclass(o, BaseModel))
    return list(section.model_fields)


def _where(path: tuple, root) -> str:
    """`line N, a.b` of the innermost part of the path that the file has."""
    node, line = root, root.start_mark.line
    for part in path:
        pairs = node.value if isinstance(node, yaml.MappingNode) else []
        found = next(((key, value) for key, value in pairs if key.value == str(part)), None)
        if found is None:
            break
        line, node = found[0].start_mark.line, found[1]
    name = ".".join(str(part) for part in path)
    return f"line {line + 1}" + (f", {name}" if name else "")
