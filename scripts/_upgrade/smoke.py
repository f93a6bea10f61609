"""A run through the protocol on a fork: what people do in it, from bonding to withdrawing, by new and by present ones.

The same run on code before and after an upgrade shows what it changes: each operation's outcome, events and gas.
"""

from collections.abc import Callable
from dataclasses import dataclass

from eth_utils import keccak

from scripts._deployment.errors import NodeRefused
from scripts._deployment.reader import Reader
from scripts._deployment.reverts import describe_revert
from scripts._governance.actions import encode_call
from scripts._upgrade.fork import Fork
from simulation.chain.actors import Actor
from simulation.tickets import Ticket

LPT = 10**18
ETHER = 10**18
MAX = 2**256 - 1
FACE_VALUE_WEI = ETHER // 100
CUT_PPM, SHARE_PPM = 100_000, 500_000
ZERO = "0x" + "00" * 20


@dataclass(frozen=True)
class Operation:
    """One call: `ok` or the error, the first topics of its events, and its gas if it succeeded."""

    title: str
    outcome: str
    topics: tuple[str, ...]
    gas_used: int


class Smoke:
    """One run; the fork is left where it ends."""

    def __init__(self, fork: Fork, reader: Reader, say: Callable[[str], None]) -> None:
        self._fork, self._reader, self._say = fork, reader, say
        self._orchestrator, self._delegator, self._gateway = (
            Actor(f"smoke {role}") for role in ("orchestrator", "delegator", "gateway")
        )
        self.operations: list[Operation] = []

    @property
    def actors(self) -> list[str]:
        """Accounts of the run."""
        return [one.address for one in (self._orchestrator, self._delegator, self._gateway)]

    def run(self) -> list[Operation]:
        """All operations in their order; one that fails does not end the run."""
        self._start()
        self._bond()
        self._earn()
        self._leave()
        return self.operations

    def _start(self) -> None:
        if self._view("Controller", "paused"):
            self._do("unpause", self._view("Controller", "owner"), "Controller", "unpause")
        self._pass_rounds(1)

    def _bond(self) -> None:
        stake = self._entry_stake()
        who, orchestrator, delegator = "BondingManager", self._orchestrator.address, self._delegator.address
        for account, amount in ((orchestrator, stake), (delegator, 50 * LPT)):
            self._do("mint for it", self._address("Minter"), "LivepeerToken", "mint", account, amount)
            self._do("approve", account, "LivepeerToken", "approve", self._address(who), MAX)
        self._do("orchestrator bonds", orchestrator, who, "bond", stake, orchestrator)
        self._do("sets its rates", orchestrator, who, "transcoder", CUT_PPM, SHARE_PPM)
        self._do(
            "publishes its address", orchestrator, "ServiceRegistry", "setServiceURI", "https://smoke.example"
        )
        self._do("delegator bonds", delegator, who, "bond", 50 * LPT, orchestrator)
        pots = (10 * FACE_VALUE_WEI, 1000 * FACE_VALUE_WEI)
        gateway = self._gateway.address
        self._do("gateway funds", gateway, "TicketBroker", "fundDepositAndReserve", *pots, value=sum(pots))
        self._pass_rounds(1)

    def _earn(self) -> None:
        orchestrator, who = self._orchestrator.address, "BondingManager"
        self._do("orchestrator rewards", orchestrator, who, "reward")
        first = self._view(who, "getFirstTranscoderInPool")
        if first not in (orchestrator, ZERO) and self._view(who, "isActiveTranscoder", first):
            self._do("a present orchestrator rewards", first, who, "reward")
            current_round = self._view("RoundsManager", "currentRound")
            self._do("a present orchestrator claims", first, who, "claimEarnings", current_round)
        ticket = self._signed_ticket()
        self._do("ticket is redeemed", orchestrator, "TicketBroker", "redeemWinningTicket", *ticket)
        self._do("ticket again, refused", orchestrator, "TicketBroker", "redeemWinningTicket", *ticket)

    def _leave(self) -> None:
        who, delegator, gateway = "BondingManager", self._delegator.address, self._gateway.address
        self._pass_rounds(1)
        current_round = self._view("RoundsManager", "currentRound")
        self._do("delegator claims", delegator, who, "claimEarnings", current_round)
        fees = self._view(who, "pendingFees", delegator, current_round)
        if isinstance(fees, int) and fees:
            self._do("delegator withdraws fees", delegator, who, "withdrawFees", delegator, fees)
        self._do("delegator unbonds a part", delegator, who, "unbond", 20 * LPT)
        self._do("delegator rebonds it", delegator, who, "rebond", 0)
        self._do("delegator unbonds again", delegator, who, "unbond", 10 * LPT)
        self._do("withdraws too early, refused", delegator, who, "withdrawStake", 1)
        self._do("gateway unlocks", gateway, "TicketBroker", "unlock")
        period = self._view(who, "unbondingPeriod")
        self._pass_rounds(max(period, self._view("TicketBroker", "unlockPeriod")))
        self._do("delegator withdraws", delegator, who, "withdrawStake", 1)
        self._do("gateway withdraws", gateway, "TicketBroker", "withdraw")
        self._do("orchestrator rewards later", self._orchestrator.address, who, "reward")

    # ---- what the steps are made of

    def _do(self, title: str, sender: str, contract: str, function: str, *arguments, value: int = 0) -> None:
        data = encode_call(self._reader, contract, function, list(arguments))
        try:
            sent = self._fork.send(sender, self._address(contract), data, value)
        except NodeRefused as error:
            outcome = describe_revert(error, self._reader.artifacts)
            self.operations.append(Operation(title, outcome, (), 0))
        else:
            self.operations.append(Operation(title, "ok", sent.topics, sent.gas_used))

    def _pass_rounds(self, count: int) -> None:
        length = self._view("RoundsManager", "roundLength")
        start = self._view("RoundsManager", "currentRoundStartBlock")
        # What came before may have taken more blocks than the round had left.
        blocks = max(0, start + count * length - self._view("RoundsManager", "blockNum"))
        self._say(f"smoke run: {blocks} blocks pass, to the start of a round")
        if self._reader.registry.contracts["RoundsManager"].abi_name == "AdjustableRoundsManager":
            data = encode_call(self._reader, "RoundsManager", "mineBlocks", [blocks])
            self._fork.send(self._gateway.address, self._address("RoundsManager"), data)
        else:
            self._fork.mine(blocks)
        self._do("round begins", self._gateway.address, "RoundsManager", "initializeRound")

    def _entry_stake(self) -> int:
        """What gets one into the pool: more than the last has if it is full."""
        who, account = "BondingManager", self._view("BondingManager", "getFirstTranscoderInPool")
        size, stakes = self._view(who, "getTranscoderPoolSize"), []
        if size < self._view(who, "getTranscoderPoolMaxSize"):
            return 1000 * LPT
        for _ in range(size):
            stakes.append(self._view(who, "transcoderTotalStake", account))
            account = self._view(who, "getNextTranscoderInPool", account)
        return min(stakes) + LPT

    def _signed_ticket(self) -> tuple:
        current_round = self._view("RoundsManager", "currentRound")
        block_hash = bytes.fromhex(self._view("RoundsManager", "blockHashForRound", current_round)[2:])
        ticket = Ticket(
            self._orchestrator.address,
            self._gateway.address,
            FACE_VALUE_WEI,
            current_round,
            block_hash,
            recipient_rand=int.from_bytes(keccak(text="smoke"), "big"),
        )
        return ticket.sign(self._gateway).arguments

    def _view(self, contract: str, function: str, *arguments):
        return self._reader.view(contract, function, *arguments)

    def _address(self, contract: str) -> str:
        return self._reader.address(contract)
