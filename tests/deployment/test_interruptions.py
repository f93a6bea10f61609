"""A deployment that is disturbed goes on with the next run: no step twice, none left out.

| disturbance | what the run does | what the next one does |
|---|---|---|
| killed anywhere | – | ends as an undisturbed one: `kill_points` |
| the node is gone | NodeUnreachable, after trying again | goes on |
| the last blocks are reorganised away | – | sends the same bytes again |
| the deployer's next nonce is used elsewhere | – | takes the one after |
| gas is dearer than allowed | FeeTooHigh, nothing sent | goes on once it is cheaper |
| the deployer has no ether left | NotEnoughEther | goes on once it has |
| a transaction is not mined | the same nonce with a higher fee | – |
| a stranger takes a step that anybody may | goes on: it is done | – |
| a step reverts | StepFailed with the contract's error | tries that step again |
| the journal's last line is cut | – | goes on |
| any other line is damaged | JournalDamaged with the line | – |
| another plan, account or chain | OtherDeployment with both | – |
"""

import json
import random
from dataclasses import replace

import pytest

from scripts._deployment.checks import collect_facts
from scripts._deployment.encoding import creation_address, encode_step, resolve
from scripts._deployment.errors import (
    AlreadyDeployed,
    FeeTooHigh,
    JournalDamaged,
    JournalInUse,
    NodeUnreachable,
    NotEnoughEther,
    OtherDeployment,
    StepFailed,
)
from scripts._deployment.execution import Limits, journal_path, step_nonces
from scripts._deployment.facts import differing
from scripts._deployment.journal import Journal
from scripts._deployment.node import Node
from scripts._deployment.parameters import FOLDER, load_parameters
from scripts._deployment.plan import Call, Deploy, build_plan
from scripts._deployment.reader import Reader
from scripts._deployment.signing import LocalSigner
from tests.deployment.kill_points import draw_points, outcome, trial, undisturbed
from tests.deployment.node import COMMIT, QUICK, Deployer, local_node

pytestmark = pytest.mark.deployment

TRIALS = 5
SOME_STEP = 20
OTHER_KEY = "0x" + "11" * 32


class FailingNode(Node):
    """A node that fails at some question, in one of several ways."""

    def __init__(self, web3, failure: Exception, questions: int, times: int) -> None:
        super().__init__(web3, pause=lambda seconds: None)
        self._failure, self._left, self._times, self.failed = failure, questions, times, 0
        real, outer = web3.eth, self

        class Eth:
            def __getattr__(self, name):
                outer._left -= 1
                if outer._left < 0 and outer.failed < outer._times:
                    outer.failed += 1
                    raise outer._failure
                return getattr(real, name)

        self._web3 = type("Web3", (), {"eth": Eth()})()


@pytest.fixture(scope="module")
def local():
    with local_node() as local:
        yield local


@pytest.fixture
def deployer(local, tmp_path):
    mark = local.request("evm_snapshot")
    yield Deployer(local, tmp_path / "registry.json")
    local.request("evm_revert", mark)


@pytest.fixture(scope="module")
def expected(local, tmp_path_factory):
    return undisturbed(Deployer(local, tmp_path_factory.mktemp("undisturbed") / "registry.json"))


def run_until(deployer: Deployer, step: int) -> None:
    """Deploy up to a step, and stop as if the process had ended there."""

    class Stopped(Exception):
        pass

    def stop(result) -> None:
        if result.number == step:
            raise Stopped

    with pytest.raises(Stopped):
        deployer.run(on_step=stop)


def test_step_nonces__before_a_run_amid_it_and_after__are_the_same(deployer):
    """The plan is shown anew by each run: with the addresses of the first one, not with those of another start."""

    def planned(*, discard: bool = False) -> list[int]:
        return step_nonces(
            deployer.plan, deployer.local.node, deployer.signer.address, deployer.path, discard=discard
        )

    at_first = planned()
    run_until(deployer, SOME_STEP)
    amid = planned()
    anew = planned(discard=True)
    registry = deployer.run()

    assert at_first == amid == planned()
    assert anew != amid
    addresses = [creation_address(deployer.signer.address, nonce) for nonce in at_first]
    deployed = [
        (registry.contracts[step.name].address, address)
        for step, address in zip(deployer.plan.steps, addresses, strict=True)
        if isinstance(step, Deploy)
    ]
    assert deployed and all(real == shown for real, shown in deployed)


@pytest.mark.slow
def test_deploy__killed_at_random_points__ends_as_if_undisturbed(local, tmp_path, expected):
    outcome_expected, total = expected
    generator = random.Random(1)
    for _ in range(TRIALS):
        points = draw_points(generator, total)
        found = trial(Deployer(local, tmp_path / "registry.json"), points)
        assert found == outcome_expected, f"killed at {points}"


def test_deploy__node_gone_for_a_moment__asks_again(deployer):
    node = FailingNode(deployer.local.web3, ConnectionError("connection refused"), 300, 2)
    assert deployer.run(node=node).complete
    assert node.failed == 2


