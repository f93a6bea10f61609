"""The accounts and states in which every operation is measured: the same as for the baseline.

S(n), for a pool of n orchestrators O1 (the head) to On (the last, "bottom"):
  r0      On..O1 have bonded to themselves and set their rates; D0 has bonded 10 LPT to On, D1 10 LPT to O1
  r0 + 1  before anybody's first reward (`Stage.FIRST_REWARD`); then all reward
  r0 + 2  S(n), `Stage.FULL`; with room for more orchestrators `Stage.OPEN`; nobody has rewarded yet
J, P, N0 and N1 hold LPT and have never bonded.  B0..B9 are gateways.
"""

from collections.abc import Iterator
from enum import Enum

import coincurve
from eth_utils import keccak

from simulation.chain.actors import Actor
from simulation.chain.addresses import ZERO_ADDRESS, checksum
from simulation.chain.receipts import Receipt
from simulation.governance import deploy_governance
from simulation.protocol import ETHER, LPT, deploy_protocol
from simulation.tickets import SignedTicket, Ticket, batch_arguments
from tests.gas.tracing import TracingChain

ROUND_LENGTH = 500
FACE_VALUE = ETHER // 100
UNLIMITED = 2**256 - 1
NEWCOMERS = ("D0", "D1", "J", "P", "N0", "N1")
GATEWAYS = tuple(f"B{index}" for index in range(10))
NEWCOMER_LPT = 20_000 * LPT
# What a zero byte of calldata is cheaper than any other.
ZERO_BYTE_DISCOUNT = 12


class Stage(Enum):
    """The state that a measurement starts from; each is undone after it."""

    NOTHING = "deployed, before the first round"
    NOBODY = "the first round, nobody has bonded"
    FIRST_REWARD = "r0 + 1, before anybody's first reward"
    FULL = "S(n), the pool is full"
    OPEN = "S(n), the pool has room"


class BenchAccount(Actor):
    """An account of the baseline: its key is keccak256("bench:" + label)."""

    def __new__(cls, label: str):
        key = keccak(f"bench:{label}".encode())
        public = coincurve.PrivateKey(key).public_key.format(compressed=False)[1:]
        account = str.__new__(cls, checksum(keccak(public)[12:]))
        account.label, account.key = label, key
        return account


