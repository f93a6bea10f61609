"""Historical weaknesses of stake-weighted governance (governance.md 4, G4 to G10), on contracts that have them.

A scenario ends in a claim. On our contract the claim holds; with the fault planted it fails with an AssertionError.

| id | fault | claim |
|---|---|---|
| G4 | a description cannot name its proposer | nobody else can propose, and cancel, it |
| G5 | a quorum is that of today | lowering it leaves defeated proposals defeated |
| G6 | whoever executes in the treasury governs | without a proposal nothing changes |
| G7 | a stranger initializes the governor, or the treasury | only who deploys does |
| G9 | the clock falls back to block numbers | a quorum set meanwhile is in force afterwards |
| G10 | delegations come from the registry, votes from the token | both come from one contract |
| DEV-23 | an operation is forgotten after its calls | a call does not find its own proposal waiting |

G1 to G3: test_livepeer_governor_counting.py. G8 (a deployer that keeps a role) is a fault of a deployment:
tests/unit/treasury/test_roles.py looks at all of them. G11: test_governor.py. G12 to G14 are no faults of contracts.
"""

import pytest

from simulation.chain.contracts import Contract
from simulation.chain.reverts import Reverted
from simulation.governance import AGAINST, EXECUTOR_ROLE, FOR, PROPOSER_ROLE, State, make_proposal
from simulation.protocol import deploy_control_plane
from tests.helpers.council import FIRST_ROUND, QUORUM, THRESHOLD, Council
from tests.mutants.governance_stage import (
    GOVERNOR,
    TREASURY,
    attack,
    open_attacked_chain,
    overriding,
    play,
    play_on_ours,
    roles,
)
from tests.mutants.staking_stage import succeeds

pytestmark = pytest.mark.unit


# ---- proposals


def proposal_is_copied_and_cancelled(council: Council) -> None:
    rival = council.chain.actor("rival orchestrator")
    council.power(rival, THRESHOLD)
    proposal = make_proposal(council.set_number(1), description=f"Ours #proposer={council.proposer.address}")
    if succeeds(council.governance.propose, proposal, sender=rival):
        council.governance.cancel(proposal, sender=rival)
    assert succeeds(council.governance.propose, proposal, sender=council.proposer), "G4: it was snatched away"


def quorum_is_lowered(council: Council) -> None:
    orchestrator = council.chain.actor("orchestrator")
    council.power(orchestrator, QUORUM - 1)
    defeated = council.propose_and_open(description="Defeated")
    council.vote(orchestrator, defeated, FOR)
    council.close(defeated)
    assert council.state(defeated) is State.DEFEATED
    council.enact(council.setting("updateQuorumNumerator", 1), description="Lower the quorum")
    assert council.state(defeated) is State.DEFEATED, "G5: it has come back to life"


def second_executor_governs(council: Council) -> None:
    stranger, treasury = council.chain.actor("stranger"), council.treasury
    for role in (PROPOSER_ROLE, EXECUTOR_ROLE):
        council.enact((treasury, 0, treasury.grantRole.encode(role, stranger)), description=role.hex())
    call = (council.governor, 0, council.governor.setVotingPeriod.encode(1_000), bytes(32), bytes(32))
    treasury.schedule.send(*call, 0, sender=stranger)
    succeeds(treasury.execute.send, *call, sender=stranger)
    assert council.governor.votingPeriod() == 10, "G6: a setting was changed without a vote"


# ---- set-up


def bare_governor(council: Council, *, is_stopped: bool = False) -> Contract:
    """Another governor of the same code, not initialized; its token may be unable to tell the round."""
    plane = deploy_control_plane(council.chain)
    plane.deploy_registered("Treasury")
    table = plane.deploy_registered("BondingVotesTable__Mock", name="BondingVotes")
    table.setRound.send(FIRST_ROUND, sender=plane.owner)
    table.setStopped.send(is_stopped, sender=plane.owner)
    governor = plane.deploy_behind_proxy("LivepeerGovernor")
    plane.register("LivepeerGovernorTarget", council.governance.plane.targets["LivepeerGovernor"])
    return governor


def stranger_initializes_the_governor(council: Council) -> None:
    governor, stranger = bare_governor(council), council.chain.actor("stranger")
    assert not succeeds(governor.initialize.send, 0, 1, 0, 0, 0, sender=stranger), "G7: a stranger came first"


def stranger_initializes_the_treasury(council: Council) -> None:
    stranger, owner = council.chain.actor("stranger"), council.owner
    treasury = council.chain.deploy(council.treasury.contract_name, sender=owner)
    call = (0, [stranger], [stranger], stranger)
    assert not succeeds(treasury.initialize.send, *call, sender=stranger), "G7: a stranger came first"


# ---- clock and token


