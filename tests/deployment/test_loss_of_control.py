"""Proposals after which no other could be decided or executed are refused, each for what it breaks."""

import pytest
from eth_utils import keccak

from scripts._deployment.plan import TREASURY_ROLES
from scripts._governance.proposals import list_proposals
from tests.deployment.electorate import LPT, PAYEE
from tests.deployment.test_propose import call, propose

pytestmark = pytest.mark.deployment

NOBODY = "0x" + "00" * 20
COMMIT = "0x" + "cd" * 20


def register(name: str, address: str) -> dict:
    arguments = ["0x" + keccak(text=name).hex(), address, COMMIT]
    return {"as_owner": {"contract": "Controller", "function": "setContractInfo", "arguments": arguments}}


def upgrade(electorate, name: str, to: str) -> dict:
    return {"upgrade": {"contract": name, "target": electorate.address(to), "commit": COMMIT}}


BREAKING = {
    "other code": (
        lambda e: upgrade(e, "LivepeerGovernor", "BondingManagerTarget"),
        "LivepeerGovernor.clock: does not answer",
    ),
    "other code of the votes": (
        lambda e: upgrade(e, "BondingVotes", "ServiceRegistryTarget"),
        "LivepeerGovernor.clock: does not answer",
    ),
    "unregistered": (
        lambda e: register("LivepeerGovernor", NOBODY),
        "LivepeerGovernor: the Controller does not keep it current",
    ),
    "registered anew": (
        lambda e: register("LivepeerGovernor", e.address("MerkleSnapshot")),
        "LivepeerGovernor: the Controller does not keep it current",
    ),
    "no target": (
        lambda e: register("LivepeerGovernorTarget", NOBODY),
        "LivepeerGovernor: there is no code behind its proxy",
    ),
    "other treasury": (
        lambda e: call("LivepeerGovernor", "updateTimelock", PAYEE),
        f"LivepeerGovernor.timelock: {PAYEE}, not the treasury",
    ),
    "delay for ever": (
        lambda e: call("Treasury", "updateDelay", 2**63),
        "Treasury.getMinDelay: 9223372036854775808, more than 2592000",
    ),
    "votes that begin never": (
        lambda e: call("LivepeerGovernor", "setVotingDelay", 2**31),
        "LivepeerGovernor.votingDelay: 2147483648, more than 100",
    ),
    "votes that end never": (
        lambda e: call("LivepeerGovernor", "setVotingPeriod", 101),
        "LivepeerGovernor.votingPeriod: 101, more than 100",
    ),
    "nobody may propose": (
        lambda e: call("LivepeerGovernor", "setProposalThreshold", 10**9 * LPT),
        "LivepeerGovernor.proposalThreshold: 1000000000000000000000000000, more than ",
    ),
} | {
    f"no {role.lower()}": (
        lambda e, role=role: call(
            "Treasury", "revokeRole", TREASURY_ROLES[role], e.address("LivepeerGovernor")
        ),
        f"Treasury: the LivepeerGovernor is no {role.lower()}",
    )
    for role in TREASURY_ROLES
}


@pytest.mark.parametrize("case", BREAKING)
def test_propose__what_no_later_proposal_could_mend__is_refused(electorate, case):
    action, loss = BREAKING[case]
    done = propose(electorate, action(electorate), options=("--broadcast",))
    assert done.code == 1, done.output
    assert done.errors.startswith("WouldLoseControl: after this proposal no other could be carried out")
    assert loss in done.errors
    assert list_proposals(electorate.local.node, electorate.reader) == []


def test_propose__loss_that_is_allowed__is_proposed(electorate):
    action = call("LivepeerGovernor", "setVotingPeriod", 101)
    done = propose(electorate, action, options=("--allow-loss-of-control",))
    assert done.code == 0, done.errors


def test_propose__loss_that_there_is_already__does_not_keep_from_mending_it(electorate):
    treasury = electorate.address("Treasury")
    electorate.send("Treasury", "updateDelay(uint256)", 2**40, sender=treasury)
    assert propose(electorate, call("Treasury", "updateDelay", 60)).code == 0
