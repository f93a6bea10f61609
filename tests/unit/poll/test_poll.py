"""vote(_choiceID): up to the end block, else PollIsOver; event Vote, no state, anybody, as often as they like.
destroy(): after the end block, else PollIsActive; ETH that was forced upon it goes to the caller; the code stays.

At every block one of the two is possible (invariants 6 and 8 of governance.md).
"""

import pytest

from simulation.protocol import ETHER

BLOCKS = 20


@pytest.fixture
def end_block(chain):
    return chain.block_number + BLOCKS


@pytest.fixture
def poll(chain, end_block):
    return chain.deploy("Poll", end_block)


def mine_before(chain, block):
    """So that the next transaction is in `block`."""
    chain.mine_to(block - 1)


@pytest.mark.parametrize("choice", [0, 1, 2, 2**256 - 1])
def test_vote__any_choice__is_told(poll, stranger, choice):
    receipt = poll.vote.send(choice, sender=stranger)

    receipt.assert_events([poll.Events.Vote(voter=stranger, choiceID=choice)])


def test_vote__again_and_another__is_told_each_time(poll, stranger, owner):
    for voter, choice in ((stranger, 0), (stranger, 1), (owner, 1), (stranger, 1)):
        receipt = poll.vote.send(choice, sender=voter)
        receipt.assert_events([poll.Events.Vote(voter=voter, choiceID=choice)])


def test_vote__at_the_end_block__is_told(chain, poll, end_block, stranger):
    mine_before(chain, end_block)

    assert poll.vote.send(1, sender=stranger).block_number == end_block


def test_vote__a_block_later__reverts(chain, poll, end_block, stranger):
    mine_before(chain, end_block + 1)

    with chain.reverts("PollIsOver", currentBlock=end_block + 1, endBlock=end_block):
        poll.vote.send(1, sender=stranger)


def test_destroy__at_the_end_block__reverts(chain, poll, end_block, stranger):
    mine_before(chain, end_block)

    with chain.reverts("PollIsActive", currentBlock=end_block, endBlock=end_block):
        poll.destroy.send(sender=stranger)


def test_destroy__a_block_later_by_anybody__leaves_the_code(chain, poll, end_block, stranger):
    mine_before(chain, end_block + 1)

    poll.destroy.send(sender=stranger).assert_events([])
    poll.destroy.send(sender=stranger)

    assert chain.code(poll)
    assert poll.endBlock() == end_block


def test_destroy__with_eth__pays_the_caller(chain, poll, end_block, stranger):
    chain.set_balance(poll, ETHER)
    before = chain.balance(stranger)
    mine_before(chain, end_block + 1)

    poll.destroy.send(sender=stranger)

    assert chain.balance(poll) == 0
    assert chain.balance(stranger) == before + ETHER


def test_destroy__caller_takes_no_eth__reverts(chain, poll, end_block):
    chain.set_balance(poll, ETHER)
    mine_before(chain, end_block + 1)

    with chain.reverts_raw(b""):
        poll.destroy.send(sender=chain.deploy("Placeholder__Mock"))


def test_destroy__caller_takes_no_eth_and_there_is_none__leaves_the_code(chain, poll, end_block):
    """Upstream's self-destruction sends nothing then, and asks nobody."""
    mine_before(chain, end_block + 1)

    poll.destroy.send(sender=chain.deploy("Placeholder__Mock"))

    assert chain.code(poll)


def test_receive__eth__is_refused(chain, poll, stranger):
    with chain.reverts_raw(b""):
        chain.transact(poll, sender=stranger, value=1)
