"""The demo from start to end."""

import math
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts._demo import economics, story
from scripts._demo.actors import open_actors
from scripts._demo.chain import DemoChain, open_chain
from scripts._demo.errors import ChainRefused, ContractsDoNotCompile, InputRefused
from scripts._demo.eth_ledger import build_eth_ledger, eth_holders
from scripts._demo.gas import gas_table
from scripts._demo.lpt_ledger import build_lpt_ledger
from scripts._demo.narrator import Narrator, Step
from scripts._demo.processes import Child, Children
from scripts._demo.records import ChainReader
from scripts._demo.renditions import check_renditions
from scripts._demo.result import Result
from scripts._demo.services import Services
from scripts._demo.source import Source, check_source
from scripts._demo.tickets import account_for_tickets

PROFILES = ("P240p30fps16x9", "P360p30fps16x9")
SEGMENT_SECONDS = 2
NO_COMMIT = "0x" + "00" * 20


@dataclass(frozen=True)
class Options:
    """What the user asked for. Without a `video` one of `seconds` is made."""

    output: Path
    video: Path | None
    seconds: float
    rounds: int


def run_demo(options: Options, narrator: Narrator, project) -> Result:
    """Raises DemoError. Whatever happens, no process of the demo is left when it returns."""
    source = None
    if options.video is not None:
        with narrator.step("Checking the video") as step:
            source = _checked(options.video, step)
    with ExitStack() as stack:
        state = stack.enter_context(_state_folder(options.output))
        children = stack.enter_context(Children(state))
        maker = _start_video(children, options) if source is None else None
        with narrator.step("Compiling the contracts") as step:
            step.detail = _compile()
        with narrator.step("Starting the chain") as step:
            provider = stack.enter_context(open_chain(children))
            step.detail = provider.uri
        before = ChainReader(provider.uri, {}).genesis_balances_wei()
        chain = _deploy(narrator, project, provider, state)
        if maker is not None:
            with narrator.step("Making a video") as step:
                maker.wait()
                source = _checked(_made_video(options), step)
        transcoding, winners = _work(options, narrator, chain, children, state, source)
        renditions = check_renditions(transcoding, source)
        with narrator.step("Claiming, withdrawing fees, unbonding"):
            story.claim_and_unbond(chain)
        with narrator.step("Waiting rounds, withdrawing stake and escrow") as step:
            last_round = story.leave(chain)
            step.detail = f"round {last_round}"
        with narrator.step("Accounting") as step:
            reader = ChainReader(provider.uri, chain.abis(project))
            records = reader.read()
            after = reader.balances_wei(eth_holders(chain, before))
            tickets = account_for_tickets(transcoding, winners, records)
            lpt = build_lpt_ledger(chain, records)
            eth = build_eth_ledger(chain, records, before, after)
            step.detail = f"{len(records.transactions)} transactions, {len(records.events)} events"
        return Result(
            source=source,
            transcoding=transcoding,
            renditions=renditions,
            tickets=tickets,
            lpt=lpt,
            eth=eth,
            gas=gas_table(records.transactions, chain.deployed_at),
            contracts={name: entry.address for name, entry in chain.registry.contracts.items()},
            rounds=last_round,
            seconds=narrator.seconds | {"total": narrator.total_seconds()},
        )


