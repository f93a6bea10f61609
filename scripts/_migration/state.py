"""The state of a deployment as a file.

One JSON document: sections, the digest of each (of each account, too), and a root over the digests. Amounts are decimal
strings in base units, since other readers of JSON round large numbers. Nothing of the file is believed before its
digests, its totals and its references agree.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

from eth_utils import is_checksum_address
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, ValidationError

from scripts._migration.errors import StateFileRefused

FORMAT = 1
UINT112_MAX = 2**112 - 1
SHOWN_FAULTS = 20


def _decimal(value: object) -> object:
    """Amounts come as strings of digits."""
    if isinstance(value, str) and value.isdecimal():
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise ValueError("must be a string of decimal digits")


def _checksummed(value: object) -> object:
    if not isinstance(value, str) or not is_checksum_address(value):
        raise ValueError("must be an address in checksummed spelling")
    return value


_AS_STRING = PlainSerializer(str, return_type=str)
Address = Annotated[str, BeforeValidator(_checksummed)]
Hash = Annotated[str, Field(pattern=r"^0x[0-9a-f]{64}$")]
# LPT or wei in base units: what packed storage holds (DEV-13).
Amount = Annotated[int, BeforeValidator(_decimal), Field(ge=0, le=UINT112_MAX), _AS_STRING]
Fees = Annotated[int, BeforeValidator(_decimal), Field(ge=0, le=2**128 - 1), _AS_STRING]
RewardFactor = Annotated[int, BeforeValidator(_decimal), Field(ge=0, le=2**192 - 1), _AS_STRING]
Word = Annotated[int, BeforeValidator(_decimal), Field(ge=0, le=2**256 - 1), _AS_STRING]
Rate = Annotated[int, BeforeValidator(_decimal), Field(ge=0, le=10**27), _AS_STRING]
Round = Annotated[int, Field(ge=0, le=2**31 - 1)]
Ppm = Annotated[int, Field(ge=0, le=10**6)]
Natural = Annotated[int, Field(ge=0, le=2**64 - 1)]


class Record(BaseModel):
    """A part of the file: no unknown name, no missing one, no value of another type."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Origin(Record):
    """Where the state was read."""

    chain_id: Natural
    block: Natural
    block_hash: Hash
    controller: Address
    contracts: dict[str, Address]
    paused: bool
    round: Round
    """Of the clock at that block."""
    since: Round
    """First round about which views of the past are carried."""


class Clock(Record):
    """RoundsManager."""

    round_length_blocks: Natural
    last_round_length_update_round: Round
    last_round_length_update_start_block: Natural
    last_initialized_round: Round
    round_lock_amount_ppm: Ppm
    block_hashes: dict[str, Hash]
    """By round: those that tickets still refer to, and those of carried rounds."""
    lip_upgrade_rounds: dict[str, Word]


class Issuance(Record):
    """Minter: its rates, what the round allots, and what it holds."""

    inflation_ppb: Natural
    inflation_change_ppb: Natural
    target_bonding_rate_ppb: Natural
    mintable: Amount
    minted: Amount
    held_lpt: Amount
    held_wei: Amount


class Bonding(Record):
    """BondingManager, what belongs to nobody in particular."""

    current_round_total_active_stake: Amount
    next_round_total_active_stake: Amount
    current_round_active_set_size: Annotated[int, Field(ge=0, le=65_535)]
    unbonding_period_rounds: Natural
    treasury_reward_cut_rate: Rate
    next_round_treasury_reward_cut_rate: Rate
    treasury_balance_ceiling: Word
    pool_max_size: Annotated[int, Field(ge=0, le=65_535)]
    pool: list[Address]
    """In the order in which members come into the new pool."""
    ranking: list[Address]
    """As the views list them, the largest stake first."""


class Bond(Record):
    """An account as delegator, and as delegate of others."""

    bonded: Amount
    fees: Fees
    delegate: Address
    delegated: Amount
    start_round: Round
    last_claim_round: Round
    next_unbonding_lock_id: Natural
    reward_factor_round: Round
    """Last round until the claim in which the delegate was rewarded."""
    fee_factor_round: Round
    """The same for fees."""


class Orchestrator(Record):
    """An account as orchestrator."""

    last_reward_round: Round
    previous_reward_round: Round
    last_fee_round: Round
    first_fee_round: Round
    """First one whose factor is carried."""
    activation_round: Round
    deactivation_round: Round | None
    """None while in the pool."""
    last_active_stake_update_round: Round
    reward_cut_ppm: Ppm
    fee_share_ppm: Ppm
    start_factor_mark: Annotated[int, Field(ge=0, le=2**32 - 1)]
    active_cumulative_rewards: Amount
    cumulative_rewards: Amount
    cumulative_fees: Amount
    stake_before_update: Amount