def test_deploy__node_gone_for_good__stops_and_the_next_run_ends_alike(deployer, expected):
    first_block = deployer.local.node.block_number()
    node = FailingNode(deployer.local.web3, ConnectionError("connection refused"), 300, 10**9)
    with pytest.raises(NodeUnreachable, match="connection refused"):
        deployer.run(node=node)
    done_before = len(Journal.load(journal_path(deployer.path)).mined)
    assert 0 < done_before < deployer.plan.transactions

    registry = deployer.run()

    assert sum(result.earlier for result in deployer.steps) == done_before
    assert outcome(deployer, registry, first_block) == expected[0]


def test_deploy__last_blocks_are_reorganised_away__sends_the_same_bytes_again(deployer, expected):
    first_block = deployer.local.node.block_number()
    run_until(deployer, SOME_STEP - 3)
    mark = deployer.local.request("evm_snapshot")
    run_until(deployer, SOME_STEP)
    signed_before = Journal.load(journal_path(deployer.path)).signed
    deployer.local.request("evm_revert", mark)

    registry = deployer.run()

    signed = Journal.load(journal_path(deployer.path)).signed
    assert {n: signed[n] for n in range(1, SOME_STEP + 1)} == signed_before
    assert outcome(deployer, registry, first_block) == expected[0]


def test_deploy__nonce_is_used_for_something_else__takes_the_next(deployer):
    run_until(deployer, SOME_STEP)
    address, web3 = deployer.signer.address, deployer.local.web3
    # The next transaction is signed and on the disk, and never sent: another one takes its nonce.
    node = FailingNode(web3, ConnectionError("gone"), 10**9, 10**9)
    node.send_raw = lambda raw: (_ for _ in ()).throw(NodeUnreachable("gone"))
    with pytest.raises(NodeUnreachable):
        deployer.run(node=node)
    foreign = web3.eth.send_transaction({"from": address, "to": address, "value": 1})
    web3.eth.wait_for_transaction_receipt(foreign)

    registry = deployer.run()

    assert registry.complete
    assert deployer.local.node.nonce(address) == deployer.plan.transactions + 1
    signed = Journal.load(journal_path(deployer.path)).signed[SOME_STEP + 1]
    assert [one.nonce for one in signed] == [signed[0].nonce, signed[0].nonce + 1]


def test_deploy__stranger_executes_the_staged_hand_over_first__is_done_all_the_same(deployer, tmp_path):
    """What is staged in the Governor anybody may execute, between our two transactions as well."""
    parameters = tmp_path / "parameters.yaml"
    text = (FOLDER / "local.yaml").read_text(encoding="utf-8")
    parameters.write_text(text.replace("owner: $deployer", "owner: $treasury"), encoding="utf-8")
    own = Deployer(deployer.local, tmp_path / "own.json", network=str(parameters))
    stranger = deployer.local.request("eth_accounts")[5]

    def execute_first(result) -> None:
        if result.step.title != "Governor.stage (transferOwnership)":
            return
        step = own.plan.steps[result.number]
        entries = json.loads(own.path.read_text(encoding="utf-8"))["contracts"]
        addresses = {name: entry["address"] for name, entry in entries.items()}
        arguments = resolve(step.arguments, addresses, own.signer.address)
        data = encode_step(step, arguments, "Governor", own.artifacts)
        call = {"from": stranger, "to": addresses["Governor"], "data": "0x" + data.hex()}
        assert deployer.local.request("eth_sendTransactionSync", call)["status"] == "0x1"

    registry = own.run(on_step=execute_first)

    assert registry.complete
    facts = collect_facts(own.plan, Reader(deployer.local.node, registry, own.artifacts))
    assert differing(facts) == []
    # What is done already is found done by a later run, too.
    own.path.unlink()
    assert own.run().complete


def test_deploy__gas_is_dearer_than_allowed__sends_nothing_until_it_is_not(deployer):
    run_until(deployer, SOME_STEP)
    deployer.local.request("anvil_setNextBlockBaseFeePerGas", hex(900 * 10**9))
    deployer.local.request("anvil_mine", "0x1")
    nonce = deployer.local.node.nonce(deployer.signer.address)
    allowed = replace(QUICK, max_fee_wei=50 * 10**9)
    with pytest.raises(FeeTooHigh, match=r"--max-fee allows 50\.000 gwei"):
        deployer.run(limits=allowed)
    assert deployer.local.node.nonce(deployer.signer.address) == nonce

    deployer.local.request("anvil_setNextBlockBaseFeePerGas", hex(10**9))
    deployer.local.request("anvil_mine", "0x1")
    assert deployer.run(limits=allowed).complete


def test_deploy__deployer_runs_out_of_ether__goes_on_once_it_has_more(deployer):
    run_until(deployer, SOME_STEP)
    deployer.local.request("anvil_setBalance", deployer.signer.address, hex(10**9))
    with pytest.raises(NotEnoughEther, match="1000000000 wei"):
        deployer.run()
    deployer.local.request("anvil_setBalance", deployer.signer.address, hex(10**20))
    assert deployer.run().complete