class Bench:
    """The protocol with `size` orchestrators, and the operations as measurements need them."""

    def __init__(self, chain: TracingChain, size: int):
        self.chain, self.size = chain, size
        protocol = deploy_protocol(
            chain,
            round_length=ROUND_LENGTH,
            num_active_transcoders=size,
            treasury_reward_cut_rate=10**26,  # 10 %
            treasury_balance_ceiling=750_000 * LPT,
            unlock_period=2,
            ticket_validity_period=2,
            initialize_round=False,
        )
        self.governance = deploy_governance(protocol)
        self.protocol = self.governance.plane
        self.owner = protocol.owner
        self.bonding = self.protocol.bonding_manager
        self.broker = self.protocol.ticket_broker
        self.rounds = self.protocol.rounds_manager
        self.orchestrators = [BenchAccount(f"O{k}") for k in range(1, size + 1)]
        for label in (*NEWCOMERS, *GATEWAYS):
            setattr(self, label, BenchAccount(label))
            chain.set_balance(getattr(self, label), 1_000 * ETHER)

    def stages(self) -> Iterator[Stage]:
        """Builds one state after the other, and says which one has been reached."""
        self._hand_out_lpt()
        yield Stage.NOTHING
        self.protocol.start_round()
        yield Stage.NOBODY
        for k in range(1, self.size + 1):
            self.bond(self.o(k), self._self_bond(k), self.o(k))
            self.set_rates(self.o(k), 100_000, 500_000)
        self.bond(self.D0, 10 * LPT, self.last)
        self.bond(self.D1, 10 * LPT, self.o(1))
        self.protocol.start_round()
        yield Stage.FIRST_REWARD
        self.all_reward()
        self.protocol.start_round()
        yield Stage.FULL
        self.make_room()
        yield Stage.OPEN

    # ---- who is who

    def o(self, k: int) -> BenchAccount:
        """The orchestrator of rank `k`, from 1."""
        return self.orchestrators[k - 1]

    @property
    def last(self) -> BenchAccount:
        return self.orchestrators[-1]

    @property
    def middle(self) -> int:
        """The rank that counts as the middle."""
        return self.size // 2 + 1

    def around(self, k: int) -> tuple[str, str]:
        """The exact hints for the orchestrator of rank `k`; zero is beyond an end."""
        before = self.o(k - 1) if k > 1 else ZERO_ADDRESS
        after = self.o(k + 1) if k < self.size else ZERO_ADDRESS
        return before, after

    @property
    def around_last(self) -> tuple[str, str]:
        return self.around(self.size)

    # ---- operations; `hints` are what the variant WithHint takes, if it is to be called

    def bond(self, sender: Actor, amount: int, to: str, hints: tuple | None = None) -> Receipt:
        if hints is None:
            return self.bonding.bond.send(amount, to, sender=sender)
        return self.bonding.bondWithHint.send(amount, to, *hints, sender=sender)

    def unbond(self, sender: Actor, amount: int, hints: tuple | None = None) -> Receipt:
        if hints is None:
            return self.bonding.unbond.send(amount, sender=sender)
        return self.bonding.unbondWithHint.send(amount, *hints, sender=sender)

    def rebond(self, sender: Actor, hints: tuple | None = None) -> Receipt:
        if hints is None:
            return self.bonding.rebond.send(0, sender=sender)
        return self.bonding.rebondWithHint.send(0, *hints, sender=sender)

    def rebond_from_unbonded(self, sender: Actor, to: str, hints: tuple | None = None) -> Receipt:
        if hints is None:
            return self.bonding.rebondFromUnbonded.send(to, 0, sender=sender)
        return self.bonding.rebondFromUnbondedWithHint.send(to, 0, *hints, sender=sender)

    def reward(self, k: int, hints: tuple | None = None) -> Receipt:
        """The orchestrator of rank `k` rewards."""
        if hints is None:
            return self.bonding.reward.send(sender=self.o(k))
        return self.bonding.rewardWithHint.send(*hints, sender=self.o(k))

    def all_reward(self) -> None:
        for k in range(1, self.size + 1):
            self.reward(k, self.around(k))

    def set_rates(
        self, sender: Actor, reward_cut: int, fee_share: int, hints: tuple | None = None
    ) -> Receipt:
        if hints is None:
            return self.bonding.transcoder.send(reward_cut, fee_share, sender=sender)
        return self.bonding.transcoderWithHint.send(reward_cut, fee_share, *hints, sender=sender)

    def claim(self, sender: Actor) -> Receipt:
        return self.bonding.claimEarnings.send(0, sender=sender)

    def make_room(self) -> None:
        """Raise the maximum size of the pool above its size."""
        self.bonding.setNumActiveTranscoders.send(max(100, self.size + 1), sender=self.owner)

    def stake(self, account: str) -> int:
        """All that is bonded to an orchestrator."""
        return self.bonding.transcoderTotalStake(account)

    def whole_bond(self, account: str) -> int:
        """The bond of an account with all that it has earned."""
        return self.bonding.pendingStake(account, 0)

    def whole_fees(self, account: str) -> int:
        return self.bonding.pendingFees(account, 0)

    def fund(self, gateway: Actor, deposit: int = 0, reserve: int = 0) -> Receipt:
        return self.broker.fundDepositAndReserve.send(
            deposit, reserve, sender=gateway, value=deposit + reserve
        )

    def ticket(self, gateway: Actor, recipient: Actor, nonce: int = 1) -> SignedTicket:
        """A winning ticket of the current round."""
        creation_round = self.protocol.current_round
        return Ticket(
            recipient=recipient,
            sender=gateway,
            face_value=FACE_VALUE,
            creation_round=creation_round,
            block_hash=self.rounds.blockHashForRound(creation_round),
            sender_nonce=nonce,
            recipient_rand=int.from_bytes(keccak(f"rand {nonce}".encode()), "big"),
        ).sign(gateway)

    def redeem(self, gateway: Actor, recipient: Actor, nonce: int = 1) -> int:
        """Gas of redeeming one ticket, sent by its recipient."""
        signed = self.ticket(gateway, recipient, nonce)
        receipt = self.broker.redeemWinningTicket.send(*signed.arguments, sender=recipient)
        return receipt.gas_used + _luck([signed])

    def redeem_batch(self, tickets: list[SignedTicket], recipient: Actor) -> int:
        """Gas of redeeming several tickets, sent by their recipient."""
        receipt = self.broker.batchRedeemWinningTickets.send(*batch_arguments(tickets), sender=recipient)
        return receipt.gas_used + _luck(tickets)

    # ---- building

    def _self_bond(self, k: int) -> int:
        step = 4_000 // self.size if self.size > 1 else 0
        return (1_000 + step * (self.size - k)) * LPT

    def _hand_out_lpt(self) -> None:
        # One LPT is left over, so that no balance falls to zero.
        amounts = {self.o(k): self._self_bond(k) + LPT for k in range(1, self.size + 1)}
        amounts |= {getattr(self, label): NEWCOMER_LPT for label in NEWCOMERS}
        for account, amount in amounts.items():
            self.protocol.give_lpt(account, amount, approve=False)
            self.protocol.token.approve.send(self.bonding, UNLIMITED, sender=account)
            self.chain.set_balance(account, 1_000 * ETHER)


def _luck(tickets: list[SignedTicket]) -> int:
    """What zero bytes in signatures and block hashes have saved: it would change with every block hash."""
    random = b"".join(signed.signature + signed.ticket.block_hash for signed in tickets)
    return ZERO_BYTE_DISCOUNT * random.count(0)