class Earnings(Record):
    """Factors of an orchestrator in a round in which it was rewarded or paid."""

    round: Round
    cumulative_reward_factor: RewardFactor
    reward_cut_ppm: Ppm
    fee_share_ppm: Ppm
    cumulative_fee_factor: Word


class Lock(Record):
    """An amount on its way out."""

    id: Natural
    amount: Amount
    withdraw_round: Natural


class Checkpoint(Record):
    """Stake from the start of a round on, in BondingVotes."""

    start_round: Round
    delegate: Address
    bonded: Amount
    delegated: Amount
    last_claim_round: Round
    last_reward_round: Round


class Claim(Record):
    """Wei drawn from a reserve in the current round."""

    claimant: Address
    amount: Amount


class Escrow(Record):
    """A sender in TicketBroker."""

    deposit: Amount
    reserve: Amount
    withdraw_round: Round
    claims: list[Claim]


class Account(Record):
    """All that belongs to one address."""

    address: Address
    bond: Bond
    orchestrator: Orchestrator | None
    earnings: list[Earnings]
    locks: list[Lock]
    reward_caller: Address | None
    has_checkpoint: bool
    checkpoints: list[Checkpoint]
    escrow: Escrow | None
    service_uri: str
    pending_stake: Amount
    pending_fees: Fees
    votes: Amount
    """From the start of the next round on."""


class VoteTotal(Record):
    """Total active stake of an initialized round."""

    round: Round
    total_active_stake: Amount


class Tickets(Record):
    """TicketBroker, what belongs to nobody in particular."""

    unlock_period_rounds: Natural
    ticket_validity_period_rounds: Natural
    used: list[Hash]
    """Those that could still be redeemed if they were not marked."""


class Totals(Record):
    """Sums over the accounts."""

    accounts: Natural
    orchestrators: Natural
    bonded: Amount
    delegated: Amount
    locked: Amount
    fees: Fees
    cumulative_fees: Fees
    pending_stake: Amount
    pending_fees: Fees
    deposits: Amount
    reserves: Amount


class State(Record):
    """The document without its digests."""

    format: Annotated[int, Field(ge=FORMAT, le=FORMAT)] = FORMAT
    origin: Origin
    clock: Clock
    issuance: Issuance
    bonding: Bonding
    vote_totals: list[VoteTotal]
    tickets: Tickets
    totals: Totals
    accounts: list[Account]

    @property
    def root(self) -> str:
        """What stands for the whole."""
        return _root(digests_of(self.model_dump(mode="json")))


def totals_of(accounts: list[Account]) -> Totals:
    """The sums as they follow from the accounts."""
    escrows = [account.escrow for account in accounts if account.escrow]
    orchestrators = [account.orchestrator for account in accounts if account.orchestrator]
    return Totals(
        accounts=len(accounts),
        orchestrators=len(orchestrators),
        bonded=sum(account.bond.bonded for account in accounts),
        delegated=sum(account.bond.delegated for account in accounts),
        locked=sum(lock.amount for account in accounts for lock in account.locks),
        fees=sum(account.bond.fees for account in accounts),
        cumulative_fees=sum(one.cumulative_fees for one in orchestrators),
        pending_stake=sum(account.pending_stake for account in accounts),
        pending_fees=sum(account.pending_fees for account in accounts),
        deposits=sum(escrow.deposit for escrow in escrows),
        reserves=sum(escrow.reserve for escrow in escrows),
    )


# ---- digests


