"""Carries a plan out, so that whatever interrupts it, the next run goes on where this one ended.

Before a transaction is sent, its bytes are in the journal. So for each step a run finds one of these:

| journal | chain | what happens |
|---|---|---|
| nothing | | sign, write, send |
| signed | mined, succeeded | written as mined |
| signed | mined, failed | signed anew, once an estimate says that it would succeed now |
| signed | not mined, its nonce is free | the same bytes are sent again, with a higher fee after a time |
| signed | not mined, its nonce was used otherwise | signed anew with the next nonce |
| mined | still there | nothing |
| mined | gone with its block | as if signed only |

A step is thus never carried out twice: bytes with one nonce are mined once at most. A step that anybody may take, and
somebody else took first, fails here and counts as done.
"""

import hashlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from scripts._deployment.encoding import creation_address, encode_step, resolve
from scripts._deployment.errors import (
    AlreadyDeployed,
    FeeTooHigh,
    NodeRefused,
    NotEnoughEther,
    NothingThere,
    OtherDeployment,
    StepFailed,
    TransactionStuck,
    WrongChain,
)
from scripts._deployment.journal import Journal, Mined, Origin, Signed
from scripts._deployment.node import Fees, Node, Receipt
from scripts._deployment.plan import Call, CallWithSpareGas, Deploy, Plan, Step, UseExisting
from scripts._deployment.reader import Reader
from scripts._deployment.registry import Entry, Registry
from scripts._deployment.reverts import describe_revert
from scripts._deployment.signing import Signer
from tools.artifacts import Artifact

# A node accepts another transaction with the nonce of a waiting one if it pays an eighth more; a little above that.
REPLACEMENT_PERCENT = 115
GAS_MARGIN_PERCENT = 120
# How often a nonce that is used up and a receipt that is not there are asked for again: nodes behind one address may
# not agree for a moment.
LOOKS = 4


@dataclass(frozen=True)
class Limits:
    """What a run may pay, and how long it waits."""

    max_fee_wei: int | None = None
    confirmations: int = 0
    patience_seconds: float = 180.0
    poll_seconds: float = 1.0


@dataclass(frozen=True)
class StepResult:
    """What became of a step; `earlier` if another run had done it already."""

    number: int
    step: Step
    address: str | None
    gas_used: int
    earlier: bool


def digest_of_build(plan: Plan, artifacts: Mapping[str, Artifact]) -> str:
    """Tells apart two builds of the contracts that the plan deploys."""
    return hashlib.sha256(b"".join(artifacts[name].bytecode for name in plan.contracts)).hexdigest()


def journal_path(registry: Path) -> Path:
    """Where the journal of a registry file stands."""
    return registry.with_suffix(".journal")


def check_before(plan: Plan, node: Node) -> None:
    """Refuses a chain that is not the one of the parameters. Raises WrongChain."""
    if (chain_id := node.chain_id()) != plan.parameters.chain_id:
        raise WrongChain(chain_id, plan.parameters.chain_id)


def open_journal(
    plan: Plan,
    build: str,
    node: Node,
    signer: Signer,
    path: Path,
    *,
    discard: bool = False,
    again: bool = False,
) -> Journal:
    """The journal to go on with, or a new one, which sends nothing yet. `build` is `digest_of_build`; with `again` a
    finished one may be gone through once more.

    Raises WrongChain, AlreadyDeployed, OtherDeployment, JournalDamaged.
    """
    check_before(plan, node)
    origin = Origin(
        plan.digest, build, plan.parameters.chain_id, node.genesis_hash(), signer.address, plan.commit
    )
    file = journal_path(path)
    if file.exists() and not discard:
        journal = Journal.load(file)
        # A development chain that is gone takes its deployments with it.
        if journal.origin.genesis == origin.genesis or plan.parameters.live:
            is_here = journal.origin.genesis == origin.genesis
            if is_here and not again and path.exists() and (registry := Registry.load(path)).complete:
                raise AlreadyDeployed(path, registry.contracts["Controller"].address)
            _require_same(journal, origin)
            return journal
    elif path.exists() and not discard:
        controller = Registry.load(path).contracts.get("Controller")
        if controller and (plan.parameters.live or node.code(controller.address)):
            raise AlreadyDeployed(path, controller.address)
    if file.exists():
        file.replace(file.with_suffix(".journal.old"))
    return Journal.begin(file, origin)


def step_nonces(plan: Plan, node: Node, deployer: str, path: Path, *, discard: bool = False) -> list[int]:
    """The nonce of each step: of its transaction in the journal beside `path`, or else of the one after all before it.
    A step without a transaction has that of the step that follows.

    Raises JournalDamaged.
    """
    file, following, signed = journal_path(path), node.nonce(deployer), {}
    if file.exists() and not discard:
        journal = Journal.load(file)
        of = (journal.origin.plan, journal.origin.deployer, journal.origin.genesis)
        if of == (plan.digest, deployer, node.genesis_hash()):
            signed = {number: sent[-1].nonce for number, sent in journal.signed.items()}
    following = max([following, *(nonce + 1 for nonce in signed.values())])
    nonces = []
    for number, step in enumerate(plan.steps, 1):
        nonces.append(signed.get(number, following))
        following += number not in signed and not isinstance(step, UseExisting)
    return nonces


