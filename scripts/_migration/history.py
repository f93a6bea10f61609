"""What only the logs of a deployment tell: who there is, in which rounds somebody was rewarded or paid, and how the
stake of an account stood earlier.

A log belongs to the round that was initialized last before it: nearly everything needs an initialized round.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from eth_abi import decode
from eth_utils import event_abi_to_log_topic, keccak, to_checksum_address
from eth_utils.abi import collapse_if_tuple

from scripts._migration.ledger import Log
from tools.artifacts import Artifact

ZERO_ADDRESS = "0x" + "00" * 20
# Events whose accounts have some state, with the arguments that name them.
ACCOUNTS = {
    "Bond": ("newDelegate", "oldDelegate", "delegator"),
    "TransferBond": ("oldDelegator", "newDelegator"),
    "EarningsClaimed": ("delegator",),
    "TranscoderUpdate": ("transcoder",),
    "RewardCallerSet": ("transcoder",),
    "DelegateChanged": ("delegator",),
    "DepositFunded": ("sender",),
    "ReserveFunded": ("reserveHolder",),
    "ServiceURIUpdate": ("addr",),
}


@dataclass
class Undo:
    """Stake of an account before the first event of a round; None where the round did not change it."""

    delegate: str | None = None
    bonded: int | None = None
    last_claim_round: int | None = None
    votes: int | None = None
    """Delegated amount while it is an orchestrator, else zero."""


@dataclass
class History:
    """What the logs say, through the last of them."""

    last_initialized_round: int = 0
    initialized_rounds: list[int] = field(default_factory=list)
    active_set_size: int = 0
    """Members of the pool when the round was initialized."""
    pool: dict[str, None] = field(default_factory=dict)
    """Members in the order in which they joined."""
    accounts: set[str] = field(default_factory=set)
    delegates: set[str] = field(default_factory=set)
    senders: set[str] = field(default_factory=set)
    publishers: set[str] = field(default_factory=set)
    reward_rounds: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    fee_rounds: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    start_factor_rounds: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    """Rounds in which somebody's earnings began from the orchestrator's factor of an earlier round."""
    reward_callers: set[str] = field(default_factory=set)
    claimants: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """Of reserves, in the last initialized round."""
    used_tickets: dict[str, int] = field(default_factory=dict)
    """Hash with the creation round."""
    lips: set[int] = field(default_factory=set)
    undo: defaultdict[str, dict[int, Undo]] = field(default_factory=lambda: defaultdict(dict))

    def start_factor_mark(self, orchestrator: str) -> int:
        """Orchestrator.startFactorMark, see BondingState."""
        rounds = self.start_factor_rounds[orchestrator]
        if not rounds:
            return 0
        return rounds[-1] << 1 | (len(rounds) > 1 and rounds[-2] + 1 == rounds[-1])


def read_history(
    logs: Iterable[Log], addresses: Mapping[str, str], artifacts: Mapping[str, Artifact]
) -> History:
    """Goes through the logs of the named contracts, in the order of the chain."""
    decoders = {
        (addresses[contract], event_abi_to_log_topic(item)): item
        for contract in ("BondingManager", "BondingVotes", "TicketBroker", "RoundsManager", "ServiceRegistry")
        for item in artifacts[contract].abi
        if item["type"] == "event"
    }
    reading = _Reading()
    for log in logs:
        item = decoders.get((log.address, log.topics[0] if log.topics else b""))
        handler = getattr(reading, f"on_{item['name']}", None) if item else None
        if item is None or (handler is None and item["name"] not in ACCOUNTS):
            continue
        values = _decode(item, log)
        reading.note_accounts(item["name"], values)
        if handler is not None:
            handler(values)
    return reading.history


class _Reading:
    """One pass; a method for each event that says more than a name."""

    def __init__(self) -> None:
        self.history = History()

    def note_accounts(self, event: str, values: dict) -> None:
        self.history.accounts.update(values[name] for name in ACCOUNTS.get(event, ()))

    def on_NewRound(self, values: dict) -> None:  # noqa: N802 - the name of the event
        history = self.history
        history.last_initialized_round = values["round"]
        history.initialized_rounds.append(values["round"])
        history.active_set_size = len(history.pool)
        history.claimants.clear()

    def on_LIPUpgradeRoundSet(self, values: dict) -> None:  # noqa: N802
        self.history.lips.add(values["lip"])

    def on_TranscoderActivated(self, values: dict) -> None:  # noqa: N802
        self.history.pool.pop(values["transcoder"], None)
        self.history.pool[values["transcoder"]] = None

    def on_TranscoderDeactivated(self, values: dict) -> None:  # noqa: N802
        self.history.pool.pop(values["transcoder"], None)

    def on_Reward(self, values: dict) -> None:  # noqa: N802
        self.history.reward_rounds[values["transcoder"]].append(self.history.last_initialized_round)

    def on_EarningsClaimed(self, values: dict) -> None:  # noqa: N802
        self._start_from_factor_of(values["delegate"])

    def on_Bond(self, values: dict) -> None:  # noqa: N802
        self.history.delegates.add(values["newDelegate"])
        self._start_from_factor_of(values["newDelegate"])

    def on_Rebond(self, values: dict) -> None:  # noqa: N802
        self.history.delegates.add(values["delegate"])
        self.history.accounts.update((values["delegate"], values["delegator"]))
        self._start_from_factor_of(values["delegate"])

    def on_RewardCallerSet(self, values: dict) -> None:  # noqa: N802
        self.history.reward_callers.add(values["transcoder"])

    def on_DepositFunded(self, values: dict) -> None:  # noqa: N802
        self.history.senders.add(values["sender"])

    def on_ReserveFunded(self, values: dict) -> None:  # noqa: N802
        self.history.senders.add(values["reserveHolder"])

    def on_ReserveClaimed(self, values: dict) -> None:  # noqa: N802
        self.history.claimants[values["reserveHolder"]].add(values["claimant"])

    def on_WinningTicketTransfer(self, values: dict) -> None:  # noqa: N802
        rounds, now = self.history.fee_rounds[values["recipient"]], self.history.last_initialized_round
        if not rounds or rounds[-1] != now:
            rounds.append(now)

    def on_WinningTicketRedeemed(self, values: dict) -> None:  # noqa: N802
        creation_round = int.from_bytes(values["auxData"][:32], "big")
        self.history.used_tickets[_ticket_hash(values)] = creation_round

    def on_ServiceURIUpdate(self, values: dict) -> None:  # noqa: N802
        self.history.publishers.add(values["addr"])

    def on_DelegateChanged(self, values: dict) -> None:  # noqa: N802
        undo = self._undo(values["delegator"])
        if undo.delegate is None:
            undo.delegate = values["fromDelegate"]

    def on_DelegateVotesChanged(self, values: dict) -> None:  # noqa: N802
        undo = self._undo(values["delegate"])
        if undo.votes is None:
            undo.votes = values["previousBalance"]

    def on_DelegatorBondedAmountChanged(self, values: dict) -> None:  # noqa: N802
        undo = self._undo(values["delegate"])
        if undo.bonded is None:
            undo.bonded = values["previousBondedAmount"]
            undo.last_claim_round = values["previousLastClaimRound"]

    def _undo(self, account: str) -> Undo:
        return self.history.undo[account].setdefault(self.history.last_initialized_round, Undo())

    def _start_from_factor_of(self, delegate: str) -> None:
        rewarded, now = self.history.reward_rounds.get(delegate), self.history.last_initialized_round
        marked = self.history.start_factor_rounds[delegate]
        if rewarded and rewarded[-1] != now and (not marked or marked[-1] != now):
            marked.append(now)


def _ticket_hash(values: dict) -> str:
    """Identity of a redeemed ticket (payments.md 3.1)."""
    commitment = keccak(values["recipientRand"].to_bytes(32, "big"))
    words = (values[name].to_bytes(32, "big") for name in ("faceValue", "winProb", "senderNonce"))
    parties = bytes.fromhex(values["recipient"][2:]) + bytes.fromhex(values["sender"][2:])
    return "0x" + keccak(parties + b"".join(words) + commitment + values["auxData"]).hex()


def _decode(item: dict, log: Log) -> dict:
    indexed = [one for one in item["inputs"] if one["indexed"]]
    others = [one for one in item["inputs"] if not one["indexed"]]
    values = {
        one["name"]: decode([one["type"]], topic)[0]
        for one, topic in zip(indexed, log.topics[1:], strict=True)
    }
    plain = decode([collapse_if_tuple(one) for one in others], log.data)
    values |= {one["name"]: value for one, value in zip(others, plain, strict=True)}
    kinds = {one["name"]: one["type"] for one in item["inputs"]}
    return {
        name: to_checksum_address(value) if kinds[name] == "address" else value
        for name, value in values.items()
    }
