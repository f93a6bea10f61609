"""The session: a fresh build, one chain, Hypothesis profiles, and the check of docs/upstream_errors.yaml.

Options:
  --engine pyrevm|anvil   where `chain` runs (default: CHAIN_ENGINE, else pyrevm)
  --keep-going            use what compiles when some contract does not

Fixtures: `chain` is undone after each test; `session_chain` is for session fixtures that deploy once.
"""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Verbosity, settings

from simulation.chain.facade import ENGINES, Chain, open_chain
from simulation.chain.reverts import RAISED
from tests.helpers import upstream_errors
from tests.helpers.build import compile_contracts
from tools.artifacts import load_artifacts
from tools.solidity import CompileError

UNIT_TESTS = Path(__file__).resolve().parent / "unit"
_MISSING = pytest.StashKey[list[upstream_errors.Row]]()

# quick: the same examples each time, for `make test`; ci: fresh ones, the seed is printed; campaign: hours.
settings.register_profile("quick", max_examples=50, derandomize=True, deadline=None, print_blob=True)
settings.register_profile("ci", max_examples=500, deadline=None, print_blob=True)
settings.register_profile(
    "campaign",
    max_examples=20_000,
    deadline=None,
    print_blob=True,
    verbosity=Verbosity.normal,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("chain")
    group.addoption("--engine", default=os.environ.get("CHAIN_ENGINE", "pyrevm"), help="pyrevm or anvil")
    group.addoption("--keep-going", action="store_true", help="test what compiles when not everything does")


def pytest_configure(config: pytest.Config) -> None:
    engine = config.getoption("engine")
    if engine not in ENGINES:
        raise pytest.UsageError(f"--engine: found {engine!r}, must be one of {', '.join(ENGINES)}")
    # Ape would set our `chain` up before session fixtures, taking it for its own of that name, which has session
    # scope; what those deploy would be undone after the first test.  The façade isolates tests itself.
    config.option.disable_isolation = True
    # --hypothesis-profile wins: the plugin loads it after this.
    settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))
    if not hasattr(config, "workerinput"):  # the workers of pytest-xdist use what their master built
        try:
            compile_contracts(config.getoption("keep_going"))
        except CompileError as error:
            raise pytest.UsageError(f"the contracts do not compile:\n{error}") from None


@pytest.fixture(scope="session")
def artifacts():
    """Every compiled contract by name."""
    return load_artifacts()


@pytest.fixture(scope="session")
def session_chain(request, artifacts) -> Chain:
    """The chain of the session, for session fixtures that deploy what many tests start from."""
    chain = open_chain(request.config.getoption("engine"), artifacts)
    yield chain
    chain.close()


@pytest.fixture
def chain(session_chain: Chain) -> Chain:
    """The chain of the session; what the test does to it is undone afterwards.

    In a Hypothesis test take `session_chain` and open `with session_chain.isolate():` in the body, since
    fixtures are not renewed between examples.
    """
    with session_chain.isolate():
        yield session_chain


@pytest.fixture
def fresh_chain(request, artifacts) -> Chain:
    """A chain of the test's own, from block 0: for tests with fixed round or block numbers."""
    chain = open_chain(request.config.getoption("engine"), artifacts)
    yield chain
    chain.close()


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Fail a whole run of the unit tests if some row of docs/upstream_errors.yaml was never raised."""
    if exitstatus != pytest.ExitCode.OK or not _whole_unit_suite(session):
        return
    functions = {
        name: {item["name"] for item in artifact.abi if item["type"] == "function"}
        for name, artifact in load_artifacts().items()
    }
    missing = upstream_errors.never_raised(upstream_errors.load_rows(), RAISED, functions)
    if missing:
        session.config.stash[_MISSING] = missing
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    missing = config.stash.get(_MISSING, [])
    if missing:
        terminalreporter.section("docs/upstream_errors.yaml: never raised by a test", red=True)
        for row in missing:
            terminalreporter.line(str(row))


def _whole_unit_suite(session: pytest.Session) -> bool:
    """Whether every test of tests/unit was selected, and ran in this process."""
    option = session.config.option
    narrowed = option.keyword or option.markexpr or option.lf or option.failedfirst or option.collectonly
    if narrowed or session.config.getoption("numprocesses", None) or not session.testscollected:
        return False
    return any(_covers(argument) for argument in session.config.args)


def _covers(argument: str) -> bool:
    path = Path(argument).resolve()
    return "::" not in argument and (path == UNIT_TESTS or path in UNIT_TESTS.parents)


@pytest.hookimpl(wrapper=True)
def pytest_exception_interact(report):
    """Keep pytest's own account of a failure.

    Ape writes one of every frame under the project folder, which holds the virtual environment too: pages of
    pytest's internals with all their variables, whatever --tb says.
    """
    account = report.longrepr
    result = yield
    report.longrepr = account
    return result