def governor_is_initialized_too_early(council: Council) -> None:
    governor = bare_governor(council, is_stopped=True)
    council.chain.mine(FIRST_ROUND)
    if not succeeds(governor.initialize.send, 1, 10, 100, 333_300, 500_000, sender=council.owner):
        return
    assert governor.quorumNumerator(FIRST_ROUND) == 333_300, "G9: the quorum is that of a far round"


def bonding_votes_is_registered_anew(council: Council) -> None:
    orchestrator, rival, delegator = roles(council)
    council.power(orchestrator, 300)
    council.power(delegator, 100, orchestrator)
    proposal = council.propose_and_open()
    successor = council.governance.plane.deploy_registered("BondingVotesTable__Mock", name="BondingVotes")
    successor.setRound.send(council.governor.clock(), sender=council.owner)
    for account in (orchestrator, rival, delegator):
        successor.setPower.send(account, 0, 0, account, sender=council.owner)
    council.vote(orchestrator, proposal, FOR)
    council.vote(delegator, proposal, AGAINST)
    assert sum(council.tally(proposal)) <= 300, "G10: stake counts twice"


# ---- execution


def call_looks_at_its_proposal(council: Council) -> None:
    target = council.target
    proposal = council.decide((target, 0, target.callBack.encode()))
    inner = council.governor.execute.encode(*proposal.by_hash)
    target.setCallback.send(council.governor, inner, sender=council.owner)
    try:
        council.governance.execute(proposal)
    except Reverted as reverted:
        assert reverted.error_name == "GovernorUnexpectedProposalState", (
            "DEV-23: it was executed inside itself"
        )
    else:
        raise AssertionError("DEV-23: it was executed inside itself")


ATTACKS = [
    overriding(
        "G4",
        "SuffixIgnored",
        "function _isValidDescriptionForProposer(address, string memory) internal pure override returns (bool) "
        "{ return true; }",
        proposal_is_copied_and_cancelled,
    ),
    overriding(
        "G5",
        "QuorumOfToday",
        "function quorumNumerator(uint256) public view override returns (uint256) { return quorumNumerator(); }",
        quorum_is_lowered,
    ),
    overriding(
        "G6",
        "ExecutorGoverns",
        "function _checkGovernance() internal view override "
        "{ require(msg.sender == _executor(), GovernorOnlyExecutor(msg.sender)); }",
        second_executor_governs,
    ),
    attack(
        "G7",
        "OpenGovernor",
        GOVERNOR,
        "external initializer onlyControllerOwner",
        "external initializer",
        stranger_initializes_the_governor,
    ),
    attack(
        "G7",
        "OpenTreasury",
        TREASURY,
        "        require(msg.sender == _DEPLOYER, CallerNotDeployer(msg.sender, _DEPLOYER));\n",
        "",
        stranger_initializes_the_treasury,
    ),
    attack(
        "G9",
        "ClockFallsBack",
        GOVERNOR,
        "return _storage().token.clock();",
        "try _storage().token.clock() returns (uint48 round) { return round; } "
        "catch { return uint48(block.number); }",
        governor_is_initialized_too_early,
    ),
    attack(
        "G10",
        "TwoSources",
        GOVERNOR,
        "return _storage().token.getVotesAndDelegateAtRoundStart(account, timepoint + 1);",
        "(uint256 weight,) = _storage().token.getVotesAndDelegateAtRoundStart(account, timepoint + 1);\n"
        "(, address delegate) = IBondingVotes(_registered(ContractIds.BONDING_VOTES))"
        ".getVotesAndDelegateAtRoundStart(account, timepoint + 1);\n"
        "return (weight, delegate);",
        bonding_votes_is_registered_anew,
    ),
    attack(
        "DEV-23",
        "ForgetsLate",
        GOVERNOR,
        "        delete _operationIds()[proposalId];\n"
        "        _treasury().executeBatch{value: msg.value}(targets, values, calldatas, 0, descriptionHash);\n",
        "        _treasury().executeBatch{value: msg.value}(targets, values, calldatas, 0, descriptionHash);\n"
        "        delete _operationIds()[proposalId];\n",
        call_looks_at_its_proposal,
    ),
]
EACH_ATTACK = pytest.mark.parametrize("attack", ATTACKS, ids=[attack.id for attack in ATTACKS])


@pytest.fixture(scope="module")
def attacked_chain(request, artifacts):
    yield from open_attacked_chain(ATTACKS, artifacts, request.config.getoption("engine"))


@EACH_ATTACK
def test_attack__on_our_contracts__fails(attacked_chain, attack):
    play_on_ours(attacked_chain, attack)


@EACH_ATTACK
def test_attack__on_the_planted_fault__succeeds(attacked_chain, attack):
    play(attacked_chain, attack)
