"""What the protocol remembers.  Amounts are base units (1e-18) of LPT or wei; every field starts at zero."""

from typing import NamedTuple

from reference_model.constants import ZERO_ADDRESS
from reference_model.state import Record


class Delegator(Record):
    """An address as owner of a bond, and as delegate of others."""

    bonded_amount: int = 0
    """LPT bonded, as of the last claim."""
    fees: int = 0
    """Wei claimed and not withdrawn."""
    delegate: str = ZERO_ADDRESS
    delegated_amount: int = 0
    """LPT pointed at this address, all rewards minted for it included."""
    start_round: int = 0
    """Round from which the bond is no longer pending."""
    last_claim_round: int = 0
    next_unbonding_lock_id: int = 0


class UnbondingLock(Record):
    """LPT on its way out; there is no lock when `withdraw_round` is zero."""

    amount: int = 0
    withdraw_round: int = 0


class Orchestrator(Record):
    """An address as orchestrator; active in round n means activation round ≤ n < deactivation round."""

    last_reward_round: int = 0
    reward_cut_ppm: int = 0
    """Share of rewards kept."""
    fee_share_ppm: int = 0
    """Share of fees passed on."""
    last_active_stake_update_round: int = 0
    """Latest round whose row holds the stake because of a change; r + 1 after a change in r."""
    activation_round: int = 0
    deactivation_round: int = 0
    active_cumulative_rewards: int = 0
    """LPT: `cumulative_rewards` before the last reward; the part that earns along."""
    cumulative_rewards: int = 0
    """LPT that the orchestrator has earned for itself since it last claimed."""
    cumulative_fees: int = 0
    """Wei, likewise."""
    last_fee_round: int = 0


class EarningsRow(Record):
    """An orchestrator's earnings of one round."""

    total_stake: int = 0
    """LPT that counts in the round."""
    reward_cut_ppm: int = 0
    fee_share_ppm: int = 0
    cumulative_reward_factor_ray: int = 0
    """Growth of one unit of stake through this round; zero stands for one."""
    cumulative_fee_factor_ray: int = 0
    """Fees through this round per unit of first stake."""


class StakeCheckpoint(NamedTuple):
    """What decides the votes of an account from a round on."""

    bonded_amount: int = 0
    delegate: str = ZERO_ADDRESS
    delegated_amount: int = 0
    last_claim_round: int = 0
    last_reward_round: int = 0

    def bond(self) -> tuple[int, str, int]:
        """The part about the account's own bond."""
        return self.bonded_amount, self.delegate, self.last_claim_round

    def delegation(self) -> tuple[int, int]:
        """The part about what is delegated to the account."""
        return self.delegated_amount, self.last_reward_round


class SenderAccount(Record):
    """A sender of tickets."""

    deposit: int = 0
    """Wei, spent first."""
    reserve: int = 0
    """Wei, shared by the active set of each round."""
    withdraw_round: int = 0
    """First round in which the sender can withdraw; zero while it is not unlocking."""


class Ticket(NamedTuple):
    """A lottery ticket; `face_value` in wei, won with probability `win_prob` / 2²⁵⁶."""

    recipient: str
    sender: str
    face_value: int
    win_prob: int
    sender_nonce: int
    recipient_rand_hash: bytes
    aux_data: bytes


class Permit(NamedTuple):
    """What an owner of LPT signs: an allowance, its nonce, and the second until which it holds (ERC-2612)."""

    owner: str
    spender: str
    value: int
    nonce: int
    deadline: int


class Message(NamedTuple):
    """Calldata: the bytes, and what they say."""

    calldata: bytes
    function: str
    """In snake case; empty for a plain payment."""
    arguments: tuple = ()


class Update(NamedTuple):
    """A batch of calls for the Governor; the three lists go together, `nonce` tells apart two equal batches."""

    target: tuple[str, ...]
    value: tuple[int, ...]
    """Wei."""
    data: tuple[Message, ...]
    nonce: int
