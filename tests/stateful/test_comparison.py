"""Nothing that can be seen drops out of what contracts and model are compared in.

given a view function of a contract                            it should be compared, or be exempt for a reason
given a view for which the model says something else           the comparison should name it, each view
given a value that no word can hold                            the comparison should name the view
given a call that fails                                        nothing but the outcome should be looked at
given a divergence found late                                  the cut-down steps should end with the culprit
given a node instead of the engine in process                  the comparison should be the same
"""

from collections.abc import Callable

import pytest

from reference_model.bonding import BondingManager
from reference_model.exceptions import ProtocolError
from reference_model.protocol import PROXIED
from simulation.burst import Chains, minimise, replay
from simulation.calls import Call, Mine
from simulation.chain.facade import open_chain
from simulation.observation import TABLES, Past
from simulation.observation.observer import METHODS
from simulation.observation.table import Unordered
from simulation.staging import ATTRIBUTES
from simulation.world import Divergence, World
from tests.stateful.conftest import DEPLOYMENT, STAKE, enliven

pytestmark = pytest.mark.stateful

MANAGER = "BondingManager"

# View functions that are not compared.
EXEMPT = {
    "a formula over its argument": {"getTicketHash"},
    "read in turn, and not in traces": {
        "blockHash",
        "delegate",
        "delegateBySig",
        "getSubscribers",
        "roundStateAndBlockHash",
        "supportsInterface",
    },
}


PROXY_VIEWS = ("controller", "targetContractId", "contractDependencies")


def compared_views(world: World) -> set[tuple[str, str]]:
    """Contract and function of all that a look at everything includes."""
    return {view[:2] for view, _, _ in world.observer.read(all_rounds=True)}


def test_look_at_everything__view_functions__are_compared_or_exempt(lively: World) -> None:
    views = {
        (contract, function)
        for contract in ATTRIBUTES
        for function, overloads in lively.contracts[contract].abi.functions.items()
        if overloads[0].mutability in ("view", "pure")
        # What a proxy answers itself, and what only its target does, are compared under their own names.
        and not (contract in PROXIED and function in PROXY_VIEWS)
    }
    exempt = {name for names in EXEMPT.values() for name in names}
    left_out = views - compared_views(lively)
    assert {view for view in left_out if view[1] not in exempt} == set()
    assert exempt <= {name for _, name in left_out}, "an exempt function is gone, or compared by now"


def something_else(value):
    """A value of the same type."""
    if value == []:
        return value
    if isinstance(value, Unordered):
        return Unordered((*value, "0x" + "11" * 20))
    if isinstance(value, list):
        return [*value, bytes(32)]
    if isinstance(value, tuple):
        return (something_else(value[0]), *value[1:])
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, bytes):
        return bytes([value[0] ^ 1]) + value[1:]
    return "0x" + "11" * 20


def complaints_about_a_lie(world: World, view: tuple[str, str], lie: Callable) -> list[str]:
    """What a look at everything says when the model's answer to one view function is another."""
    contract, lied_about = view
    table = next(table for table in TABLES if table.contract == contract)

    def lying(rows: Callable) -> Callable:
        def rows_with_a_lie(self, *subject):
            for function, arguments, expected in rows(self, *subject):
                is_lie = self is table and function == lied_about and not isinstance(expected, ProtocolError)
                yield function, arguments, lie(expected) if is_lie else expected

        return rows_with_a_lie

    with pytest.MonkeyPatch.context() as patch:
        for method in METHODS:
            patch.setattr(type(table), method, lying(getattr(type(table), method)))
        return world.observer.differences(Past.ALL)


