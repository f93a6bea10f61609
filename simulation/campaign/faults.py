"""Contracts that are wrong on purpose, to see that a campaign finds what is wrong with them."""

from collections.abc import Mapping
from dataclasses import replace
from difflib import get_close_matches

from simulation.campaign.options import BadInput
from simulation.exam.catalogue import CATALOGUE
from simulation.exam.fault import with_fault
from tools.artifacts import Artifact

MARK = "__Mutant"


def plant(name: str, artifacts: Mapping[str, Artifact]) -> dict[str, Artifact]:
    """The build with a fault of the exam, or a mutant of the build in the place of its contract. Raises BadInput."""
    if name in CATALOGUE:
        return with_fault(CATALOGUE[name], artifacts)
    mutants = [known for known in artifacts if MARK in known]
    if name in mutants:
        contract = name.partition(MARK)[0]
        mutant = replace(artifacts[name], name=contract, abi=artifacts[contract].abi)
        return {**artifacts, contract: mutant}
    known = [*CATALOGUE, *mutants]
    near = get_close_matches(name, known, n=3, cutoff=0.3) or known[:3]
    raise BadInput(
        "--faulty", f"found {name!r}, must be one of {len(known)} planted faults such as {', '.join(near)}"
    )
