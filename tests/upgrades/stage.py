"""A deployment with live state on a node, and upgrades of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from eth_account import Account

from scripts._deployment.builds import Build, record_builds
from scripts._deployment.registry import Registry
from scripts._deployment.signing import LocalSigner
from scripts._upgrade.run import Context, Options, Upgrade
from tests.deployment.node import COMMIT, DEPLOYER_KEY, QUICK, Deployer, LocalNode, local_node
from tests.deployment.stage import Stage

LPT = 10**18
NEW_COMMIT = "0x" + "cd" * 20
ROOT = Path(__file__).resolve().parents[2]
MAX = 2**256 - 1


class Upgrading(Stage):
    """An orchestrator with a delegator, a gateway with a deposit, a service URI; rounds have passed."""

    def __init__(self, local: LocalNode, deployer: Deployer, registry: Registry) -> None:
        super().__init__(local, deployer, registry)
        self.orchestrator, self.delegator, self.gateway = (
            Account.from_key(f"0x{number:064x}").address for number in (11, 12, 13)
        )

    def live(self) -> None:
        """What people do before the upgrade."""
        self.begin_round()
        for who, amount in ((self.orchestrator, 10_000), (self.delegator, 300)):
            self.send("LivepeerToken", "transfer(address,uint256)", who, amount * LPT)
            self.send(
                "LivepeerToken", "approve(address,uint256)", self.address("BondingManager"), MAX, sender=who
            )
            arguments = (amount * LPT, self.orchestrator)
            self.send("BondingManager", "bond(uint256,address)", *arguments, sender=who)
        self.send("BondingManager", "transcoder(uint256,uint256)", 100_000, 500_000, sender=self.orchestrator)
        self.send("ServiceRegistry", "setServiceURI(string)", "https://o.example", sender=self.orchestrator)
        self.begin_round()
        self.send("BondingManager", "reward()", sender=self.orchestrator)
        self.send("BondingManager", "unbond(uint256)", 20 * LPT, sender=self.delegator)
        self.begin_round()

    def upgrade(
        self,
        name: str,
        *,
        key: str = DEPLOYER_KEY,
        commit: str = NEW_COMMIT,
        url: str | None = None,
        **options,
    ) -> Upgrade:
        """The command, so to speak."""
        context = Context(
            self.local.node,
            url or self.local.url,
            LocalSigner(key),
            self.deployer.path,
            self.deployer.plan.parameters,
            self.deployer.artifacts,
            commit,
            QUICK,
        )
        return Upgrade(context, name, Options(**options))

    def deploy(self, build: Build, controller: str) -> str:
        """Somebody else deploys a target."""
        code = build.artifact.bytecode + bytes(12) + bytes.fromhex(controller[2:])
        sent = {"from": self.owner, "data": "0x" + code.hex(), "gas": hex(10_000_000)}
        receipt = self.local.request("eth_sendTransactionSync", sent)
        return self.local.web3.to_checksum_address(receipt["contractAddress"])


@contextmanager
def upgrading(folder: Path, *, owner: str = "$deployer", owns_controller: bool = True) -> Iterator[Upgrading]:
    """A deployment whose Controller belongs to the Governor, and that to `owner`."""
    text = (ROOT / "deployments" / "parameters" / "local.yaml").read_text()
    text = text.replace("owner: $deployer", f"owner: {owner}")
    parameters = folder / "parameters.yaml"
    owns = str(owns_controller).lower()
    parameters.write_text(text.replace("owns_controller: false", f"owns_controller: {owns}"))
    with local_node() as local:
        deployer = Deployer(local, folder / "registry.json", network=str(parameters))
        record_builds(deployer.path, deployer.artifacts, deployer.plan.contracts, COMMIT)
        stage = Upgrading(local, deployer, deployer.run())
        stage.live()
        yield stage
