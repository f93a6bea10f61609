"""propose, vote, execute, proposals as people run them, on a chain whose Governor belongs to the votes of stake.

a grant        proposed, voted on, overridden by a delegator, queued, executed: the payee has it
a parameter    set through the Governor
an upgrade     of a target that holds live state, which is still there
refused        files with faults by place, actions that would fail, votes twice, states that do not fit
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from eth_account import Account
from eth_utils import keccak, to_checksum_address

from scripts._deployment.reader import Reader
from scripts._governance.actions import encode_actions, encode_call
from scripts._governance.errors import GovernanceError
from scripts._governance.proposal_file import load_proposal
from tests.deployment.node import Deployer, LocalNode, local_node
from tests.deployment.stage import Stage
from tests.operations.commands import run

pytestmark = [pytest.mark.deployment, pytest.mark.slow]

ROOT = Path(__file__).resolve().parents[2]
APE = Path(sys.executable).parent / "ape"
LPT = 10**18
PAYEE = to_checksum_address("0x" + "fe" * 20)
MAX = 2**256 - 1


class Electorate(Stage):
    """TEST::0 deploys; TEST::1 is an orchestrator, TEST::2 its delegator, TEST::3 another orchestrator."""

    def __init__(self, local: LocalNode, deployer: Deployer, registry, folder: Path) -> None:
        super().__init__(local, deployer, registry)
        self.folder = folder
        Account.enable_unaudited_hdwallet_features()
        phrase = "test test test test test test test test test test test junk"
        self.people = [
            Account.from_mnemonic(phrase, account_path=f"m/44'/60'/0'/0/{n}").address for n in range(4)
        ]

    def bond(self, person: int, amount_lpt: int, to: int) -> None:
        who = self.people[person]
        self.send("LivepeerToken", "transfer(address,uint256)", who, amount_lpt * LPT)
        self.send(
            "LivepeerToken", "approve(address,uint256)", self.address("BondingManager"), MAX, sender=who
        )
        arguments = (amount_lpt * LPT, self.people[to])
        self.send("BondingManager", "bond(uint256,address)", *arguments, sender=who)

    def run(self, command: str, *arguments: str, person: int | None = None) -> subprocess.CompletedProcess:
        """`ape run` as that person."""
        words = [APE, "run", command, *arguments, "--network", f"ethereum:local:{self.local.url}"]
        words += ["--registry", str(self.deployer.path)]
        words += ["--account", f"TEST::{person}"] if person is not None else []
        return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=120)

    def run_json(self, command: str, *arguments: str, person: int | None = None):
        done = self.run(command, *arguments, "--json", person=person)
        assert done.returncode == 0, done.stderr + done.stdout
        return json.loads(done.stdout)

    def write(self, **document) -> str:
        """A proposal file."""
        path = self.folder / "proposal.yaml"
        path.write_text(yaml.safe_dump(document))
        return str(path)

    def pass_rounds(self, count: int) -> None:
        for _ in range(count):
            self.begin_round()

    @property
    def reader(self) -> Reader:
        return Reader(self.local.node, self.registry, self.deployer.artifacts)

    def view(self, name: str, function: str, *arguments):
        return self.reader.view(name, function, *arguments)

    def call_governor(self, function: str, *arguments, person: int) -> None:
        data = encode_call(self.reader, "LivepeerGovernor", function, list(arguments))
        self.send_data("LivepeerGovernor", data, sender=self.people[person])

    def propose(self, **document) -> tuple:
        """Without the command; the proposal's arguments for queue and execute."""
        proposal = load_proposal(Path(self.write(**document)))
        calls = encode_actions(proposal, self.reader, 1)
        content = [
            [call.target for call in calls],
            [call.value for call in calls],
            [call.data for call in calls],
        ]
        self.call_governor("propose", *content, proposal.description, person=1)
        return (*content, keccak(text=proposal.description))

    def carry(self, **document) -> None:
        """From the file to the executed proposal, with an orchestrator in favour."""
        by_hash = self.propose(**document)
        self.pass_rounds(2)
        self.call_governor("castVote", self.view("LivepeerGovernor", "hashProposal", *by_hash), 1, person=1)
        self.pass_rounds(3)
        self.call_governor("queue", *by_hash, person=3)
        self.call_governor("execute", *by_hash, person=3)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    folder = tmp_path_factory.mktemp("electorate")
    with local_node() as local:
        text = (ROOT / "deployments" / "parameters" / "local.yaml").read_text()
        text = text.replace("owner: $deployer", "owner: $treasury").replace(
            "voting_period_rounds: 10", "voting_period_rounds: 2"
        )
        parameters = folder / "parameters.yaml"
        parameters.write_text(text.replace("owns_controller: false", "owns_controller: true"))
        deployer = Deployer(local, folder / "registry.json", network=str(parameters))
        electorate = Electorate(local, deployer, deployer.run(), folder)
        electorate.begin_round()
        electorate.bond(1, 10_000, 1)
        electorate.bond(2, 3_000, 1)
        electorate.bond(3, 4_000, 3)
        electorate.send(
            "LivepeerToken", "transfer(address,uint256)", electorate.address("Treasury"), 500 * LPT
        )
        electorate.begin_round()
        yield electorate


