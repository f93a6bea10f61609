"""Invariants that are checked by tests of their own: about code, bytes and single calls rather than about a run."""

from typing import NamedTuple


class NamedTest(NamedTuple):
    """One entry; `where` is a file or folder of tests."""

    claim: str
    why: str
    where: str


TESTED_ELSEWHERE: dict[str, NamedTest] = {
    "AUTH-2": NamedTest(
        "what a contract does not subscribe to, and everything of a detached one, reads as not registered",
        "a detached contract must not act on entries that nobody updates any more",
        "tests/unit/controller",
    ),
    "AUTH-3": NamedTest(
        "a setter succeeds only for the owner of the Controller at that instant",
        "on runs: AUTH-14",
        "tests/unit",
    ),
    "AUTH-4": NamedTest(
        'what the glossary lists under "Pause" reverts while paused; nothing else depends on it',
        "the second half on every function; the first on runs: AUTH-12",
        "tests/unit/controller/test_pause_matrix.py",
    ),
    "AUTH-6": NamedTest(
        "a call through a proxy has the result, events and errors of the target's code on the proxy's storage; "
        "an upgrade keeps every value that both targets know",
        "5.8 and 5.9; upgrades in runs compare all views as well",
        "tests/unit/manager_proxy",
    ),
    "AUTH-7": NamedTest(
        "no target has a selector that its proxy answers",
        "C4: the target's function could never be reached",
        "tests/unit/manager_proxy/test_selectors.py",
    ),
    "FN-1": NamedTest(
        "a batch leaves the state and the events of the single redemptions with the failing ones left out",
        "payments 5.13",
        "tests/properties/test_ticket_batch.py",
    ),
    "FN-2": NamedTest(
        "a ticket's authorisation has one accepted 65-byte signature",
        "payments 5.15, P2: a second encoding is a second draw",
        "tests/properties/test_ticket_signature.py",
    ),
    "FN-3": NamedTest(
        "the outcome of a redemption does not depend on who sends it",
        "payments 5.16",
        "tests/unit/ticket_broker/test_redeem_winning_ticket.py",
    ),
    "FN-4": NamedTest(
        "a draw is uniform: P[win] = win probability / 2²⁵⁶",
        "payments 5.17",
        "tests/properties/test_ticket_signature.py",
    ),
    "FN-5": NamedTest(
        "functions, tuples, events and ids are those of the deployed contracts, additions are listed",
        "clients built for them work unchanged",
        "tests/abi",
    ),
    "FN-6": NamedTest(
        "a field of storage stays where it is from one build to the next",
        "C5: a target that reads another layout corrupts what its proxy holds",
        "tests/layout/test_storage_layout.py",
    ),
    "GOV-20": NamedTest(
        "each leaf of the tree under a root verifies, with any byte of leaf, proof or root changed it does not; "
        "verifying never reverts",
        "governance 5.9, 5.10, 5.11: who was a member then can show it, and nobody else",
        "tests/unit/merkle_snapshot",
    ),
    "REG-12": NamedTest(
        "without a registered target every call of a proxy that it forwards reverts, and nothing else happens",
        "control plane 5.11; runs of the registry compare it on every function",
        "tests/unit/manager_proxy/test_forwarding.py",
    ),
    "REG-13": NamedTest(
        "two ServiceRegistries share nothing, behind proxies or bare",
        "control plane 5.15: there is one for transcoding and one for AI",
        "tests/unit/service_registry",
    ),
    "REG-14": NamedTest(
        "a fresh Controller is paused, belongs to its deployer, and has no entries",
        "control plane 5.5: nothing works before it was set up",
        "tests/model/test_contract_invariants.py",
    ),
    "MINT-11": NamedTest(
        "no function of the Minter but depositETH takes ETH (6.17)",
        "ETH that came otherwise would belong to nobody",
        "tests/unit/minter/test_deposit_eth.py",
    ),
}