def test_look_at_everything__model_says_something_else__names_the_view(lively: World) -> None:
    """For each view function that is compared: all complaints are about it, and there are some."""
    views = compared_views(lively)
    assert len(views) > 50
    for contract, function in sorted(views):
        complaints = complaints_about_a_lie(lively, (contract, function), something_else)
        if function == "contractDependencies" and not complaints:
            continue  # of the ServiceRegistry, which has none
        assert complaints, f"{contract}.{function} is not compared"
        assert {complaint.split("(")[0] for complaint in complaints} == {f"{contract}.{function}"}
    assert lively.observer.differences(Past.ALL) == []


@pytest.mark.parametrize("value", [2**256, -1])
def test_look_at_everything__model_says_what_no_word_holds__names_the_view(lively: World, value: int) -> None:
    complaints = complaints_about_a_lie(lively, ("Minter", "inflation"), lambda expected: value)
    assert complaints == [f"Minter.inflation(): found {lively.model.minter.inflation}, expected {value}"]


def test_look_at_everything__view_of_a_past_round__is_compared_with_all_rounds(lively: World) -> None:
    current_round = lively.model.rounds_manager.current_round()
    rounds = {view[2][1] for view, _, _ in lively.observer.read(all_rounds=True) if view[1] == "getPastVotes"}
    assert rounds == set(range(current_round))


def test_looks_at_everything__from_block_to_block__come_to_every_past_round(fresh_chain) -> None:
    world = World(fresh_chain, **DEPLOYMENT)
    current_round = world.model.rounds_manager.current_round()
    assert 2 <= current_round < DEPLOYMENT["round_length"]
    votes = next(table for table in TABLES if table.contract == "BondingVotes")
    seen = set()
    with pytest.MonkeyPatch.context() as patch:
        of_round = type(votes).of_round
        patch.setattr(type(votes), "of_round", lambda self, scene, n: seen.add(n) or of_round(self, scene, n))
        world.play([Mine(1)] * current_round)
    assert seen >= set(range(current_round + 2))


def test_step__that_fails__is_followed_by_no_look(fresh_chain) -> None:
    world = World(fresh_chain, **DEPLOYMENT)
    account = world.cast.stakers[0]
    world.model.bonding_manager.delegators[account].fees += 1
    assert not world.act(Call(account, MANAGER, "bond", (2**255, account)))
    with pytest.raises(Divergence, match=r"BondingManager\.getDelegator\(staker 1"):
        world.act(Call(account, MANAGER, "setRewardCaller", (account,)))


def test_minimise__divergence_that_shows_late__ends_with_the_culprit(monkeypatch: pytest.MonkeyPatch) -> None:
    """The model is made to give a wei to somebody whom the step does not name."""
    sound, chains = BondingManager.set_reward_caller, Chains()
    culprit, other, receiver = (chains.next().actor(f"staker {number}") for number in (1, 2, 3))

    def set_reward_caller(self: BondingManager, sender: str, reward_caller: str) -> None:
        sound(self, sender, reward_caller)
        self.delegators[receiver].fees += 1

    monkeypatch.setattr(BondingManager, "set_reward_caller", set_reward_caller)
    bonds = [Call(other, MANAGER, "bond", (STAKE + number, other)) for number in range(6)]
    steps = [*bonds[:3], Call(culprit, MANAGER, "setRewardCaller", (other,)), *bonds[3:]]

    late = replay(chains.next(), {}, steps, compare_every=100)
    assert late.steps == steps
    kept, divergence = minimise(chains, {}, steps)
    assert kept == [steps[3]]
    assert "BondingManager.getDelegator(staker 3" in str(divergence)


@pytest.mark.integration
def test_world__on_a_node__is_compared_as_in_process(artifacts) -> None:
    chain = open_chain("anvil", artifacts)
    try:
        world = World(chain, compare_every=5, **DEPLOYMENT)
        enliven(world)
        world.compare(all_rounds=True)
        world.model.bonding_manager.delegators[world.cast.stakers[0]].fees += 1
        with pytest.raises(Divergence, match=r"BondingManager\.getDelegator\(staker 1"):
            world.compare()
    finally:
        chain.close()