@pytest.fixture
def electorate(prepared):
    mark = prepared.local.request("evm_snapshot")
    yield prepared
    prepared.local.request("evm_revert", mark)


def grant(amount: str = "120.5") -> dict:
    return {
        "title": "A grant",
        "text": "For the docs.",
        "actions": [{"pay": {"asset": "LPT", "to": PAYEE, "amount": amount}}],
    }


def test_grant__from_proposal_to_payment__with_a_delegator_who_overrides(electorate):
    dry = electorate.run("propose", electorate.write(**grant()), person=1)
    assert dry.returncode == 0, dry.stderr
    assert "pay 120.5 LPT" in dry.stdout
    assert " -120.5 LPT" in dry.stdout
    assert "+120.5 LPT" in dry.stdout
    assert "Nothing was sent" in dry.stdout
    assert electorate.run_json("proposals") == []

    electorate.run_json("propose", electorate.write(**grant()), "--broadcast", person=1)
    [pending] = electorate.run_json("proposals")
    assert (pending["state"], pending["title"]) == ("pending", "A grant")
    electorate.pass_rounds(2)
    voted = electorate.run_json("vote", "1", "for", "--reason", "it helps", "--broadcast", person=1)
    assert voted["votes"] == str(13_000 * LPT)
    electorate.run_json("vote", "1", "against", "--broadcast", person=2)
    [active] = electorate.run_json("proposals")
    assert (active["for"], active["against"]) == (str(10_000 * LPT), str(3_000 * LPT))

    early = electorate.run("execute", "1", "--broadcast", person=3)
    assert early.returncode == 1
    assert "state: found ACTIVE, must be SUCCEEDED or QUEUED; votes until the end of round" in early.stderr

    electorate.pass_rounds(3)
    assert electorate.run_json("execute", "1", "--broadcast", person=3)["step"] == "queue"
    assert electorate.run_json("execute", "1", "--broadcast", person=3)["step"] == "execute"
    assert electorate.view("LivepeerToken", "balanceOf", PAYEE) == 120 * LPT + LPT // 2
    [executed] = electorate.run_json("proposals")
    assert executed["state"] == "executed"


def test_parameter__through_the_governor__is_set(electorate):
    action = {"set_parameter": {"contract": "BondingManager", "function": "setUnbondingPeriod", "value": 3}}
    electorate.carry(title="Shorter unbonding", actions=[action])
    assert electorate.view("BondingManager", "unbondingPeriod") == 3


def test_upgrade__of_a_target_with_live_state__keeps_it(electorate):
    before = electorate.view("BondingManager", "getDelegator", electorate.people[2])
    artifact = electorate.deployer.artifacts["BondingManager"]
    code = artifact.bytecode + bytes(12) + bytes.fromhex(electorate.address("Controller")[2:])
    made = electorate.local.request(
        "eth_sendTransactionSync",
        {"from": electorate.owner, "data": "0x" + code.hex(), "gas": hex(10_000_000)},
    )
    target = to_checksum_address(made["contractAddress"])
    upgrade = {"contract": "BondingManager", "target": target, "commit": "0x" + "cd" * 20}
    electorate.carry(title="New code", actions=[{"upgrade": upgrade}])
    entry = electorate.registry.contracts["BondingManager"]
    assert electorate.reader.view_at(entry.address, "ManagerProxy", "implementation") == target
    after = electorate.view("BondingManager", "getDelegator", electorate.people[2])
    assert after == before
    assert before[0] == 3_000 * LPT