def _require_same(journal: Journal, origin: Origin) -> None:
    for field in ("chain_id", "genesis", "deployer", "commit", "build", "plan"):
        found, required = getattr(journal.origin, field), getattr(origin, field)
        if found != required:
            raise OtherDeployment(journal.path, field, str(found), str(required))


class Execution:
    """One run over a plan; `path` is the registry file, written after each step."""

    def __init__(
        self,
        plan: Plan,
        artifacts: Mapping[str, Artifact],
        node: Node,
        signer: Signer,
        journal: Journal,
        path: Path,
        *,
        limits: Limits | None = None,
        on_step: Callable[[StepResult], None] = lambda result: None,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._plan, self._artifacts, self._node, self._signer = plan, artifacts, node, signer
        self._journal, self._path, self._limits = journal, path, limits or Limits()
        self._on_step, self._pause = on_step, pause
        self._registry = Registry(
            plan.parameters.network, plan.parameters.chain_id, plan.digest, plan.commit, signer.address
        )

    def run(self) -> Registry:
        """Deploys what is not deployed yet, and returns the finished registry, which also stands on the disk.

        Raises a DeploymentError at the step that could not be done; run again to go on.
        """
        with self._journal.held():
            while True:
                for number, step in enumerate(self._plan.steps, 1):
                    self._do(number, step)
                if self._is_confirmed():
                    break
        self._registry.complete = True
        self._registry.save(self._path)
        return self._registry

    # ---- one step

    def _do(self, number: int, step: Step) -> None:
        registry = self._registry
        if isinstance(step, UseExisting):
            if not self._node.code(step.address):
                raise NothingThere(step.name, step.address)
            registry.contracts[step.name] = Entry(step.address, step.contract)
            result = StepResult(number, step, step.address, 0, False)
        else:
            try:
                result = self._do_transaction(number, step)
            except StepFailed:
                if not self._is_done(step):
                    raise
                result = StepResult(number, step, None, 0, True)
        if number > registry.steps_done:
            registry.steps_done = number
            registry.save(self._path)
            self._on_step(result)

    def _do_transaction(self, number: int, step: Deploy | Call) -> StepResult:
        addresses = {name: entry.address for name, entry in self._registry.contracts.items()}
        arguments = resolve(step.arguments, addresses, self._signer.address)
        earlier = number in self._journal.mined
        receipt = self._receipt_of(number) or self._send(number, step, arguments, addresses)
        known = self._journal.mined.get(number)
        if known is None or known.block_hash != receipt.block_hash:
            mined = Mined(number, receipt.hash, receipt.block, receipt.block_hash, receipt.gas_used)
            self._journal.append(mined)
        address = None
        if isinstance(step, Deploy):
            address = creation_address(self._signer.address, self._nonce_of(number, receipt.hash))
            self._registry.contracts[step.name] = Entry(
                address,
                step.contract,
                list(arguments),
                receipt.hash,
                receipt.block,
                receipt.gas_used,
                step.proxied,
            )
        return StepResult(number, step, address, receipt.gas_used, earlier)

    def _is_done(self, step: Deploy | Call) -> bool:
        """Whether somebody else has made the call."""
        if isinstance(step, Deploy) or step.done_when is None:
            return False
        name, function, answer = step.done_when
        addresses = {name: entry.address for name, entry in self._registry.contracts.items()}
        reader = Reader(self._node, self._registry, self._artifacts)
        return reader.view(name, function) == resolve(answer, addresses, self._signer.address)

    def _nonce_of(self, number: int, transaction_hash: str) -> int:
        return next(s.nonce for s in self._journal.signed[number] if s.hash == transaction_hash)

    def _receipt_of(self, number: int) -> Receipt | None:
        """The receipt of whichever of the step's transactions was mined and succeeded."""
        for signed in self._journal.signed.get(number, []):
            receipt = self._node.receipt(signed.hash)
            if receipt is not None and receipt.succeeded:
                return receipt
        return None

    def _send(
        self, number: int, step: Deploy | Call, arguments: tuple, addresses: Mapping[str, str]
    ) -> Receipt:
        waiting = self._waiting(number)
        if waiting is None:
            # It may have been mined since it was asked for last.
            if receipt := self._receipt_of(number):
                return receipt
            waiting = self._sign(number, step, arguments, addresses, self._node.nonce(self._signer.address))
        for _ in range(LOOKS):
            self._node.send_raw(waiting.raw)
            receipt = self._wait(number)
            if receipt is None:
                waiting = self._sign(number, step, arguments, addresses, waiting.nonce, replaced=waiting)
            elif receipt.succeeded:
                return receipt
            else:
                raise self._failed(number, step, "the transaction was mined and reverted")
        raise TransactionStuck(waiting.hash, LOOKS * self._limits.patience_seconds)

    def _waiting(self, number: int) -> Signed | None:
        """The step's latest transaction if it may still be mined."""
        signed = self._journal.signed.get(number)
        if not signed:
            return None
        for look in range(LOOKS):
            if self._node.nonce(self._signer.address) <= signed[-1].nonce:
                return signed[-1]
            if any(self._node.receipt(one.hash) for one in signed):
                return None
            self._pause(look * self._limits.poll_seconds)
        return None

    def _sign(
        self,
        number: int,
        step: Deploy | Call,
        arguments: tuple,
        addresses: Mapping[str, str],
        nonce: int,
        replaced: Signed | None = None,
    ) -> Signed:
        """Signs a transaction and puts it on the disk."""
        sender = self._signer.address
        call = {"from": sender, "data": "0x" + self._encode(step, arguments).hex(), "value": 0}
        if isinstance(step, Call):
            call["to"] = addresses[step.target]
        try:
            gas = self._node.estimate_gas(call) * GAS_MARGIN_PERCENT // 100
        except NodeRefused as error:
            raise self._failed(number, step, describe_revert(error, self._artifacts)) from error
        gas += step.spare_gas if isinstance(step, CallWithSpareGas) else 0
        fees = self._fees(replaced)
        balance, required = self._node.balance(sender), gas * fees.max_fee_wei
        if balance < required:
            raise NotEnoughEther(sender, balance, required)
        signed = self._signer.sign(
            call
            | {
                "chainId": self._plan.parameters.chain_id,
                "nonce": nonce,
                "gas": gas,
                "maxFeePerGas": fees.max_fee_wei,
                "maxPriorityFeePerGas": fees.priority_fee_wei,
            }
        )
        record = Signed(number, nonce, signed.hash, signed.raw, fees.max_fee_wei, fees.priority_fee_wei)
        self._journal.append(record)
        return record

    def _encode(self, step: Deploy | Call, arguments: tuple) -> bytes:
        abi_name = self._registry.contracts[step.target].abi_name if isinstance(step, Call) else step.contract
        return encode_step(step, arguments, abi_name, self._artifacts)

    def _fees(self, replaced: Signed | None) -> Fees:
        fees = self._node.fees()
        if replaced is not None:
            fees = Fees(
                max(fees.max_fee_wei, replaced.max_fee_wei * REPLACEMENT_PERCENT // 100 + 1),
                max(fees.priority_fee_wei, replaced.priority_fee_wei * REPLACEMENT_PERCENT // 100 + 1),
            )
        allowed = self._limits.max_fee_wei
        if allowed is not None and fees.max_fee_wei > allowed:
            raise FeeTooHigh(fees.max_fee_wei, allowed)
        return fees

    def _wait(self, number: int) -> Receipt | None:
        """The receipt of any of the step's transactions, or None when patience is at its end."""
        polls = max(1, int(self._limits.patience_seconds / self._limits.poll_seconds))
        for _ in range(polls):
            for signed in reversed(self._journal.signed[number]):
                receipt = self._node.receipt(signed.hash)
                # One that failed in an earlier run is not the one that is waited for.
                if receipt is not None and (receipt.succeeded or signed is self._journal.signed[number][-1]):
                    return receipt
            self._pause(self._limits.poll_seconds)
        return None

    def _failed(self, number: int, step: Step, reason: str) -> StepFailed:
        return StepFailed(number, len(self._plan.steps), step.title, reason, self._journal.path)

    # ---- the end

    def _is_confirmed(self) -> bool:
        """Waits until the last block of the deployment is deep enough; whether every step is still where it was."""
        last = max((mined.block for mined in self._journal.mined.values()), default=0)
        polls = max(1, int(self._limits.patience_seconds / self._limits.poll_seconds))
        for _ in range(polls):
            if self._node.block_number() >= last + self._limits.confirmations:
                break
            self._pause(self._limits.poll_seconds)
        else:
            raise TransactionStuck(
                f"block {last + self._limits.confirmations}", self._limits.patience_seconds
            )
        for mined in self._journal.mined.values():
            receipt = self._node.receipt(mined.hash)
            if receipt is None or receipt.block_hash != mined.block_hash:
                return False
        return True


def contract_at(registry: Registry, name: str, project):
    """The contract called `name` as Ape knows it, with the ABI of what answers there."""
    entry = registry.contracts[name]
    return project.get_contract(entry.abi_name).at(entry.address, fetch_from_explorer=False)
