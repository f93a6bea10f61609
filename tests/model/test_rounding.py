"""What the protocol rounds off lies between nothing and the bounds of docs/invariants.md, in random runs of the model.

The exact layer is tested by hand-made cases first; then runs hold the model to it, and planted faults show that they
would notice.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pytest

from reference_model import earnings, minting, orchestrating, stake
from reference_model.constants import PPB_WHOLE, PPM_WHOLE, RAY_WHOLE
from reference_model.exact import OPERATIONS, ExactLedger, Rounding
from reference_model.exact.history import ExactOrchestrator
from reference_model.exact.operations import estimate_bound, ratio_bound
from reference_model.protocol import Protocol
from reference_model.state import Event
from reference_model.tickets import TicketBroker
from simulation.model_stage import build_model
from simulation.rounding import BoundBroken, Tally, measure, short

ROOT = Path(__file__).resolve().parents[2]
ACCOUNTS = ("orchestrator", "first delegator", "second delegator")

# ---- the exact layer by hand


@pytest.mark.unit
def test_stretch__rewards_and_fees_of_several_rounds__are_those_of_lip_36() -> None:
    """Stake of 1 claimed in round 1.  Round 2: fees 1/2, growth 3/2.  Round 4: growth 2, fees 1/3 before it."""
    orchestrator = ExactOrchestrator()
    orchestrator.add_fees(1, 7, 0, 10, Fraction(0))
    orchestrator.add_reward(2, 5, 0, 10)
    orchestrator.add_fees(2, 5, 0, 10, Fraction(0))
    orchestrator.add_reward(4, 15, 0, 15)
    orchestrator.add_fees(4, 5, 0, 15, Fraction(0))

    stretch = orchestrator.since(1)
    assert stretch.growth == Fraction(3, 2) * 2
    assert stretch.fees == Fraction(1, 2) + Fraction(3, 2) * Fraction(1, 3)
    assert (stretch.rewards, orchestrator.since(2).growth, orchestrator.since(4).growth) == (2, 2, 1)


@pytest.mark.unit
def test_own_rewards__second_reward__earn_along_and_fees_count_on_those_before_it() -> None:
    """cumR: 50 of commission, then 50 · 2 + 10; fees of 10 over a stake of 100 count on the 50."""
    orchestrator = ExactOrchestrator()
    orchestrator.add_reward(2, 50, 50, 100)
    orchestrator.add_reward(3, 100, 10, 100)
    orchestrator.add_fees(3, 10, 1, 100, Fraction(0))
    assert (orchestrator.rewards.exact, orchestrator.active_rewards.exact) == (110, 50)
    assert orchestrator.fees.exact == 1 + Fraction(50 * 10, 100)


def _start_round(model: Protocol) -> None:
    model.block_number += model.rounds_manager.round_length
    model.rounds_manager.initialize_round("anybody")


def _pay_fees(model: Protocol, fees: int) -> None:
    """Credit fees, and report them as the broker would, which stands aside here."""
    manager = model.bonding_manager
    manager.update_transcoder_with_fees(model.ticket_broker.address, ACCOUNTS[0], fees, 0)
    ticket = {"sender": "gateway", "recipient": ACCOUNTS[0], "amount": fees}
    model.journal.events.append(Event("TicketBroker", "WinningTicketTransfer", ticket))


@pytest.fixture
def three_bonds() -> tuple[Protocol, ExactLedger]:
    """Three stakes of 7 behind one active orchestrator without commission; each reward is 10."""
    model = build_model(round_lock_amount=0)
    ledger, manager = ExactLedger(model), model.bonding_manager
    _start_round(model)
    for account in ACCOUNTS:
        model.token.mint(model.controller.owner, account, 7)
        model.token.approve(account, manager.address, 7)
        manager.bond(account, 7, ACCOUNTS[0])
        ledger.follow("bond", (7, ACCOUNTS[0]))
    _start_round(model)
    model.minter.create_reward = lambda sender, numerator, denominator: 10
    return model, ledger


@pytest.mark.unit
def test_ledger__a_third_of_a_reward__is_reported_with_what_is_lost(three_bonds) -> None:
    model, ledger = three_bonds
    model.bonding_manager.reward(ACCOUNTS[0])
    ledger.follow("reward", ())
    _start_round(model)
    model.bonding_manager.claim_earnings(ACCOUNTS[1], 0)

    found = {rounding.operation: rounding for rounding in ledger.follow("claim_earnings", (0,))}

    assert model.bonding_manager.delegators[ACCOUNTS[1]].bonded_amount == 10
    assert found["stake since the bond began"].error == 7 + Fraction(10, 3) - 10


@pytest.mark.unit
def test_ledger__estimate_that_rounds_to_nothing__reads_as_one(three_bonds) -> None:
    """A reward of 10³⁰ on a stake of 21: 21 / (10³⁰ + 21) is below 10⁻²⁷, and the factor before it was 1."""
    model, ledger = three_bonds
    manager = model.bonding_manager
    manager.reward(ACCOUNTS[0])
    ledger.follow("reward", ())
    manager.transcoder(ACCOUNTS[0], 0, PPM_WHOLE)
    for _ in range(2):
        _start_round(model)
    model.minter.create_reward = lambda sender, numerator, denominator: 10**30
    model.minter.current_mintable_tokens = 10**30
    manager.reward(ACCOUNTS[0])
    ledger.follow("reward", ())
    _pay_fees(model, 1_000)

    found = {rounding.operation: rounding for rounding in ledger.follow("", ())}

    assert found["estimated factor"].credited == RAY_WHOLE
    assert found["fee factor"].credited == 1_000 * RAY_WHOLE // 31
    assert all(rounding.holds for rounding in found.values())


@pytest.mark.unit
def test_ledger__model_that_has_bonds_already__is_refused(three_bonds) -> None:
    with pytest.raises(ValueError, match="before its first bond"):
        ExactLedger(three_bonds[0])


@pytest.mark.property
@pytest.mark.parametrize("seed", range(4))
def test_ledger__nobody_comes_goes_or_claims_early__exact_shares_are_all_that_is_there(
    three_bonds, seed: int
) -> None:
    """Without rounding nothing is lost: stake and fees of all are what was bonded, minted and paid, exactly."""
    model, ledger = three_bonds
    manager, random, paid = model.bonding_manager, Random(seed), 0
    for _ in range(12):
        reward = random.randrange(10**20)
        model.minter.create_reward = lambda *given, reward=reward: reward
        for is_fee in random.sample((True, True, False), 3):
            if is_fee:
                fees = random.randrange(10**20)
                _pay_fees(model, fees)
                paid += fees
            else:
                manager.reward(ACCOUNTS[0])
            ledger.follow("", ())
        for account in random.sample(ACCOUNTS, random.randrange(3)):
            manager.claim_earnings(account, 0)
            ledger.follow("claim_earnings", (0,))
        manager.transcoder(ACCOUNTS[0], random.randrange(PPM_WHOLE), random.randrange(PPM_WHOLE))
        _start_round(model)

    found = [ledger.pending(account) for account in ACCOUNTS]
    assert sum(stake.exact for stake, _ in found) == manager.delegators[ACCOUNTS[0]].delegated_amount
    assert sum(fees.exact for _, fees in found) == paid
    assert all(rounding.holds for roundings in found for rounding in roundings)


@pytest.mark.unit
@pytest.mark.parametrize(
    ("error", "bound", "holds"),
    [(0, 0, True), (1, 2, True), (2, 2, False), (-1, 2, False), (Fraction(1, 2), 0, False)],
)
def test_rounding__error_and_bound__lies_from_nothing_to_below_the_bound(error, bound, holds) -> None:
    assert Rounding("claimed stake", Fraction(5) + error, 5, Fraction(bound)).holds is holds


@pytest.mark.unit
def test_estimate_bound__reward_without_remainders__covers_the_digits_that_minting_leaves() -> None:
    """m / 10⁹ of issuance may be missing in what was minted, against a stake of S + dr."""
    bound = estimate_bound(RAY_WHOLE, 2 * RAY_WHOLE, 5 * 10**9, 1_000, 1_000)
    assert bound == Fraction(RAY_WHOLE * 8, 2_000) + 3 + 2
    assert ratio_bound(3 * PPB_WHOLE, PPB_WHOLE) == 4


@pytest.mark.unit
def test_short__numbers_of_any_size__are_rounded_up() -> None:
    values = (Fraction(0), Fraction(1, 3), Fraction(9_999_9), Fraction(1, 10**9), Fraction(-3, 2))
    assert [short(value) for value in values] == ["0", "0.3334", "10e4", "< 0.001", "−1.5"]


# ---- random runs


@pytest.fixture(scope="module")
def tally() -> Tally:
    """32,000 steps of the model; measure raises BoundBroken."""
    return measure(32_000, seed=1)


@pytest.mark.property
def test_random_runs__every_amount__lies_within_its_bound_and_every_operation_occurs(tally: Tally) -> None:
    assert tally.steps >= 32_000
    assert [name for name, histogram in tally.histograms().items() if histogram.total < 50] == []


@pytest.mark.property
@pytest.mark.parametrize("operation", OPERATIONS)
def test_random_runs__worst_error__comes_near_its_bound(tally: Tally, operation: str) -> None:
    """A bound that nothing comes near would hide faults."""
    assert tally.worst[operation].share > Fraction(1, 2)


# ---- faults in the model that the exact layer notices


def _up(down: Callable[..., int], *arguments: Any) -> int:
    """One more, where the division may have left something."""
    found = down(*arguments)
    return found + 1 if found else found


def _patch_name(module: Any, name: str, replacement: Callable) -> Callable:
    def plant(monkeypatch: pytest.MonkeyPatch) -> None:
        original = getattr(module, name)
        monkeypatch.setattr(module, name, lambda *given, **options: replacement(original, *given, **options))

    return plant


def _lose_a_unit(original: Callable, *given: Any, **options: Any) -> tuple[int, int]:
    found_stake, fees = original(*given, **options)
    return max(0, found_stake - 1), fees


def _start_from_whole(
    original: Callable, orchestrator: Any, rows: Any, round_number: int, reward: int
) -> None:
    last, orchestrator.last_reward_round = orchestrator.last_reward_round, 0
    original(orchestrator, rows, round_number, reward)
    orchestrator.last_reward_round = last


# Each with the operation, or the operations, that may be out of bounds first: which one it is depends on the actions.
FAULTS: dict[str, tuple[str, Callable]] = {
    "ratios round up": ("(claimed stake|reward factor)", _patch_name(earnings, "fraction_ray_down", _up)),
    "commission rounds up": ("(own rewards|fee factor)", _patch_name(earnings, "part_ppm_down", _up)),
    "treasury cut rounds up": ("treasury cut", _patch_name(orchestrating, "part_ray_down", _up)),
    "penalty rounds up": ("slashing penalty", _patch_name(orchestrating, "part_ppm_down", _up)),
    "issuance rounds up": ("mintable tokens", _patch_name(minting, "part_ppb_down", _up)),
    "rewards with six digits": (
        "minted reward",
        _patch_name(
            minting, "fraction_ppb_down", lambda original, m, n, d: m * (n * PPM_WHOLE // d) // PPM_WHOLE
        ),
    ),
    "newcomers start at one (V8)": (
        "(stake since the bond began|fees since the first bond)",
        _patch_name(stake, "seed_factors", lambda *given: None),
    ),
    "claims lose a unit": ("claimed stake", _patch_name(stake, "get_pending_stake_and_fees", _lose_a_unit)),
    "rewards do not compound": (
        "reward factor",
        _patch_name(orchestrating, "share_reward", _start_from_whole),
    ),
    "no estimate after a missed reward": (
        "fee factor",
        _patch_name(earnings, "estimate_previous_reward_factor", lambda *given: 0),
    ),
    "shares of reserves round up": (
        "reserve share",
        _patch_name(TicketBroker, "claimable_reserve", _up),
    ),
}


@pytest.mark.property
@pytest.mark.parametrize("fault", FAULTS)
def test_planted_fault__random_runs__leave_the_bounds(monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    operation, plant = FAULTS[fault]
    plant(monkeypatch)
    with pytest.raises(BoundBroken, match=f": {operation}: "):
        measure(8_000, seed=1)


# ---- the command


@pytest.mark.integration
def test_command__json__has_a_histogram_for_each_operation() -> None:
    command = [sys.executable, "-m", "simulation.rounding", "--steps", "800", "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    data = json.loads(done.stdout)
    assert data["steps"] == 800
    assert list(data["operations"]) == list(OPERATIONS)
    found = data["operations"]["claimed stake"]
    assert found["amounts"] == found["exact"] + sum(found["counts"])


@pytest.mark.integration
def test_command__no_steps__is_refused_by_name() -> None:
    command = [sys.executable, "-m", "simulation.rounding", "--steps", "0"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 2
    assert "--steps: found 0, must be at least 1" in done.stderr
    assert "Traceback" not in done.stderr
