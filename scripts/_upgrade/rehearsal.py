"""An upgrade carried out on a fork of the live state, beside the same time without it.

    rehearsal = rehearse(url, context, change, say)      # says what differs; the chain at `url` is only read

Twice from the same block: once nothing but empty blocks pass and then the smoke run, once the target is deployed and
registered by the real owner and the smoke run follows. Views, facts of check_deployment, outcomes, events and gas are
compared.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from eth_abi import encode
from eth_utils import keccak

from scripts._deployment.builds import Build
from scripts._deployment.checks import collect_facts
from scripts._deployment.encoding import resolve
from scripts._deployment.errors import NodeRefused
from scripts._deployment.facts import Fact, differing
from scripts._deployment.plan import Plan
from scripts._deployment.reader import Reader
from scripts._deployment.registry import Registry
from scripts._deployment.reverts import describe_revert
from scripts._governance.actions import encode_call
from scripts._upgrade.findings import ACCEPTABLE, Finding, refusing
from scripts._upgrade.fork import forked
from scripts._upgrade.moving import differences
from scripts._upgrade.smoke import Operation, Smoke
from scripts._upgrade.standing import MINTER, Standing
from scripts._upgrade.update import Update, addresses, changes, compose, update_hash
from scripts._upgrade.views import (
    OF_BLOCKS,
    OF_RECORDED_BLOCKS,
    Difference,
    compare_views,
    known_accounts,
    read_views,
)
from tools.artifacts import Artifact

INITIALIZER = re.compile(r"^_*(re)?init")
# A new Minter has issued nothing yet.
MINTABLE, MINTED = "currentMintableTokens", "currentMintedTokens"
OF_ROUND = frozenset([MINTABLE, MINTED])
LOCKED = keccak(text="InvalidInitialization()")[:4]
HASH = re.compile(r"\b[0-9a-f]{64}\b")
STRANGER = "0x000000000000000000000000000000000000dEaD"
SHOWN_CHARACTERS = 70


@dataclass(frozen=True)
class Change:
    """What is to be registered. `target` is None for a target yet to be deployed; `staged` is an update that waits."""

    standing: Standing
    candidate: Build
    target: str | None
    commit: str
    nonce: int
    deployer: str
    staged: Update | None = None


@dataclass
class Rehearsal:
    """What came of it."""

    findings: list[Finding] = field(default_factory=list)
    gas: dict[str, int] = field(default_factory=dict)
    views: int = 0
    accounts: int = 0
    facts: int = 0
    before: list[Operation] = field(default_factory=list)
    after: list[Operation] = field(default_factory=list)


@dataclass(frozen=True)
class _Pictures:
    """What was seen in one of the two courses of things."""

    views: Mapping[str, str]
    facts: Sequence[Fact]
    operations: list[Operation]
    views_later: Mapping[str, str]


def rehearse(
    url: str,
    registry: Registry,
    artifacts: Mapping[str, Artifact],
    plan: Plan,
    change: Change,
    say: Callable[[str], None],
    at_most_accounts: int,
) -> Rehearsal:
    """`plan` is that of the deployment, for its facts. What it finds forbids or does not; nothing is raised for it."""
    say("a fork of the chain is started")
    result = Rehearsal()
    with forked(url) as fork:
        stage = _Stage(fork, registry, artifacts, plan, change, say, at_most_accounts)
        mark, first_block = fork.request("evm_snapshot"), fork.node.block_number()
        stage.switch(result)
        blocks = fork.node.block_number() - first_block
        if refusing(result.findings, ACCEPTABLE):
            return result
        after = stage.look(is_new=True)
        fork.request("evm_revert", mark)
        fork.mine(blocks)
        before = stage.look(is_new=False)
    result.views, result.accounts, result.facts = len(before.views), len(stage.accounts), len(before.facts)
    result.before, result.after = before.operations, after.operations
    result.findings += _differences(before, after)
    return result


class _Stage:
    def __init__(self, fork, registry, artifacts, plan, change: Change, say, at_most_accounts: int) -> None:
        self._fork, self._plan, self._change, self._say = fork, plan, change, say
        self._registry = registry
        name = change.standing.contract
        self._artifacts = {**artifacts, change.candidate.artifact.name: change.candidate.artifact}
        self._reader = Reader(fork.node, registry, {**self._artifacts, name: change.candidate.artifact})
        self.accounts = known_accounts(self._reader, at_most_accounts)

    # ---- the switch

    def switch(self, result: Rehearsal) -> None:
        """Deploys, checks what was deployed, and registers it as the owner would."""
        change, standing = self._change, self._change.standing
        target = change.target
        if target is None:
            self._say("the target is deployed on the fork")
            words = encode(standing.argument_types, standing.arguments)
            data = change.candidate.artifact.bytecode + words
            sent = self._send(result, "deploy the target", change.deployer, None, data)
            if sent is None:
                return
            target = sent.created
            if not self._set_up(result, target):
                return
        result.findings += self._target_findings(target)
        if refusing(result.findings, ACCEPTABLE):
            return
        self._say(f"the owner, {standing.owner}, is impersonated")
        for title, sender, to, data in self._calls(target):
            if self._send(result, title, sender, to, data) is None:
                return
        self._registry = replace(self._registry, contracts=dict(self._registry.contracts))
        entry, contract = self._registry.contracts[standing.place], change.candidate.artifact.name
        self._registry.contracts[standing.place] = entry.succeeded_by(
            target, contract, change.commit, list(standing.arguments)
        )

    def _set_up(self, result: Rehearsal, target: str) -> bool:
        """What a new Controller needs before anything obeys it."""
        takeover, used = self._change.standing.takeover, 0
        for call in takeover.setup() if takeover else ():
            data = encode_call(self._reader, call.target, call.function, list(call.arguments))
            if self._send(result, call.title, self._change.deployer, target, data) is None:
                return False
            used += result.gas.pop(call.title)
        if takeover:
            result.gas["set it up"] = used
        return True

    def _calls(self, target: str) -> list[tuple[str, str, str, bytes]]:
        """(title, sender, address, calldata) of all that makes the switch."""
        change, standing = self._change, self._change.standing
        known, owner = addresses(self._reader, standing.name, standing.target), standing.owner
        update = change.staged or resolve(
            compose(standing, target, change.commit, change.nonce), known, change.deployer
        )
        if not owner.governor:
            titles = [call.title for call in changes(standing, target, change.commit)]
            datas = [bytes.fromhex(data[2:]) for data in update[2]]
            return [
                (title, owner.address, *one) for title, *one in zip(titles, update[0], datas, strict=True)
            ]
        stage, execute = (
            encode_call(self._reader, "Governor", name, arguments)
            for name, arguments in (("stage", [update, 0]), ("execute", [update]))
        )
        governor = self._reader.address("Governor")
        executing = ("execute", STRANGER, governor, execute)
        executable_from = self._reader.view("Governor", "updates", update_hash(update))
        if executable_from:
            # What contracts take for the block number, on Arbitrum that of L1, is not the node's.
            block = self._reader.view("RoundsManager", "blockNum")
            self._fork.mine(max(0, executable_from - block))
            return [executing]
        return [("stage", owner.address, governor, stage), executing]

    def _send(self, result: Rehearsal, title: str, sender: str, to: str | None, data: bytes):
        try:
            sent = self._fork.send(sender, to, data)
        except NodeRefused as error:
            reason = describe_revert(error, self._artifacts)
            result.findings.append(Finding("would fail", f"{title}: {reason}", True))
            return None
        result.gas[title] = sent.gas_used
        return sent

    def _target_findings(self, target: str) -> list[Finding]:
        """Whose the target is, and that nobody can set it up."""
        if takeover := self._change.standing.takeover:
            return list(differences(self._reader, takeover, target))
        view_at, contract = self._reader.view_at, self._change.candidate.artifact.name
        found = []
        controller, ours = view_at(target, contract, "controller"), self._reader.address("Controller")
        if controller != ours:
            found.append(Finding("wrong controller", f"{target} obeys {controller}, must obey {ours}", True))
        if _is_minter(self._change.standing):
            return found + self._unminted()
        if view_at(target, "ManagerProxy", "targetContractId") != "0x" + "00" * 32:
            found.append(
                Finding("not a target", f"{target} is a proxy itself, or does not say that it is none", True)
            )
        return found + self._open_initializers(target)

    def _unminted(self) -> list[Finding]:
        """A new Minter mints nothing before the next round."""
        mintable, minted = (self._reader.view(MINTER, name) for name in (MINTABLE, MINTED))
        if mintable == minted:
            return []
        words = f"{mintable - minted} of {mintable} LPT base units of this round are not minted: an orchestrator that "
        words += "has not called reward could not do so any more in this round"
        return [Finding("rewards open", words, True)]

    def _open_initializers(self, target: str) -> list[Finding]:
        """Calls every initialiser of the target as the Controller's owner, who may do most."""
        found = []
        owner = self._reader.view("Controller", "owner")
        for item in self._change.candidate.artifact.abi:
            if item["type"] != "function" or not INITIALIZER.match(item["name"]):
                continue
            types = [one["type"] for one in item["inputs"]]
            signature = f"{item['name']}({','.join(types)})"
            data = keccak(text=signature)[:4] + encode(types, [_nothing(kind) for kind in types])
            try:
                self._fork.node.call({"from": owner, "to": target, "data": "0x" + data.hex()})
                outcome = "it succeeds"
            except NodeRefused as error:
                if error.data and error.data.startswith("0x" + LOCKED.hex()):
                    continue
                outcome = f"it answers {describe_revert(error, self._artifacts)}, not InvalidInitialization()"
            words = f"{signature} of the target is not locked: {outcome}; its constructor must lock it"
            found.append(Finding("initializer open", words, True))
        return found

    # ---- what is seen

    def look(self, *, is_new: bool) -> _Pictures:
        """Views and facts now, the smoke run, and the views once more."""
        which = "after the upgrade" if is_new else "without the upgrade"
        self._say(f"views and facts {which} are read")
        registry = self._registry if is_new else self._plain_registry()
        reader = Reader(self._fork.node, registry, self._reader.artifacts)
        views = self._views(reader, self.accounts, OF_BLOCKS)
        facts = collect_facts(self._plan, reader)
        smoke = Smoke(self._fork, reader, lambda text: self._say(f"{which}: {text}"))
        operations = smoke.run()
        later = self._views(reader, [*smoke.actors, *self.accounts], OF_RECORDED_BLOCKS)
        return _Pictures(views, facts, operations, later)

    def _views(self, reader: Reader, accounts: list[str], without: frozenset[str]) -> dict[str, str]:
        standing = self._change.standing
        known = set(standing.selectors.values()) if standing.selectors is not None else None
        only = {} if known is None else {standing.name: known, standing.place: known}
        if _is_minter(standing):
            without |= OF_ROUND
        # A target's own storage is nobody's.
        hidden = () if standing.layout is None else (f"{standing.place}.",)
        read = read_views(self._fork, reader, accounts, only, without)
        if standing.takeover and reader.address(standing.place) == standing.target:
            # Whoever answers with the former Controller must answer with the new one.
            former, new = (
                one.lower()[2:] for one in (standing.target, self._registry.contracts[standing.place].address)
            )
            read = {view: answer.replace(former, new) for view, answer in read.items()}
        # What belongs to the code of before itself, such as a Minter's LPT, moves on.
        return {
            view: answer
            for view, answer in read.items()
            if not view.startswith(hidden) and standing.target not in view
        }

    def _plain_registry(self) -> Registry:
        standing = self._change.standing
        contracts = self._registry.contracts
        entry = replace(contracts[standing.place], address=standing.target, commit=standing.commit)
        return replace(self._registry, contracts={**contracts, standing.place: entry})


