"""Making traces.

    path = write(folder, steps, parameters, Origin(driver="burst", area="bonding", seed=7))

plays the steps once more on a fresh chain, looks at everything after each of them, and writes the trace.  Drivers
call it when a run has failed: nothing has to be recorded while they search.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import fields
from inspect import Parameter, signature
from pathlib import Path
from typing import Any

from simulation.calls import Step
from simulation.chain.engine import CHAIN_ID
from simulation.governance import GovernanceParameters
from simulation.protocol import Parameters
from simulation.trace.build import describe_build, project_version
from simulation.trace.format import ChainFacts, Failure, Origin, Trace
from simulation.trace.player import DeploymentFailed, Player, first_part
from simulation.trace.watched import deployed_names, open_watched
from simulation.world import World
from tools.artifacts import Artifact, load_artifacts

# Parameters of a world that say how it is watched, not how it is deployed.
_NOT_OF_THE_DEPLOYMENT = frozenset(["self", "chain", "compare_every", "depth", "parameters"])


def record(
    steps: Sequence[Step],
    parameters: Mapping[str, Any],
    origin: Origin,
    *,
    artifacts: Mapping[str, Artifact] | None = None,
    engine: str = "pyrevm",
    failure: BaseException | None = None,
) -> Trace:
    """The trace of a run that starts from a world with these parameters; it ends where something goes wrong.

    `failure` is what the driver met.  Should it not come again, the trace has its message and says so.
    """
    artifacts = load_artifacts() if artifacts is None else artifacts
    deployment = complete(parameters)
    chain, watched = open_watched(engine, artifacts)
    played, accounts, start, end, found = [], [], None, None, None
    try:
        player = Player(chain, deployment)
        accounts, start = player.accounts.all(), player.start
        for step in steps:
            played.append(player.play(step))
            if (found := played[-1].failure) is not None:
                break
        else:
            end, found = player.finish()
    except DeploymentFailed as error:
        found = error.failure
    finally:
        chain.close()
    missed = failure is not None and found is None
    if missed:
        found = Failure(step=len(played), kind="crash", message=first_part(str(failure)))
    return Trace(
        version=project_version(),
        build=describe_build(artifacts, deployed_names(watched, artifacts)),
        chain=ChainFacts(engine=engine, chain_id=CHAIN_ID),
        origin=origin,
        deployment=deployment,
        accounts=accounts,
        start=start,
        steps=[one.record for one in played],
        end=end,
        failure=found,
        reproduced=not missed,
    )


def write(
    path: Path,
    steps: Sequence[Step],
    parameters: Mapping[str, Any],
    origin: Origin,
    **options: Any,
) -> Path:
    """Record a run (see `record`) and save its trace: in the file, or under a name of its own in the folder."""
    trace = record(steps, parameters, origin, **options)
    if path.suffix != ".json":
        path = path / file_name(trace)
    trace.save(path)
    return path


def file_name(trace: Trace) -> str:
    """burst-staking-7.json; without a seed, a digest of the steps."""
    origin = trace.origin
    content = "".join(f"{step.digest}\n" for step in trace.steps)
    number = origin.seed if origin.seed is not None else hashlib.sha256(content.encode()).hexdigest()[:8]
    words = "-".join(str(part) for part in (origin.driver, origin.area, number) if part is not None)
    return re.sub(r"[^A-Za-z0-9]+", "-", words) + ".json"


def complete(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """All parameters of the deployment: a default may change, a trace may not."""
    of_world = {
        name: parameter.default
        for name, parameter in signature(World.__init__).parameters.items()
        if name not in _NOT_OF_THE_DEPLOYMENT and parameter.default is not Parameter.empty
    }
    of_protocol = {
        field.name: field.default for of in (Parameters, GovernanceParameters) for field in fields(of)
    }
    # A world decides these two itself.
    del of_protocol["unpause"], of_protocol["initialize_round"]
    given = {name: value for name, value in parameters.items() if name not in _NOT_OF_THE_DEPLOYMENT}
    return {**of_world, **of_protocol, **given}
