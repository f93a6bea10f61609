"""The conformance tests run the same thing on a chain of each engine."""

import pytest

from simulation.chain.facade import ENGINES, Chain, open_chain


@pytest.fixture(scope="session")
def both_chains(artifacts) -> dict[str, Chain]:
    """A fresh chain per engine, whatever `--engine` says."""
    chains = {}
    try:
        for engine in ENGINES:
            chains[engine] = open_chain(engine, artifacts)
        yield chains
    finally:
        for chain in chains.values():
            chain.close()


@pytest.fixture(params=ENGINES)
def chain(request, both_chains) -> Chain:
    """Each engine in turn, undone after the test."""
    with both_chains[request.param].isolate() as chain:
        yield chain
