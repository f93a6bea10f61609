"""What a deployment asks a node, and what it makes of refusals."""

from itertools import pairwise
from types import SimpleNamespace

import pytest
from web3.exceptions import Web3RPCError

from scripts._deployment.errors import NodeRefused
from scripts._deployment.node import Node

CONTRACT = "0x" + "11" * 20


class RangeLimited:
    """Has one event in each of the given blocks, and shows so many blocks at once."""

    def __init__(self, blocks: list[int], limit: int, last: int) -> None:
        self.blocks, self.limit, self.block_number = blocks, limit, last
        self.asked: list[tuple[int, int]] = []

    def get_logs(self, filtered: dict) -> list[dict]:
        first, last = filtered["fromBlock"], filtered["toBlock"]
        if last - first + 1 > self.limit:
            raise Web3RPCError(f"query exceeds max block range {self.limit}")
        self.asked.append((first, last))
        return [
            {"topics": [bytes(32)], "data": bytes([block]), "blockNumber": block, "logIndex": 0}
            for block in self.blocks
            if first <= block <= last
        ]


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 10, 11, 1000])
def test_logs__node_that_limits_the_range__gives_each_event_once_and_in_order(limit):
    eth = RangeLimited([5, 6, 9, 14, 15], limit, last=15)
    data = Node(SimpleNamespace(eth=eth)).event_data(CONTRACT, bytes(32), 5)
    assert data == [bytes([block]) for block in (5, 6, 9, 14, 15)]
    pages = sorted(eth.asked)
    assert (pages[0][0], pages[-1][1]) == (5, 15)
    assert all(before[1] + 1 == after[0] for before, after in pairwise(pages))


def test_logs__node_that_refuses_every_range__is_told():
    eth = RangeLimited([], 0, last=1_000_000)
    with pytest.raises(NodeRefused, match="max block range 0"):
        Node(SimpleNamespace(eth=eth)).event_data(CONTRACT, bytes(32), 0)


def test_logs__chain_that_ends_before_the_first_block__has_none():
    assert Node(SimpleNamespace(eth=RangeLimited([], 10, last=3))).event_data(CONTRACT, bytes(32), 4) == []


def test_send_raw__nonce_that_is_used__is_an_error_only_to_who_cannot_have_used_it():
    def refuse(raw: str):
        raise Web3RPCError("nonce too low: next nonce 7, tx nonce 6")

    node = Node(SimpleNamespace(eth=SimpleNamespace(send_raw_transaction=refuse)))
    node.send_raw("0x")
    with pytest.raises(NodeRefused, match="nonce too low"):
        node.send_raw("0x", may_be_mined=False)
