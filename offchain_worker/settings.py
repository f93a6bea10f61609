"""All settings, in one place. Sources, strongest first: environment `OW_<SECTION>__<NAME>`, the TOML file, defaults.

Keys never appear here as values: a section names a keystore or key file, or the variable `OW_PRIVATE_KEY` is read by
`chain.keys` when it is needed.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from offchain_worker.errors import NamedError

Wei = Annotated[int, Field(ge=0, lt=2**256)]
Positive = Annotated[int, Field(gt=0)]


class SettingsInvalid(NamedError):
    """A setting is missing, unknown or out of range."""

    status = 400
    template = "setting {field} is {found}: {required}"


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ChainSettings(_Section):
    rpc_url: str = "http://127.0.0.1:8545"
    controller: str = ""
    """Address of the protocol's Controller, from which all contracts are found."""
    abi_file: Path | None = None
    """Compiler output (Ape's .build/__local__.json or a list of ABIs) for decoding custom errors of later versions."""
    transaction_seconds: Positive = 60


class KeySettings(_Section):
    keystore: Path | None = None
    """Encrypted keystore file (version 3); its password is in `password_file` or the variable OW_PASSWORD."""
    password_file: Path | None = None
    key_file: Path | None = None
    """File with a hexadecimal private key; for development chains."""


class TicketSettings(_Section):
    """Economics of an orchestrator's tickets (offchain.md 22)."""

    expected_value_wei: Annotated[int, Field(gt=0, lt=2**112)] = 8 * 10**9
    redeem_gas: Positive = 1_200_000
    transaction_cost_multiplier: Positive = 100
    max_face_value_wei: Annotated[int, Field(ge=0, lt=2**112)] = 0
    """0: no limit. With twice the expected value here, every second ticket wins."""
    parameters_lifetime_blocks: Positive = 40
    max_nonces_per_parameters: Annotated[int, Field(gt=0, le=600)] = 600


class OrchestratorSettings(_Section):
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 8935
    service_url: str = ""
    """How gateways address it; http://host:port if empty."""
    database: str = "sqlite:///orchestrator.db"
    worker_token: SecretStr = SecretStr("")
    """Secret that its workers show, at least 16 characters."""
    price_wei_per_million_pixels: Wei = 1_000_000
    session_seconds: Positive = 1800
    max_segment_bytes: Positive = 64 * 2**20
    max_waiting_jobs: Positive = 8
    lease_seconds: Annotated[float, Field(gt=0)] = 10.0

    @property
    def url(self) -> str:
        return (self.service_url or f"http://{self.host}:{self.port}").rstrip("/")


class WorkerSettings(_Section):
    orchestrator_url: str = "http://127.0.0.1:8935"
    worker_token: SecretStr = SecretStr("")
    name: str = "worker"
    device: str = "cpu"
    threads: Positive = 1
    job_seconds: Annotated[float, Field(gt=0)] = 120.0
    memory_bytes: Annotated[int, Field(ge=0)] = 16 * 2**30
    """Address space of the process that does the work; 0 for no limit (CUDA needs that)."""


class GatewaySettings(_Section):
    orchestrators: tuple[str, ...] = ()
    """URL or ADDRESS@URL, in the order of preference."""
    database: str = "sqlite:///gateway.db"
    profiles: tuple[str, ...] = ("P240p30fps16x9", "P360p30fps16x9")
    segment_seconds: Annotated[int, Field(ge=1, le=10)] = 2
    max_price_wei_per_million_pixels: Wei = 10_000_000
    budget_wei: Wei = 10**16
    """Expected value of all tickets of one run: 0.01 ETH."""
    max_ticket_expected_value_wei: Wei = 3 * 10**12
    max_payment_expected_value_wei: Wei = 2 * 10**13
    deposit_multiplier: Positive = 1
    min_psnr_db: Annotated[float, Field(ge=0, le=100)] = 28.0
    sampled_frames: Annotated[int, Field(ge=1, le=120)] = 6
    request_seconds: Annotated[float, Field(gt=0)] = 120.0
    require_registered_url: bool = False
    """Accept an orchestrator only under the URI that it registered in the ServiceRegistry."""


class RedeemerSettings(_Section):
    database: str = "sqlite:///orchestrator.db"
    """The orchestrator's database, where winners are."""
    max_gas_price_wei: Wei = 0
    min_face_value_to_cost: Annotated[int, Field(ge=0)] = 1
    retry_after_blocks: Positive = 1
    poll_seconds: Annotated[float, Field(gt=0)] = 5.0


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix="OW_", env_nested_delimiter="__", extra="forbid", frozen=True
    )

    chain: ChainSettings = ChainSettings()
    key: KeySettings = KeySettings()
    tickets: TicketSettings = TicketSettings()
    orchestrator: OrchestratorSettings = OrchestratorSettings()
    worker: WorkerSettings = WorkerSettings()
    gateway: GatewaySettings = GatewaySettings()
    redeemer: RedeemerSettings = RedeemerSettings()

    @field_validator("*", mode="before")
    @classmethod
    def _plain_sections(cls, value: Any) -> Any:
        return value.model_dump() if isinstance(value, _Section) else value

    @classmethod
    def settings_customise_sources(
        cls, settings_cls: type[BaseSettings], **sources: PydanticBaseSettingsSource
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (sources["init_settings"], sources["env_settings"], TomlConfigSettingsSource(settings_cls))


def load_settings(path: Path | None = None, overrides: dict[str, dict[str, Any]] | None = None) -> Settings:
    """Settings from `path` and the environment, with `overrides` by section on top; raises `SettingsInvalid`."""
    if path is not None and not path.is_file():
        raise SettingsInvalid(field="--config", found=str(path), required="must be an existing TOML file")

    class _FromFile(Settings):
        model_config = SettingsConfigDict(toml_file=path)

    try:
        return _FromFile(**(overrides or {}))
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        field = ".".join(str(part) for part in first["loc"])
        secret = any(word in field for word in ("token", "key", "password"))
        found = "(hidden)" if secret else repr(first["input"])[:80]
        raise SettingsInvalid(field=field, found=found, required=first["msg"]) from None
    except (SettingsError, ValueError) as error:
        raise SettingsInvalid(field="(file)", found=str(path), required=str(error)) from None


def require_setting(field: str, value: Any, required: str) -> Any:
    """`value`, or `SettingsInvalid` if it is empty: for settings that only some commands need."""
    if not value:
        raise SettingsInvalid(field=field, found="(not set)", required=required)
    return value


MIN_TOKEN_LENGTH = 16


def require_token(section: str, token: SecretStr) -> str:
    """The workers' secret; too short a one is refused."""
    value = token.get_secret_value()
    if len(value) < MIN_TOKEN_LENGTH:
        found = "(not set)" if not value else f"{len(value)} characters"
        raise SettingsInvalid(
            field=f"{section}.worker_token", found=found, required=f"at least {MIN_TOKEN_LENGTH} characters"
        )
    return value
