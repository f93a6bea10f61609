"""The devnet from start to end."""

import fcntl
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from scripts._demo.anvil import start_anvil
from scripts._demo.errors import DemoError
from scripts._demo.processes import Child, Children
from scripts._deployment.builds import builds_folder, record_builds
from scripts._deployment.fresh import deploy_fresh
from scripts._deployment.parameters import load_parameters
from scripts._deployment.plan import build_plan
from scripts._deployment.registry import Registry, registry_path
from scripts._deployment.revision import source_revision
from scripts._deployment.signing import LocalSigner
from scripts._devnet.chain import DevChain
from scripts._devnet.errors import DevnetError, PortTaken, RegistryTaken, StateUnusable
from scripts._devnet.keeper import Keeper
from scripts._devnet.output import Output
from scripts._devnet.roles import DEPLOYER, open_actors
from scripts._devnet.saved_state import load_state, save_state
from scripts._devnet.settling import require_fit, settle
from tools.artifacts import load_artifacts

IDLE_SECONDS = 0.5


@dataclass(frozen=True)
class Options:
    """What the user asked for; `round_seconds` is None for a chain on which only transactions make blocks."""

    port: int
    round_seconds: float | None
    parameters: str
    registry: Path | None
    save: Path | None
    load: Path | None


@dataclass(frozen=True)
class Devnet:
    """A chain that is ready, and where its addresses stand."""

    chain: DevChain
    keeper: Keeper
    registry_file: Path
    anvil: Child


@contextmanager
def open_devnet(options: Options, output: Output) -> Iterator[Devnet]:
    """Raises DeploymentError. Nothing of it is left running afterwards; its state is saved first if that is asked."""
    if options.save is not None:
        _require_writable(options.save)
    state = Path(tempfile.mkdtemp(prefix="devnet-"))
    try:
        with Children(state) as children:
            devnet = _start(options, children, state, output)
            with _published(devnet):
                yield devnet
                if options.save is not None:
                    save_state(options.save, devnet.chain, Registry.load(devnet.registry_file))
    except DemoError as error:
        raise DevnetError(str(error)) from error
    finally:
        shutil.rmtree(state, ignore_errors=True)


def keep_going(devnet: Devnet, options: Options, output: Output, is_over: Callable[[], bool]) -> None:
    """Blocks pass and rounds are initialized until `is_over`. Raises if Anvil has ended."""
    length = devnet.chain.view("RoundsManager", "roundLength")
    seconds = options.round_seconds
    pause = IDLE_SECONDS if seconds is None else seconds / length
    trouble = ""
    while not is_over():
        time.sleep(pause)
        devnet.anvil.require_running()
        if seconds is None:
            continue
        devnet.chain.mine()
        if (number := devnet.keeper.tend()) is not None:
            output.round(number)
        if devnet.keeper.trouble != trouble:
            trouble = devnet.keeper.trouble
            output.trouble(trouble or "rounds are initialized again")


def _start(options: Options, children: Children, state: Path, output: Output) -> Devnet:
    actors, artifacts = open_actors(), load_artifacts()
    saved = load_state(options.load, actors, artifacts) if options.load else None
    parameters = None if saved else load_parameters(options.parameters)
    if parameters is not None:
        require_fit(parameters)
    with output.step("Starting the chain"):
        url, child = _start_anvil(options.port, children)
    chain = DevChain(url, actors, artifacts)
    keeper = Keeper(chain)
    if saved is not None:
        with output.step(f"Loading {options.load}"):
            _load(chain, saved, options.load)
    else:
        with output.step("Deploying the protocol") as step:
            plan = build_plan(parameters, source_revision(live=False))
            registry, _ = deploy_fresh(
                plan,
                chain.node,
                LocalSigner(actors[DEPLOYER].private_key),
                state / "registry.json",
                lambda result: step.now(f"{result.number}/{len(plan.steps)} {result.step.title}"),
            )
            chain.use(registry)
        with output.step("Bonding stake, funding gateways, passing rounds") as step:
            settle(chain, keeper, step.now)
    path = options.registry or registry_path(chain.reader.registry.network)
    return Devnet(chain, keeper, path, child)


def _start_anvil(port: int, children: Children) -> tuple[str, Child]:
    try:
        return start_anvil(children, port=port)
    except DemoError as error:
        if "address already in use" in str(error).lower():
            raise PortTaken(port) from error
        raise


def _load(chain: DevChain, saved, path: Path) -> None:
    chain.request("anvil_loadState", saved.dump)
    chain.use(saved.registry)
    controller = chain.reader.address("Controller")
    if not chain.node.code(controller):
        version = chain.request("web3_clientVersion")
        raise StateUnusable(
            path, f"{version} finds no Controller at {controller} in it; it was saved by {saved.anvil}"
        )


def _require_writable(path: Path) -> None:
    if not path.parent.is_dir():
        raise StateUnusable(path, f"--save: there is no folder {path.parent}")
    if path.is_dir():
        raise StateUnusable(path, "--save: it is a folder; must be a file")


@contextmanager
def _published(devnet: Devnet) -> Iterator[None]:
    """The registry file stands there for as long as the chain, with the builds; other commands may write to it.

    Raises RegistryTaken if another devnet has its own there: the addresses of two are the same, their chains are not.
    """
    path, deployed = devnet.registry_file, devnet.chain.reader.registry
    lock = path.with_suffix(".lock")
    path.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RegistryTaken(path) from None
        deployed.save(path)
        contracts = [entry.contract for entry in deployed.contracts.values()]
        record_builds(path, devnet.chain.artifacts, contracts, deployed.commit)
        try:
            yield
        finally:
            path.unlink(missing_ok=True)
            shutil.rmtree(builds_folder(path), ignore_errors=True)
            lock.unlink(missing_ok=True)
