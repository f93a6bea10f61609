"""A chain whose Governor belongs to the votes of stake, and people on it who propose and vote."""

import subprocess
import sys
from pathlib import Path

import yaml
from eth_account import Account
from eth_utils import keccak, to_checksum_address

from scripts._deployment.reader import Reader
from scripts._governance.actions import encode_actions, encode_call
from scripts._governance.proposal_file import load_proposal
from tests.deployment.node import Deployer, LocalNode
from tests.deployment.stage import Stage
from tests.operations.commands import Ended, run

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

    def run(self, command: str, *arguments: str, person: int | None = None) -> Ended:
        """`ape run` as that person, in this process."""
        return run(self, command, *arguments, person=person)

    def run_json(self, command: str, *arguments: str, person: int | None = None):
        done = self.run(command, *arguments, "--json", person=person)
        assert done.code == 0, done.errors + done.output
        return done.json

    def run_process(self, command: str, *arguments: str, person: int) -> subprocess.CompletedProcess:
        """The same as a process of its own."""
        words = [APE, "run", command, *arguments, "--network", f"ethereum:local:{self.local.url}"]
        words += ["--registry", str(self.deployer.path), "--account", f"TEST::{person}"]
        return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=300)

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
        description = proposal.description(self.people[1])
        self.call_governor("propose", *content, description, person=1)
        return (*content, keccak(text=description))

    def carry(self, **document) -> None:
        """By the commands, from the file to the executed proposal, with an orchestrator in favour."""
        self.run_json("propose", self.write(**document), "--broadcast", person=1)
        number = str(len(self.run_json("proposals")))
        self.pass_rounds(2)
        self.run_json("vote", number, "for", "--broadcast", person=1)
        self.pass_rounds(3)
        for _ in ("queue", "execute"):
            self.run_json("execute", number, "--broadcast", person=3)
