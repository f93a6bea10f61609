"""Measures once for all gas tests; --update-gas writes what was measured to snapshots/ and docs/gas.md."""

import pytest

from tests.gas import recorder, report, snapshots
from tests.gas.tracing import TracingChain


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.getgroup("chain").addoption(
        "--update-gas",
        action="store_true",
        help="write the measured gas to tests/gas/snapshots and docs/gas.md",
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(snapshots.FOLDER):
            item.add_marker(pytest.mark.gas)


@pytest.fixture(scope="session")
def goals() -> snapshots.Goals:
    return snapshots.load_goals()


@pytest.fixture(scope="session")
def measured(artifacts, goals, request) -> dict[str, snapshots.Record]:
    """Every area as measured now, deployment too."""
    chain = TracingChain(artifacts)
    try:
        operations = recorder.measure_operations(chain)
        deployments = recorder.measure_deployments(chain, artifacts)
    finally:
        chain.close()
    base = snapshots.baseline("operations")
    records = {area: snapshots.record(operations[area], base) for area in snapshots.AREAS}
    records[snapshots.DEPLOYMENT] = snapshots.record(deployments, snapshots.baseline("deployment"))
    # The option exists only where this folder was named on the command line.
    if request.config.getoption("update_gas", False):
        for area, rows in records.items():
            snapshots.write(area, rows)
        report.PATH.write_text(report.render(records, recorder.scenarios(), goals))
    return records