def test_propose__more_than_the_treasury_has__is_refused_before_it_is_sent(electorate):
    done = electorate.run("propose", electorate.write(**grant("501")), "--broadcast", person=1)
    assert done.returncode == 1
    assert "action 1 of 1, pay 501 LPT" in done.stderr
    assert "ERC20InsufficientBalance" in done.stderr
    assert electorate.run_json("proposals") == []


def test_propose__without_stake__names_the_threshold(electorate):
    done = electorate.run("propose", electorate.write(**grant()), "--broadcast", person=0)
    assert done.returncode == 1
    assert "GovernorInsufficientProposerVotes" in done.stderr


@pytest.mark.parametrize(
    ("document", "fault"),
    [
        ({"title": "x"}, "actions: is missing"),
        ({"title": "x", "actions": [{}]}, "actions.1: found {}; must have exactly one of"),
        (
            {"title": "x", "actions": [{"pay": {"asset": "DAI", "to": PAYEE, "amount": "1"}}]},
            "actions.1.pay.asset: found 'DAI'",
        ),
        (
            {"title": "x", "actions": [{"pay": {"asset": "LPT", "to": PAYEE.lower(), "amount": "1"}}]},
            "actions.1.pay.to: found '0xfefe",
        ),
        (
            {"title": "x", "actions": [{"pay": {"asset": "LPT", "to": PAYEE, "amount": 1.5}}]},
            "actions.1.pay.amount: found 1.5; must be an integer",
        ),
        (
            {"title": "x", "actions": [{"call": {"contract": "Minter", "function": "mint"}}]},
            "actions.1, function: found 'mint', Minter has: ",
        ),
        (
            {"title": "x", "actions": [{"call": {"contract": "Vault", "function": "mint"}}]},
            "actions.1, contract: found 'Vault', this deployment has: ",
        ),
        (
            {
                "title": "x",
                "actions": [
                    {
                        "set_parameter": {
                            "contract": "Minter",
                            "function": "setInflationChange",
                            "value": "many",
                        }
                    }
                ],
            },
            "Minter.setInflationChange: found ['many'], must be (uint256 _inflationChange)",
        ),
    ],
)
def test_proposal_file__with_a_fault__is_refused_by_place(electorate, document, fault):
    with pytest.raises(GovernanceError) as refused:
        encode_actions(load_proposal(Path(electorate.write(**document))), electorate.reader, 1)
    assert fault in str(refused.value)


def test_propose__file_with_a_fault__ends_in_words(electorate):
    done = electorate.run("propose", electorate.write(title="x"), person=1)
    assert done.returncode == 1
    assert "actions: is missing" in done.stderr
    assert "Traceback" not in done.stderr + done.stdout


def test_vote__twice_or_on_nothing__is_refused_in_words(electorate):
    electorate.propose(**grant())
    early = run(electorate, "vote", "1", "for", "--broadcast", person=1)
    assert early.code == 1
    assert "state: found PENDING, must be ACTIVE; votes from round" in early.errors
    electorate.pass_rounds(2)
    delegator = run(electorate, "vote", "1", "for", person=2)
    assert f"taken out of what its orchestrator {electorate.people[1]} votes with" in delegator.output
    electorate.run_json("vote", "1", "for", "--broadcast", person=1)
    again = electorate.run("vote", "1", "against", "--broadcast", person=1)
    assert again.returncode == 1
    assert "has voted on 'A grant' already" in again.stderr
    unknown = electorate.run("vote", "7", "for", person=1)
    assert "proposal: found 7; must be the id of a proposal, or its position from 1 to 1" in unknown.stderr
