"""The upgrade of one contract: judged, rehearsed, deployed and staged; later executed and checked.

upgrade = Upgrade(context, "BondingManager")
proposed = upgrade.judge()                # raises UpgradeRefused with every reason
upgrade.send(proposed)                    # through the journal: run it again after whatever happened
upgrade.execute()                         # once the delay is over
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from scripts._deployment.builds import Build, find_build, own_sources, record_build
from scripts._deployment.checks import collect_facts
from scripts._deployment.encoding import resolve
from scripts._deployment.errors import NodeRefused, NothingThere, WrongChain
from scripts._deployment.execution import Execution, Limits, digest_of_build, open_journal
from scripts._deployment.facts import differing
from scripts._deployment.node import Node
from scripts._deployment.parameters import Parameters
from scripts._deployment.plan import Plan, build_plan, contract_id
from scripts._deployment.reader import Reader
from scripts._deployment.registry import Registry
from scripts._deployment.reverts import describe_revert
from scripts._deployment.signing import Signer
from scripts._governance.actions import encode_call
from scripts._upgrade.findings import (
    Finding,
    NothingToDo,
    NotStaged,
    UnderWay,
    UnknownCode,
    UpgradeError,
    UpgradeRefused,
    refusing,
)
from scripts._upgrade.moving import CONTROLLER, have_moved
from scripts._upgrade.record import Files, Record, load_record
from scripts._upgrade.rehearsal import Change, Rehearsal, rehearse
from scripts._upgrade.standing import MINTER, Standing, place_of, read_standing
from scripts._upgrade.static_checks import static_findings
from scripts._upgrade.update import (
    addresses,
    compose,
    deploying_plan,
    executing_plan,
    fresh_nonce,
    update_hash,
    write_proposal_file,
    write_safe_file,
)
from tools.artifacts import Artifact
from tools.storage_layout import Sources, layouts_of

ACCOUNTS = 1000


def working_tree_build(artifact: Artifact, commit: str) -> Build:
    """The contract as it stands in this checkout; its layout is compiled. Raises CompileError, UnsafeNamespace."""
    (layouts,) = layouts_of([Sources([artifact.source])])
    return Build(artifact, layouts[artifact.name], own_sources(artifact), commit)


@dataclass(frozen=True)
class Context:
    """What an upgrade is given. `url` is where Anvil can copy the chain from."""

    node: Node
    url: str
    signer: Signer
    registry_path: Path
    parameters: Parameters
    artifacts: Mapping[str, Artifact]
    commit: str
    limits: Limits
    say: Callable[[str], None] = lambda text: None
    pause: Callable[[float], None] = time.sleep


@dataclass(frozen=True)
class Options:
    """What a person may choose."""

    target: str | None = None
    contract: str | None = None
    delay_blocks: int = 0
    accepted: tuple[str, ...] = ()
    layout_file: Path | None = None
    at_most_accounts: int = ACCOUNTS


@dataclass(frozen=True)
class Proposed:
    """An upgrade that nothing forbids."""

    standing: Standing
    candidate: Build
    target: str | None
    commit: str
    nonce: int
    findings: list[Finding]
    rehearsal: Rehearsal


class Upgrade:
    """See the module. Raises WrongChain or NothingThere if the registry file is of another chain."""

    def __init__(self, context: Context, name: str, options: Options | None = None) -> None:
        self._context, self.name, self._options = context, name, options or Options()
        self._registry = Registry.load(context.registry_path)
        self._reader = Reader(context.node, self._registry, context.artifacts)
        self.files = Files(context.registry_path, name)
        if (chain_id := context.node.chain_id()) != self._registry.chain_id:
            raise WrongChain(chain_id, self._registry.chain_id)
        if not context.node.code(self._reader.address("Controller")):
            raise NothingThere("Controller", self._reader.address("Controller"))

    # ---- before anything is sent

    def judge(self, candidate: Build | None = None) -> Proposed:
        """Looks at it from all sides, the rehearsal last. Raises UpgradeRefused and other UpgradeErrors."""
        context, options = self._context, self._options
        standing = read_standing(self._reader, self.name, context.registry_path, options.layout_file)
        artifact = context.artifacts.get(options.contract or standing.contract)
        if artifact is None or not artifact.bytecode:
            raise UpgradeError(
                f"--implementation: found {options.contract or standing.contract!r}; must be a contract of this "
                "build that can be deployed"
            )
        candidate = self._candidate(artifact, candidate)
        if candidate.is_code(standing.code):
            raise NothingToDo(self.name, standing.target)
        findings = static_findings(
            standing.layout,
            candidate,
            context.artifacts["ManagerProxy"],
            standing.selectors,
            standing.argument_types,
            is_rollback=options.target is not None,
        )
        if standing.takeover:
            findings += standing.takeover.findings(options.target)
        self._refuse(findings)
        commit = candidate.commit if options.target else context.commit
        nonce = fresh_nonce(standing, candidate.digest)
        change = Change(standing, candidate, options.target, commit, nonce, context.signer.address)
        rehearsal = self._rehearse(change)
        return Proposed(standing, candidate, options.target, commit, nonce, findings, rehearsal)

    def _candidate(self, artifact: Artifact, given: Build | None) -> Build:
        """The build to be registered: that of this checkout, or that which left the code at --target."""
        context, target = self._context, self._options.target
        code = context.node.code(target) if target else b""
        if target and (known := find_build(context.registry_path, artifact.name, code)):
            return known
        if given is None:
            context.say(f"the storage layout of {artifact.name} is compiled")
        build = given or working_tree_build(artifact, context.commit)
        if target and not build.is_code(code):
            raise UnknownCode(target)
        return build

    def _rehearse(self, change: Change) -> Rehearsal:
        context = self._context
        plan = build_plan(context.parameters, self._registry.commit)
        at_most = self._options.at_most_accounts
        rehearsal = rehearse(
            context.url, self._registry, context.artifacts, plan, change, context.say, at_most
        )
        self._refuse(rehearsal.findings)
        return rehearsal

    def _refuse(self, findings: list[Finding]) -> None:
        if wrong := refusing(findings, self._options.accepted):
            raise UpgradeRefused(self.name, wrong)

    # ---- deploying and staging

    def may_stage(self, standing: Standing) -> bool:
        """Whether the sender itself decides, through the Governor."""
        owner = standing.owner
        return owner.governor and owner.kind == "account" and owner.address == self._context.signer.address

    def send(self, proposed: Proposed, on_step: Callable = lambda result: None) -> Record:
        """Deploys, stages if the sender may, and writes the files for whoever decides if not."""
        context, standing = self._context, proposed.standing
        record = load_record(self.files.record)
        # A run that was interrupted after its last step ends here again.
        if record and (record.previous, record.commit) != (standing.target, proposed.commit):
            raise UnderWay(self.files.record, self.name, record.target, record.status)
        record_build(context.registry_path, proposed.candidate)
        artifact = proposed.candidate.artifact
        plan = deploying_plan(
            self._reader,
            context.parameters,
            standing,
            artifact.name,
            proposed.target,
            proposed.commit,
            proposed.nonce,
            self._options.delay_blocks if self.may_stage(standing) else None,
        )
        artifacts = {**context.artifacts, artifact.name: artifact}
        done = self._carry_out(plan, artifacts, self.files.steps, on_step)
        record = self._record(proposed, done)
        record.save(self.files.record)
        self._write_files(record, standing)
        return record

    def _record(self, proposed: Proposed, done: Registry) -> Record:
        standing = proposed.standing
        target = done.contracts[standing.place]
        update = None
        if standing.owner.governor:
            raw = compose(standing, target.address, proposed.commit, proposed.nonce)
            known = addresses(self._reader, self.name, standing.target)
            resolved = resolve(raw, known, done.deployer)
            update = [list(part) if isinstance(part, tuple) else part for part in resolved]
        return Record(
            self.name,
            proposed.candidate.artifact.name,
            # A former Minter was made with the rates of its own time, which are not known any more.
            list(standing.arguments) if proposed.target is None or standing.name != MINTER else [],
            standing.target,
            target.address,
            proposed.commit,
            "staged" if self.may_stage(standing) else "deployed",
            update,
            update_hash(update) if update else None,
            self._options.delay_blocks,
            {"deploy": target.transaction} if target.transaction else {},
            [list(one) for one in standing.moved],
        )

    def _carry_out(self, plan: Plan, artifacts, path: Path, on_step: Callable) -> Registry:
        context = self._context
        build = digest_of_build(plan, artifacts)
        journal = open_journal(plan, build, context.node, context.signer, path, again=True)
        execution = Execution(
            plan,
            artifacts,
            context.node,
            context.signer,
            journal,
            path,
            limits=context.limits,
            on_step=on_step,
            pause=context.pause,
        )
        return execution.run()

    def _write_files(self, record: Record, standing: Standing) -> None:
        """What the owner needs who is not the sender."""
        owner = standing.owner
        if owner.kind == "treasury":
            write_proposal_file(self.files.proposal, record)
        if owner.kind in ("safe", "contract"):
            title = f"Upgrade {self.name} to {record.target}"
            seconds = self._context.node.timestamp()
            calls = self._calls_of_owner(record)
            write_safe_file(self.files.safe, self._registry.chain_id, owner.address, title, calls, seconds)

    def _calls_of_owner(self, record: Record) -> list[tuple[str, str]]:
        """(address, calldata) of what a contract that owns has to call."""
        if record.update:
            data = encode_call(self._reader, "Governor", "stage", [record.staged, record.delay_blocks])
            return [(self._reader.address("Governor"), "0x" + data.hex())]
        known = addresses(self._reader, self.name, record.previous)
        targets, _, datas, _ = resolve(compose(record, record.target, record.commit, 0), known, "")
        return list(zip(targets, datas, strict=True))

    # ---- executing

    def ready(self) -> Record:
        """The upgrade that may be executed now. Raises NotStaged with what is missing."""
        record = load_record(self.files.record)
        if record is None:
            raise NotStaged(f"{self.files.record} is not there: nothing of {self.name} is deployed or staged")
        if self.is_registered(record) or record.update is None:
            return record
        waits = self._reader.view("Governor", "updates", record.update_hash)
        if waits == 0:
            raise NotStaged(
                f"update {record.update_hash}: is not staged in the Governor; its owner stages it first"
                f"{self._hint()}"
            )
        return record

    def require_executable(self, record: Record) -> None:
        """Raises NotStaged with the Governor's own words, such as how many blocks are missing."""
        if record.update is None or self.is_registered(record):
            return
        data = encode_call(self._reader, "Governor", "execute", [record.staged])
        call = {"to": self._reader.address("Governor"), "data": "0x" + data.hex()}
        try:
            self._context.node.call(call)
        except NodeRefused as error:
            reason = describe_revert(error, self._context.artifacts)
            raise NotStaged(f"update {record.update_hash}: cannot be executed now: {reason}") from error

    def _hint(self) -> str:
        for file in (self.files.safe, self.files.proposal):
            if file.exists():
                return f", with {file}"
        return ""

    def is_registered(self, record: Record) -> bool:
        """Whether somebody has executed it."""
        if self.name == CONTROLLER:
            return have_moved(self._reader, record.moved, record.target)
        found = self._reader.view("Controller", "getContractInfo", contract_id(place_of(self.name)))
        return found == (record.target, record.commit)

    def rehearse_execution(self, record: Record, candidate: Build) -> Rehearsal:
        """The same as before it was staged, with the update that waits, on the state of now."""
        standing = read_standing(
            self._reader, self.name, self._context.registry_path, self._options.layout_file
        )
        sender = self._context.signer.address
        return self._rehearse(
            Change(standing, candidate, record.target, record.commit, 0, sender, record.staged)
        )

    def candidate_of(self, record: Record) -> Build:
        """The build that was deployed."""
        context = self._context
        build = find_build(context.registry_path, record.contract, context.node.code(record.target))
        if build is None:
            raise UnknownCode(record.target)
        return build

    def execute(self, record: Record, on_step: Callable = lambda result: None) -> Record:
        """Registers the target, unless somebody has; checks what is there; keeps it in the registry file."""
        context = self._context
        if not self.is_registered(record):
            plan = executing_plan(self._reader, context.parameters, record)
            self._carry_out(plan, context.artifacts, self.files.execution, on_step)
        self._enter(record)
        record = record.moved_to("executed")
        record.save(self.files.record)
        self.files.put_away(context.node.block_number())
        return record

    def _enter(self, record: Record) -> None:
        """The registry file names what is registered now."""
        contracts, place = self._registry.contracts, place_of(self.name)
        if contracts[place].address == record.target:
            return
        contracts[place] = contracts[place].succeeded_by(
            record.target,
            record.contract,
            record.commit,
            record.arguments,
            record.transactions.get("deploy"),
        )
        if self.name != place:
            contracts[self.name] = replace(contracts[self.name], proxied=record.contract)
        self._registry.save(self._context.registry_path)

    def check(self, candidate: Build) -> list[str]:
        """Facts that differ from the parameter file now, in words."""
        context = self._context
        artifacts = {**context.artifacts, candidate.artifact.name: candidate.artifact}
        plan = build_plan(context.parameters, self._registry.commit)
        registry = Registry.load(context.registry_path)
        return [
            str(fact) for fact in differing(collect_facts(plan, Reader(context.node, registry, artifacts)))
        ]