def test_deploy__transaction_is_not_mined__is_replaced_with_the_same_nonce(deployer):
    run_until(deployer, SOME_STEP)
    deployer.local.request("evm_setAutomine", False)
    waits = []

    def pause(seconds: float) -> None:
        waits.append(seconds)
        signed = Journal.load(journal_path(deployer.path)).signed.get(SOME_STEP + 1, [])
        if len(signed) == 2:
            deployer.local.request("evm_setAutomine", True)
            deployer.local.request("anvil_mine", "0x1")

    impatient = Limits(patience_seconds=3, poll_seconds=1)
    try:
        assert deployer.run(limits=impatient, pause=pause).complete
    finally:
        deployer.local.request("evm_setAutomine", True)
    first, second = Journal.load(journal_path(deployer.path)).signed[SOME_STEP + 1]
    assert first.nonce == second.nonce
    assert second.max_fee_wei * 100 >= first.max_fee_wei * 110
    assert deployer.local.node.nonce(deployer.signer.address) == deployer.plan.transactions


def test_deploy__step_reverts__names_the_contracts_error_and_keeps_the_rest(deployer):
    steps = list(deployer.plan.steps)
    position = next(
        n for n, s in enumerate(steps) if isinstance(s, Call) and s.function == "setRoundLockAmount"
    )
    sound = deployer.plan
    steps[position] = replace(steps[position], arguments=(1_000_001,))
    deployer.plan = replace(sound, steps=tuple(steps))
    with pytest.raises(StepFailed, match=rf"step {position + 1} of {len(steps)}, .*\(.*1000001"):
        deployer.run()
    assert len(Journal.load(journal_path(deployer.path)).mined) == position


def test_deploy__finished_already__is_refused(deployer):
    deployer.run()
    with pytest.raises(AlreadyDeployed):
        deployer.run()


def test_deploy__finished_at_another_commit__is_not_called_unfinished(deployer):
    deployer.run()
    deployer.plan = build_plan(load_parameters("local"), "0x" + "cd" * 20)
    with pytest.raises(AlreadyDeployed):
        deployer.run()


def test_deploy__other_parameters_before_it_is_finished__are_refused(deployer):
    run_until(deployer, SOME_STEP)
    changed = load_parameters("local").model_copy(update={"unpause": False})
    deployer.plan = build_plan(changed, COMMIT)
    with pytest.raises(OtherDeployment, match="with plan "):
        deployer.run()


def test_deploy__other_account_before_it_is_finished__is_refused(deployer):
    run_until(deployer, SOME_STEP)
    deployer.signer = LocalSigner(OTHER_KEY)
    with pytest.raises(OtherDeployment, match=f"this run has {deployer.signer.address}"):
        deployer.run()


def test_deploy__two_runs_at_once__the_second_is_refused(deployer):
    refused = []

    def second(result) -> None:
        if result.number == 3:
            with pytest.raises(JournalInUse) as caught:
                Deployer(deployer.local, deployer.path).run()
            refused.append(caught.value)

    assert deployer.run(on_step=second).complete
    assert len(refused) == 1


def test_journal__last_line_is_cut__is_read_without_it(deployer):
    run_until(deployer, SOME_STEP)
    file = journal_path(deployer.path)
    whole = file.read_bytes()
    cut = whole[: len(whole) - len(whole.splitlines(keepends=True)[-1]) // 2]
    file.write_bytes(cut)
    assert deployer.run().complete
    assert deployer.local.node.nonce(deployer.signer.address) == deployer.plan.transactions


@pytest.mark.parametrize(
    ("line", "text", "reason"),
    [
        (1, b'{"record": "mined"}', "the first must be 'begin'"),
        (3, b"not json", "Expecting value"),
        (4, b'{"record": "burnt"}', "burnt"),
        (5, b'{"record": "mined", "step": 1}', "missing"),
    ],
)
def test_journal__damaged_line__is_refused_by_number(deployer, line, text, reason):
    run_until(deployer, 5)
    file = journal_path(deployer.path)
    lines = file.read_bytes().splitlines()
    lines[line - 1] = text
    file.write_bytes(b"\n".join(lines) + b"\n")
    with pytest.raises(JournalDamaged, match=rf"line {line}: .*{reason}"):
        deployer.run()


def test_journal__each_signed_transaction__was_on_the_disk_before_it_was_sent(deployer):
    seen = []
    node = Node(deployer.local.web3)
    send = node.send_raw

    def watched(raw: str) -> None:
        records = [json.loads(text) for text in journal_path(deployer.path).read_text().splitlines()]
        seen.append(any(record.get("raw") == raw for record in records))
        send(raw)

    node.send_raw = watched
    deployer.run(node=node)
    assert len(seen) == deployer.plan.transactions
    assert all(seen)
