"""What the contracts answer about everybody: every view of every contract of a deployment that can be asked.

Arguments are made up from what is known: accounts from events, rounds of now, ids of contracts. Views of other
arguments are not asked.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from eth_abi import encode
from eth_utils import function_abi_to_4byte_selector, to_checksum_address

from scripts._deployment.errors import NodeRefused
from scripts._deployment.plan import contract_id
from scripts._deployment.reader import Reader
from scripts._upgrade.fork import Fork

# Of the chain itself, not of the contracts: the same in no two histories.
OF_BLOCKS = frozenset(["blockHash"])
# Recorded while the smoke run goes on.
OF_RECORDED_BLOCKS = OF_BLOCKS | {"blockHashForRound", "roundStateAndBlockHash"}
PAIRED_ACCOUNTS = 6
NOT_THERE = "reverted 0x"
VIEW = ("view", "pure")


@dataclass(frozen=True)
class Difference:
    """A view that answers otherwise."""

    view: str
    before: str
    after: str


def known_accounts(reader: Reader, at_most: int) -> list[str]:
    """Accounts that events of the deployment name, those with the most recent ones first, and its contracts."""
    contracts = [entry.address for entry in reader.registry.contracts.values()]
    first_block = min((entry.block or 0 for entry in reader.registry.contracts.values()), default=0)
    try:
        found = reader.node.indexed_accounts(contracts, first_block)
    except NodeRefused:
        found = list(_pool(reader))
    own = dict.fromkeys(contracts)
    return [account for account in dict.fromkeys(found) if account not in own][:at_most] + list(own)


def _pool(reader: Reader) -> Iterator[str]:
    """Orchestrators in the pool: all that a node without logs tells."""
    account = reader.view("BondingManager", "getFirstTranscoderInPool")
    for _ in range(reader.view("BondingManager", "getTranscoderPoolSize")):
        yield to_checksum_address(account)
        account = reader.view("BondingManager", "getNextTranscoderInPool", account)


def read_views(
    fork: Fork, reader: Reader, accounts: Sequence[str], only: Mapping[str, set[str]], without: frozenset[str]
) -> dict[str, str]:
    """Answers by `Contract.view(arguments)`. `only` limits a contract to some selectors, in hexadecimal."""
    current_round = reader.view("RoundsManager", "currentRound")
    rounds = sorted({0, 1, max(0, current_round - 1), current_round})
    domains = {
        "address": accounts,
        "uint256": rounds,
        "bytes32": [contract_id(name) for name in reader.registry.contracts],
    }
    contracts = {entry.address for entry in reader.registry.contracts.values()}
    labels, calls = [], []
    for name, entry in sorted(reader.registry.contracts.items()):
        for item in reader.artifacts[entry.abi_name].abi:
            if item["type"] != "function" or item["stateMutability"] not in VIEW or item["name"] in without:
                continue
            selector = function_abi_to_4byte_selector(item)
            types = [one["type"] for one in item["inputs"]]
            if selector.hex() not in only.get(name, {selector.hex()}) or not set(types) <= set(domains):
                continue
            for arguments in _arguments(types, domains, accounts, contracts):
                labels.append(f"{name}.{item['name']}({', '.join(map(str, arguments))})")
                words = [
                    bytes.fromhex(a[2:]) if t == "bytes32" else a
                    for t, a in zip(types, arguments, strict=True)
                ]
                calls.append((entry.address, selector + encode(types, words)))
    return dict(zip(labels, fork.read(calls), strict=True))


def _arguments(
    types: list[str], domains: Mapping[str, Sequence], accounts: Sequence[str], contracts: set[str]
) -> Iterator[tuple]:
    """Views of one account are asked about contracts too, those of two about few pairs."""
    if types != ["address"]:
        people = [one for one in accounts if one not in contracts]
        at_most = PAIRED_ACCOUNTS if types.count("address") > 1 else len(people)
        domains = {**domains, "address": people[:at_most]}
    return product(*(domains[kind] for kind in types))


def compare_views(before: Mapping[str, str], after: Mapping[str, str]) -> list[Difference]:
    """Views that answered, and answer otherwise now."""
    return [
        Difference(view, answer, after.get(view, "not asked"))
        for view, answer in before.items()
        if answer != NOT_THERE and after.get(view) != answer
    ]