def _is_minter(standing: Standing) -> bool:
    return standing.name == MINTER


def _nothing(kind: str):
    """An argument of that type."""
    if kind.endswith("]"):
        return []
    return {"address": STRANGER, "bool": False, "string": "", "bytes": b""}.get(
        kind, b"" if kind.startswith("bytes") else 1
    )


def _differences(before: _Pictures, after: _Pictures) -> list[Finding]:
    switched = [one for one in compare_views(before.views, after.views) if not _is_of_registry(one)]
    found = [Finding("view changed", _spell(one), True) for one in switched]
    seen = {one.view for one in switched}
    found += [
        Finding("view changed", f"after the smoke run, {_spell(one)}", True)
        for one in compare_views(before.views_later, after.views_later)
        if one.view not in seen and not _is_of_registry(one)
    ]
    wrong_before = {fact.name for fact in differing(before.facts)}
    found += [
        Finding("fact changed", str(fact), True)
        for fact in differing(after.facts)
        if fact.name not in wrong_before
    ]
    for one, other in zip(before.operations, after.operations, strict=False):
        if _seen(one) != _seen(other):
            words = f"{one.title}: {one.outcome}, {len(one.topics)} events; with the upgrade {other.title}: "
            found.append(
                Finding("operation changed", f"{words}{other.outcome}, {len(other.topics)} events", True)
            )
    return found


def _seen(operation: Operation) -> tuple:
    """What must be equal: hashes in errors come from the hashes of blocks."""
    return operation.title, HASH.sub("…", operation.outcome), operation.topics


def _is_of_registry(difference: Difference) -> bool:
    """The entry that an upgrade is there to change, or whom the Controller keeps current; both are facts."""
    views = ("getContract", "getSubscribers", "isAttached")
    return difference.view.startswith(tuple(f"Controller.{view}" for view in views))


def _spell(difference: Difference) -> str:
    before, after = (
        text if len(text) <= SHOWN_CHARACTERS else text[:SHOWN_CHARACTERS] + "…"
        for text in (difference.before, difference.after)
    )
    return f"{difference.view}: was {before}, is {after}"
