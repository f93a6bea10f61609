"""The state of a deployment, as records.

In a file amounts are decimal strings in base units, since other readers of JSON round large numbers.
"""

from typing import Annotated

from eth_utils import is_checksum_address
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer

FORMAT = 1
UINT112_MAX = 2**112 - 1


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