def _work(
    options: Options, narrator: Narrator, chain: DemoChain, children: Children, state: Path, source: Source
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Stake, escrow, rounds, video for tickets, redemption: the gateway's report and what became of each winner."""
    plan = economics.plan_economics(source.units)
    controller = str(chain.contracts["Controller"].address)
    services = Services(
        children, state, chain.actors, chain.provider.uri, controller, plan.price_wei_per_million_pixels
    )
    services.start_orchestrators()
    with narrator.step("Bonding stake, setting rates, funding the gateway"):
        story.distribute(chain)
        story.bond(chain)
        story.fund_gateway(chain)
    with narrator.step("Waiting for orchestrators and workers"):
        services.wait_until_ready()
        story.register_services(chain, {role: site.url for role, site in services.sites.items()})
    with narrator.step(f"Passing {options.rounds} rounds with rewards and treasury cut"):
        for _ in range(options.rounds):
            story.pass_rewarded_round(chain)
    report = _transcode(options, narrator, services, source, plan.budget_wei)
    with narrator.step("Redeeming the winners") as step:
        # Recipients reveal their secrets only when nobody can pay with them any more.
        chain.mine(economics.PARAMETERS_LIFETIME_BLOCKS)
        services.stop_orchestrators()
        winners = [winner for site in services.sites.values() for winner in services.redeem(site)]
        redeemed = sum(winner["state"] == "redeemed" for winner in winners)
        step.detail = f"{redeemed} of {len(winners)}"
    return report, winners


def _transcode(
    options: Options, narrator: Narrator, services: Services, source: Source, budget_wei: int
) -> dict[str, Any]:
    """Half-way the first orchestrator crashes, and the second takes over."""
    segments = math.ceil(source.seconds / SEGMENT_SECONDS)
    first = next(iter(services.sites))
    with narrator.step("Transcoding for tickets") as step:
        has_crashed = False

        def on_segment(number: int) -> None:
            nonlocal has_crashed
            step.now(f"segment {number + 1} of about {segments}")
            if not has_crashed and 1 < segments <= 2 * (number + 1):
                has_crashed = True
                services.crash(first)

        report = services.transcode(source.path, options.output, PROFILES, budget_wei, on_segment)
        totals = report["totals"]
        step.detail = (
            f"{totals['segments']} segments, {totals['frames']} frames, {totals['tickets_sent']} tickets"
        )
    return report


def _deploy(narrator: Narrator, project, provider, state: Path) -> DemoChain:
    from scripts._deployment.errors import DeploymentError
    from scripts._deployment.fresh import deploy_fresh
    from scripts._deployment.node import Node
    from scripts._deployment.parameters import load_parameters
    from scripts._deployment.plan import build_plan
    from scripts._deployment.signing import ApeSigner

    actors = open_actors()
    with narrator.step("Deploying the protocol") as step:
        try:
            plan = build_plan(load_parameters("demo"), NO_COMMIT)
            registry, facts = deploy_fresh(
                plan,
                Node(provider.web3),
                ApeSigner(actors["deployer"]),
                state / "deployment.json",
                lambda result: step.now(f"{result.number}/{len(plan.steps)} {result.step.title}"),
            )
        except DeploymentError as error:
            raise ChainRefused(str(error), type(error).__name__) from error
        step.detail = f"{len(registry.contracts)} contracts, {len(facts)} facts read back"
    return DemoChain(provider, project, registry, actors)


def _compile() -> str:
    from tools.build import build
    from tools.solidity import CompileError

    try:
        return "" if build() else "nothing changed"
    except CompileError as error:
        raise ContractsDoNotCompile(str(error)) from error


def _checked(path: Path, step: Step) -> Source:
    source = check_source(path, PROFILES)
    step.detail = (
        f"{source.width}x{source.height}, {source.frames} frames, {float(source.frame_rate):g} per second"
    )
    return source


def _made_video(options: Options) -> Path:
    return options.output / "source.mp4"


def _start_video(children: Children, options: Options) -> Child:
    seconds = ("--seconds", str(options.seconds))
    return children.start_worker_command("make-video", "make-video", str(_made_video(options)), *seconds)


@contextmanager
def _state_folder(output: Path) -> Iterator[Path]:
    """Settings, databases and logs of the services; kept only if something failed."""
    try:
        output.mkdir(parents=True, exist_ok=True)
        state = Path(tempfile.mkdtemp(prefix="run-", dir=output))
    except OSError as error:
        raise InputRefused(f"--output {output}: {error.strerror}", "OutputUnusable") from error
    try:
        yield state
    except Exception as error:
        for keys in [*state.glob("*.keystore.json"), state / "password"]:
            keys.unlink(missing_ok=True)
        error.add_note(f"logs: {state}")
        raise
    except BaseException:
        shutil.rmtree(state, ignore_errors=True)
        raise
    shutil.rmtree(state, ignore_errors=True)
