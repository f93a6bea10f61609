"""What wallets and tools ask before they talk to a governor, what it refuses to take, and that it can be upgraded.

given an interface id of the deployed governor, or of OpenZeppelin 5     supportsInterface should answer true
given ETH, or a token that asks                                          it should revert with GovernorDisabledDeposit
given a new target                                                       the state should stay, what is new read zero
"""

from functools import reduce

import pytest
from eth_utils import keccak

from simulation.governance import FOR
from simulation.protocol import contract_id

CALLS = "address[],uint256[],bytes[]"
GOVERNOR_4_3 = (
    "name()",
    "version()",
    "COUNTING_MODE()",
    f"hashProposal({CALLS},bytes32)",
    "state(uint256)",
    "proposalSnapshot(uint256)",
    "proposalDeadline(uint256)",
    "votingDelay()",
    "votingPeriod()",
    "quorum(uint256)",
    "getVotes(address,uint256)",
    "hasVoted(uint256,address)",
    f"propose({CALLS},string)",
    f"execute({CALLS},bytes32)",
    "castVote(uint256,uint8)",
    "castVoteWithReason(uint256,uint8,string)",
    "castVoteBySig(uint256,uint8,uint8,bytes32,bytes32)",
)
GOVERNOR_4_6 = (
    *GOVERNOR_4_3,
    "getVotesWithParams(address,uint256,bytes)",
    "castVoteWithReasonAndParams(uint256,uint8,string,bytes)",
    "castVoteWithReasonAndParamsBySig(uint256,uint8,string,bytes,uint8,bytes32,bytes32)",
)
INTERFACES = {
    "ERC-165": (0x01FFC9A7, ("supportsInterface(bytes4)",)),
    "OpenZeppelin 4.3": (0xBF26D897, GOVERNOR_4_3),
    "OpenZeppelin 4.6": (0x79DD796F, GOVERNOR_4_6),
    "cancel": (0x51159C06, (f"cancel({CALLS},bytes32)", "proposalProposer(uint256)")),
    "timelock": (0x6E665CED, ("timelock()", "proposalEta(uint256)", f"queue({CALLS},bytes32)")),
    "ERC-1155 receiver": (
        0x4E2312E0,
        (
            "onERC1155Received(address,address,uint256,uint256,bytes)",
            "onERC1155BatchReceived(address,address,uint256[],uint256[],bytes)",
        ),
    ),
}


@pytest.mark.parametrize("name", INTERFACES)
def test_supports_interface__of_the_deployed_governor__is_true_and_there(council, name):
    """An id is all selectors combined, and the governor has each function."""
    id_, signatures = INTERFACES[name]
    selectors = [keccak(text=signature)[:4] for signature in signatures]
    combined = reduce(lambda one, other: one ^ int.from_bytes(other, "big"), selectors, 0)

    assert combined == id_
    assert council.governor.supportsInterface(id_.to_bytes(4, "big")) is True
    known = {
        function.selector for overloads in council.governor.abi.functions.values() for function in overloads
    }
    assert set(selectors) <= known


@pytest.mark.parametrize("id_", [0xFFFFFFFF, 0x00000000, 0x12345678])
def test_supports_interface__any_other__is_false(council, id_):
    assert council.governor.supportsInterface(id_.to_bytes(4, "big")) is False


def test_contract_dependencies__of_the_target__are_what_it_looks_up(council):
    assert council.governor.contractDependencies() == [contract_id("BondingVotes"), contract_id("Treasury")]


@pytest.mark.parametrize("data", [b"", b"\x12\x34\x56\x78"])
def test_receive__eth_for_the_governor__is_refused(chain, council, stranger, data):
    if data:
        with chain.reverts_raw(b""):
            chain.transact(council.governor, data, sender=stranger, value=1)
    else:
        with chain.reverts("GovernorDisabledDeposit"):
            chain.transact(council.governor, data, sender=stranger, value=1)
    assert chain.balance(council.governor) == 0


def test_receive_hooks__tokens_for_the_governor__are_refused(chain, council, stranger):
    governor = council.governor
    for hook, arguments in (
        (governor.onERC721Received, (stranger, stranger, 1, b"")),
        (governor.onERC1155Received, (stranger, stranger, 1, 1, b"")),
        (governor.onERC1155BatchReceived, (stranger, stranger, [1], [1], b"")),
    ):
        with chain.reverts("GovernorDisabledDeposit"):
            hook.send(*arguments, sender=stranger)


def test_upgrade__new_target_during_a_vote__keeps_the_state(chain, council, proposer, orchestrator, owner):
    council.power(orchestrator, 50)
    proposal = council.propose_and_open()
    council.vote(proposer, proposal, FOR)
    plane = council.governance.plane
    target = chain.deploy("LivepeerGovernor__HarnessNext", plane.controller, sender=owner)

    plane.register("LivepeerGovernorTarget", target)

    upgraded = chain.at("LivepeerGovernor__HarnessNext", council.governor)
    assert upgraded.added() == 0
    upgraded.setAdded.send(3, sender=owner)
    assert upgraded.added() == 3
    with chain.reverts("InvalidInitialization"):
        upgraded.initialize.send(1, 10, 100, 333_300, 500_000, sender=owner)
    assert council.governor.token() == council.table
    council.vote(orchestrator, proposal, FOR)
    assert council.tally(proposal) == (0, 1_049, 0)
    council.close(proposal)
    council.governance.queue(proposal)
    council.governance.execute(proposal)
    assert council.target.number() == 5
