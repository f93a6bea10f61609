"""BondingVotes against ERC-5805 (delegated votes) and ERC-6372 (clock): every function and event with the standard's
signature, and what the standards ask of their behaviour.

| the standard | here |
|---|---|
| clock is a uint48 that never falls; CLOCK_MODE is `key=value&…` | the round; "mode=livepeer_round" |
| getVotes, delegates answer as of now | at the end of the current round, as things stand |
| getPastVotes of a past timepoint, which has ended, never changes | the same; of the current round it reverts |
| delegate, delegateBySig delegate | they revert and say what to call: bonding delegates |
| DelegateChanged, DelegateVotesChanged tell every change | at the operation that makes it |
"""

import re

import pytest
from eth_utils import keccak

from tests.unit.bonding_votes.conftest import FIRST_ROUND

pytestmark = pytest.mark.unit

VIEWS = {
    "clock()": ["uint48"],
    "CLOCK_MODE()": ["string"],
    "getVotes(address)": ["uint256"],
    "getPastVotes(address,uint256)": ["uint256"],
    "getPastTotalSupply(uint256)": ["uint256"],
    "delegates(address)": ["address"],
}
WRITES = ("delegate(address)", "delegateBySig(address,uint256,uint256,uint8,bytes32,bytes32)")
EVENTS = {
    "DelegateChanged(address,address,address)": ("delegator", "fromDelegate", "toDelegate"),
    "DelegateVotesChanged(address,uint256,uint256)": ("delegate",),
}


def function(abi, signature):
    found = [f for overloads in abi.functions.values() for f in overloads if f.signature == signature]
    assert len(found) == 1, signature
    return found[0]


@pytest.mark.parametrize("signature", VIEWS)
def test_view__of_the_standards__is_there_and_writes_nothing(votes, signature):
    found = function(votes.contract.abi, signature)

    assert found.selector == keccak(text=signature)[:4]
    assert found.mutability in ("view", "pure")
    assert [kind.name for kind in found.outputs.types] == VIEWS[signature]


@pytest.mark.parametrize("signature", WRITES)
def test_write__of_the_standards__is_there(votes, signature):
    assert function(votes.contract.abi, signature).selector == keccak(text=signature)[:4]


@pytest.mark.parametrize("signature", EVENTS)
def test_event__of_the_standards__has_its_topic_and_indexed_arguments(votes, artifacts, signature):
    topic = keccak(text=signature)

    assert topic in votes.contract.abi.events_by_topic
    name = signature.split("(")[0]
    item = next(i for i in artifacts["BondingVotes"].abi if i["type"] == "event" and i["name"] == name)
    assert tuple(part["name"] for part in item["inputs"] if part["indexed"]) == EVENTS[signature]


def test_clock_mode__of_the_rounds__is_machine_readable(votes):
    assert re.fullmatch(r"\w+=\w+(&\w+=\w+)*", votes.contract.CLOCK_MODE())


def test_clock__from_round_to_round__never_falls(votes):
    seen = []
    for round_ in (FIRST_ROUND, FIRST_ROUND, FIRST_ROUND + 1, FIRST_ROUND + 50):
        votes.start(round_)
        seen.append(votes.contract.clock())
    assert seen == sorted(seen)


def test_votes__as_of_now__are_those_of_the_round_once_it_has_ended(votes, orchestrator):
    contract = votes.contract
    votes.checkpoint(orchestrator, bonded=100, delegate=orchestrator, delegated=300)
    votes.total(300)
    now = contract.getVotes(orchestrator), contract.delegates(orchestrator)
    assert now == (300, orchestrator)
    with votes.chain.reverts("FutureLookup", queryRound=FIRST_ROUND, maxAllowed=FIRST_ROUND - 1):
        contract.getPastVotes(orchestrator, FIRST_ROUND)

    votes.start(FIRST_ROUND + 1)
    votes.checkpoint(orchestrator, bonded=100, delegate=orchestrator, delegated=900)

    past = contract.getPastVotes(orchestrator, FIRST_ROUND), contract.delegatedAt(orchestrator, FIRST_ROUND)
    assert past == now
    assert contract.getVotes(orchestrator) == 900


@pytest.mark.parametrize("query", ["getPastVotes", "delegatedAt", "getPastTotalSupply"])
@pytest.mark.parametrize("round_", [FIRST_ROUND, FIRST_ROUND + 1, 2**48, 2**255, 2**256 - 1])
def test_past__round_that_has_not_ended__reverts_for_every_account(votes, orchestrator, query, round_):
    votes.checkpoint(orchestrator, bonded=100, delegate=orchestrator, delegated=300)
    subjects = [(orchestrator,), (votes.manager.address,)] if query != "getPastTotalSupply" else [()]

    for subject in subjects:
        with votes.chain.reverts("FutureLookup", queryRound=round_, maxAllowed=FIRST_ROUND - 1):
            getattr(votes.contract, query)(*subject, round_)


@pytest.mark.parametrize("query", ["getPastVotes", "delegatedAt", "getPastTotalSupply"])
def test_past__every_round_that_has_ended__is_answered(votes, orchestrator, delegator, query):
    votes.checkpoint(orchestrator, bonded=100, delegate=orchestrator, delegated=300)
    votes.start(FIRST_ROUND + 5)
    subjects = [(orchestrator,), (delegator,)] if query != "getPastTotalSupply" else [()]

    for round_ in (0, 1, FIRST_ROUND - 1, FIRST_ROUND, FIRST_ROUND + 4):
        for subject in subjects:
            getattr(votes.contract, query)(*subject, round_)
