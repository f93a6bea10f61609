"""Gas: every figure is the committed one, and the figures meet the goals.

| claim | held against |
|---|---|
| each figure equals the committed one | snapshots/*.json |
| every operation of the baseline is measured, or is named as coming later | baseline/operations.json |
| the geometric mean of the ratios is at most the goal | snapshots/exceptions.yaml |
| no operation is above the limit but those with a reason; none of them above its own limit | the same |
| hints change nothing but the calldata | the same |
| the size of the pool changes nothing, except where a full pool is challenged | the same |
| runtime code leaves a tenth of the limit of EIP-170 free | |
| docs/gas.md shows the committed figures | |
"""

import pytest

from tests.gas import recorder, report, snapshots
from tests.gas.snapshots import AREAS, DEPLOYMENT
from tools.solidity import RUNTIME_LIMIT

UPDATE = "if that is meant, record it: `make gas` or `ape test tests/gas --update-gas`"


@pytest.fixture(scope="session")
def figures(measured) -> list[snapshots.Figure]:
    return list(snapshots.figures({area: measured[area] for area in AREAS}))


@pytest.mark.parametrize("area", [*AREAS, DEPLOYMENT])
def test_gas__of_an_area__is_the_committed(area, measured):
    changes = snapshots.differences(snapshots.load(area), measured[area])
    if changes:
        verdict = "is higher" if any(change.is_higher for change in changes) else "is not what was recorded"
        pytest.fail(f"gas {verdict}; {UPDATE}\n{snapshots.describe(changes)}", pytrace=False)


def test_gas__of_every_baseline_operation__is_measured(figures, goals):
    measured = {(figure.name, str(figure.size)) for figure in figures}
    missing = [
        f"{name} (n = {size})"
        for name, sizes in snapshots.baseline("operations").items()
        for size in sizes
        if (name, size) not in measured and not name.startswith(tuple(goals.later))
    ]
    assert missing == []


def test_gas__over_all_operations__meets_the_mean(figures, goals):
    assert snapshots.geometric_mean(figures) <= goals.geometric_mean
    assert snapshots.geometric_mean(snapshots.at_largest_pool(figures)) <= goals.geometric_mean


def test_gas__of_each_operation__is_within_its_limit(figures, goals):
    too_dear = [
        f"{figure.title}: ratio {figure.ratio:.4f}, at most {limit}"
        for figure in figures
        if figure.ratio > (limit := _limit(figure.name, goals))
    ]
    assert too_dear == []


def test_gas__of_each_exception__needs_it(figures, goals):
    above = {figure.name for figure in figures if figure.ratio > goals.ratio}
    assert sorted(goals.exceptions.keys() - above) == []


def test_gas__with_hints__is_that_without(figures, goals):
    gas = {(figure.name, figure.size): figure.gas for figure in figures}
    differing = [
        f"{name} (n = {size}): {hintless:,}, with hints {gas[hinted]:,}"
        for (name, size), hintless in gas.items()
        if name.endswith(".nohint")
        and (hinted := (name.removesuffix(".nohint") + ".hint", size)) in gas
        and abs(gas[hinted] / hintless - 1) > goals.tolerance
    ]
    assert differing == []


def test_gas__whatever_the_pool_size__is_the_same(figures, goals):
    by_name: dict[str, list[int]] = {}
    for figure in figures:
        if figure.size > 0 and not figure.name.startswith(tuple(goals.search_a_full_pool)):
            by_name.setdefault(figure.name, []).append(figure.gas)
    growing = {name: gas for name, gas in by_name.items() if max(gas) / min(gas) - 1 > goals.tolerance}
    assert growing == {}


def test_runtime_code__of_every_contract__leaves_a_tenth_free(measured):
    sizes = {name: row["runtime bytes"]["gas"] for name, row in measured[DEPLOYMENT].items()}
    assert {name: size for name, size in sizes.items() if size > RUNTIME_LIMIT * 9 // 10} == {}


def test_docs__show_the_committed_figures(measured, goals):
    records = {area: snapshots.load(area) for area in (*AREAS, DEPLOYMENT)}
    assert report.PATH.read_text() == report.render(records, recorder.scenarios(), goals), UPDATE


def _limit(name: str, goals: snapshots.Goals) -> float:
    if name in goals.exceptions:
        return goals.exceptions[name]["ratio"]
    if name.startswith(tuple(goals.not_dearer)):
        return 1.0
    return goals.ratio