def canonical(value: Any) -> bytes:
    """The only spelling of a JSON value that is hashed."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _digest(value: Any) -> str:
    return "0x" + hashlib.sha256(canonical(value)).hexdigest()


def digests_of(document: dict) -> dict[str, Any]:
    """The digest of each section, for the accounts of each of them."""
    found: dict[str, Any] = {
        name: _digest(section) for name, section in document.items() if name != "accounts"
    }
    return found | {"accounts": {one["address"]: _digest(one) for one in document["accounts"]}}


def _root(digests: dict[str, Any]) -> str:
    return _digest(digests)


# ---- the file


def save_state(state: State, path: Path) -> str:
    """Writes the file as a whole or not at all; its root."""
    document = state.model_dump(mode="json")
    digests = digests_of(document)
    document |= {"digests": digests, "root": _root(digests)}
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    partial.replace(path)
    return document["root"]


def load_state(path: Path, *, root: str | None = None) -> State:
    """The state in a file; with `root` only if it is that one. Raises StateFileRefused naming what is wrong."""
    if not path.is_file():
        raise StateFileRefused(path, ["there is no such file; `export` writes one"])
    text = path.read_text(encoding="utf-8", errors="replace")
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        ends = "" if text.endswith("}\n") else "; the file does not end as it was written: it is cut off"
        where = f"line {error.lineno}, column {error.colno}"
        raise StateFileRefused(path, [f"{where}: not JSON, {error.msg}{ends}"]) from None
    if not isinstance(document, dict):
        raise StateFileRefused(path, ["must be an object with sections, digests and a root"])
    given, given_root = document.pop("digests", None), document.pop("root", None)
    try:
        state = State.model_validate(document)
    except ValidationError as error:
        faults = [
            f"{'.'.join(map(str, e['loc']))}: found {_short(e['input'])}; {e['msg']}" for e in error.errors()
        ]
        raise StateFileRefused(path, _at_most(faults)) from None
    faults = [*_digest_faults(digests_of(document), given, given_root, root), *inconsistencies(state)]
    if faults:
        raise StateFileRefused(path, _at_most(faults))
    return state


def _digest_faults(found: dict, given: Any, given_root: Any, wanted_root: str | None) -> Iterator[str]:
    if not isinstance(given, dict) or not isinstance(given.get("accounts"), dict):
        yield "digests: missing; the file was not written by `export`, or was cut"
        return
    for name in sorted((found.keys() | given.keys()) - {"accounts"}):
        if found.get(name) != given.get(name):
            yield f"{name}: was changed, its digest is {found.get(name)}, the file says {given.get(name)}"
    for address in sorted(found["accounts"].keys() | given["accounts"].keys()):
        mine, theirs = found["accounts"].get(address), given["accounts"].get(address)
        if mine is None:
            yield f"accounts, {address}: is missing, the file has a digest of it"
        elif theirs is None:
            yield f"accounts, {address}: was added, the file has no digest of it"
        elif mine != theirs:
            yield f"accounts, {address}: was changed, its digest is {mine}, the file says {theirs}"
    if given_root != (computed := _root(given)):
        yield f"root: found {given_root}, that of the digests is {computed}"
    if wanted_root is not None and given_root != wanted_root:
        yield f"root: found {given_root}, --root asks for {wanted_root}"


def inconsistencies(state: State) -> Iterator[str]:
    """What cannot be true of any deployment."""
    accounts = {account.address: account for account in state.accounts}
    for address, count in Counter(account.address for account in state.accounts).items():
        if count > 1:
            yield f"accounts, {address}: stands {count} times"
    computed = totals_of(state.accounts)
    for name in Totals.model_fields:
        found, sums = getattr(state.totals, name), getattr(computed, name)
        if found != sums:
            yield f"totals.{name}: found {found}, the accounts add up to {sums}"
    if sorted(state.bonding.pool) != sorted(state.bonding.ranking):
        yield "bonding.pool: its members are not those of bonding.ranking"
    strangers = [member for member in state.bonding.pool if member not in accounts]
    for member in strangers:
        yield f"bonding.pool, {member}: is no account of the file"
    if not strangers:
        stake = sum(accounts[member].bond.delegated for member in state.bonding.pool)
        if stake != state.bonding.next_round_total_active_stake:
            total = state.bonding.next_round_total_active_stake
            yield f"bonding.next_round_total_active_stake: found {total}, the pool's stakes add up to {stake}"
    bonded: Counter[str] = Counter()
    for account in state.accounts:
        bonded[account.bond.delegate] += account.bond.bonded
    for delegate, amount in bonded.items():
        delegated = accounts[delegate].bond.delegated if delegate in accounts else 0
        if amount > delegated:
            yield f"accounts, {delegate}: {amount} is bonded to it, but only {delegated} delegated"
    owed_lpt = state.totals.delegated + state.totals.locked
    if owed_lpt > state.issuance.held_lpt:
        yield f"issuance.held_lpt: found {state.issuance.held_lpt}, bonds and locks are {owed_lpt}"
    owed_wei = (
        state.totals.fees + state.totals.cumulative_fees + state.totals.deposits + state.totals.reserves
    )
    if owed_wei > state.issuance.held_wei:
        yield f"issuance.held_wei: found {state.issuance.held_wei}, fees and escrow are {owed_wei}"


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


def _at_most(faults: list[str]) -> list[str]:
    hidden = len(faults) - SHOWN_FAULTS
    return faults if hidden <= 0 else [*faults[:SHOWN_FAULTS], f"… and {hidden} more"]
