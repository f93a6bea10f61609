"""castVoteBySig and castVoteWithReasonAndParamsBySig: anybody sends the vote of somebody else, who signed it (EIP-712).

| form | signed | checked |
|---|---|---|
| deployed: v, r, s | proposal and choice | the vote is that of whoever signed; else ECDSAInvalidSignature…; no nonce |
| OpenZeppelin 5: voter, bytes | voter and nonce besides | the voter did, else GovernorInvalidSignature; contracts may |

Both are bound to the name, the version, the chain and the proxy.
"""

import pytest
from eth_utils import keccak

from simulation.ballots import (
    ballot_hash,
    extended_ballot_hash,
    sign,
    split,
    voters_ballot_hash,
    voters_extended_ballot_hash,
)
from simulation.chain.engine import CHAIN_ID
from simulation.governance import AGAINST, FOR
from simulation.signing import domain_separator
from simulation.tickets import CURVE_ORDER


@pytest.fixture
def separator(council):
    return domain_separator("LivepeerGovernor", "1", CHAIN_ID, council.governor.address)


@pytest.fixture
def proposal(council, delegator):
    """Open, and the delegator has 100 votes of its own."""
    council.power(delegator, 100)
    return council.propose_and_open()


def test_domain__of_the_governor__is_told(council):
    assert tuple(council.governor.eip712Domain()) == (
        b"\x0f",
        "LivepeerGovernor",
        "1",
        CHAIN_ID,
        council.governor.address,
        bytes(32),
        [],
    )


def test_type_hashes__of_the_getters__are_those_of_the_forms_with_a_voter(council):
    assert council.governor.BALLOT_TYPEHASH() == keccak(
        text="Ballot(uint256 proposalId,uint8 support,address voter,uint256 nonce)"
    )
    assert council.governor.EXTENDED_BALLOT_TYPEHASH() == keccak(
        text="ExtendedBallot(uint256 proposalId,uint8 support,address voter,uint256 nonce,string reason,bytes params)"
    )


# ---- as deployed


def test_deployed_type_hashes__are_those_of_the_specification():
    ballot = "150214d74d59b7d1e90c73fc22ef3d991dd0a76b046543d4d80ab92d2a50328f"
    extended = "b3b3f3b703cd84ce352197dcff232b1b5d3cfb2025ce47cf04742d0651f1af88"
    assert keccak(text="Ballot(uint256 proposalId,uint8 support)").hex() == ballot
    assert (
        keccak(text="ExtendedBallot(uint256 proposalId,uint8 support,string reason,bytes params)").hex()
        == extended
    )


def test_cast_vote_by_sig__signed__is_the_vote_of_the_signer(
    council, proposal, separator, delegator, stranger
):
    signature = sign(delegator, separator, ballot_hash(proposal.id, AGAINST))

    receipt = council.governor.castVoteBySig.send(proposal.id, AGAINST, *split(signature), sender=stranger)

    assert receipt.return_value == 100
    receipt.assert_events([council.vote_cast(delegator, proposal, AGAINST, 100)])
    assert council.tally(proposal) == (100, 0, 0)
    assert council.governor.hasVoted(proposal.id, stranger) is False


def test_cast_vote_by_sig__replayed__has_voted_already(
    chain, council, proposal, separator, delegator, stranger
):
    signature = sign(delegator, separator, ballot_hash(proposal.id, FOR))
    council.governor.castVoteBySig.send(proposal.id, FOR, *split(signature), sender=stranger)

    with chain.reverts("VoteAlreadyCast"):
        council.governor.castVoteBySig.send(proposal.id, FOR, *split(signature), sender=stranger)


@pytest.mark.parametrize("changed", ["support", "chain", "contract", "name"])
def test_cast_vote_by_sig__signed_for_something_else__is_somebody_elses_vote(
    council, proposal, delegator, stranger, changed
):
    fields = {
        "name": "LivepeerGovernor",
        "version": "1",
        "chain_id": CHAIN_ID,
        "contract": council.governor.address,
    }
    other = {
        "chain": ("chain_id", 1),
        "contract": ("contract", stranger.address),
        "name": ("name", "Governor"),
    }
    if changed in other:
        key, value = other[changed]
        fields[key] = value
    support = AGAINST if changed == "support" else FOR
    signature = sign(delegator, domain_separator(*fields.values()), ballot_hash(proposal.id, support))

    receipt = council.governor.castVoteBySig.send(proposal.id, FOR, *split(signature), sender=stranger)

    assert receipt.event("VoteCast")["voter"] != delegator
    assert council.tally(proposal) == (0, 0, 0)
    assert council.governor.hasVoted(proposal.id, delegator) is False


def test_cast_vote_by_sig__no_signature__reverts(chain, council, proposal, stranger):
    for v in (0, 26, 29):
        with chain.reverts("ECDSAInvalidSignature"):
            council.governor.castVoteBySig.send(
                proposal.id, FOR, v, b"\x01" * 32, b"\x01" * 32, sender=stranger
            )


def test_cast_vote_by_sig__malleable_signature__reverts(
    chain, council, proposal, separator, delegator, stranger
):
    v, r, s = split(sign(delegator, separator, ballot_hash(proposal.id, FOR)))
    high = (CURVE_ORDER - int.from_bytes(s, "big")).to_bytes(32, "big")

    with chain.reverts("ECDSAInvalidSignatureS", s=high):
        council.governor.castVoteBySig.send(proposal.id, FOR, 55 - v, r, high, sender=stranger)


@pytest.mark.parametrize("params", [b"", b"\x01\x02"])
def test_cast_vote_with_reason_and_params_by_sig__signed__is_the_vote_of_the_signer(
    council, proposal, separator, delegator, stranger, params
):
    signed = extended_ballot_hash(proposal.id, FOR, "because", params)
    signature = sign(delegator, separator, signed)

    receipt = council.governor.castVoteWithReasonAndParamsBySig.send(
        proposal.id, FOR, "because", params, *split(signature), sender=stranger
    )

    assert receipt.return_value == 100
    cast = receipt.events[0]
    assert (cast.name, cast["voter"], cast["reason"]) == (
        "VoteCastWithParams" if params else "VoteCast",
        delegator,
        "because",
    )
    assert council.tally(proposal) == (0, 100, 0)


@pytest.mark.parametrize(("reason", "params"), [("Because", b"\x01"), ("because", b"\x02")])
def test_cast_vote_with_reason_and_params_by_sig__reason_or_params_changed__is_somebody_elses_vote(
    council, proposal, separator, delegator, stranger, reason, params
):
    signed = extended_ballot_hash(proposal.id, FOR, "because", b"\x01")
    signature = sign(delegator, separator, signed)

    council.governor.castVoteWithReasonAndParamsBySig.send(
        proposal.id, FOR, reason, params, *split(signature), sender=stranger
    )

    assert council.governor.hasVoted(proposal.id, delegator) is False


def test_cast_vote_with_reason_and_params_by_sig__no_signature__reverts(chain, council, proposal, stranger):
    with chain.reverts("ECDSAInvalidSignature"):
        council.governor.castVoteWithReasonAndParamsBySig.send(
            proposal.id, FOR, "because", b"", 0, b"\x01" * 32, b"\x01" * 32, sender=stranger
        )


# ---- of OpenZeppelin 5


def test_cast_vote_by_sig__with_voter__uses_a_nonce_up(council, proposal, separator, delegator, stranger):
    signature = sign(delegator, separator, voters_ballot_hash(proposal.id, FOR, delegator, 0))

    receipt = council.governor.castVoteBySig.send(proposal.id, FOR, delegator, signature, sender=stranger)

    receipt.assert_events([council.vote_cast(delegator, proposal, FOR, 100)])
    assert council.governor.nonces(delegator) == 1
    with council.chain.reverts("GovernorInvalidSignature", voter=delegator):
        council.governor.castVoteBySig.send(proposal.id, FOR, delegator, signature, sender=stranger)


def test_cast_vote_by_sig__with_another_voter__reverts(
    chain, council, proposal, separator, delegator, stranger
):
    signature = sign(stranger, separator, voters_ballot_hash(proposal.id, FOR, delegator, 0))

    with chain.reverts("GovernorInvalidSignature", voter=delegator):
        council.governor.castVoteBySig.send(proposal.id, FOR, delegator, signature, sender=stranger)


@pytest.mark.parametrize("params", [b"", b"\x01\x02"])
def test_cast_vote_with_reason_and_params_by_sig__with_voter__uses_a_nonce_up(
    council, proposal, separator, delegator, stranger, params
):
    signed = voters_extended_ballot_hash(proposal.id, FOR, delegator, 0, "because", params)
    signature = sign(delegator, separator, signed)
    arguments = (proposal.id, FOR, delegator, "because", params, signature)

    council.governor.castVoteWithReasonAndParamsBySig.send(*arguments, sender=stranger)

    assert council.tally(proposal) == (0, 100, 0)
    assert council.governor.nonces(delegator) == 1
    with council.chain.reverts("GovernorInvalidSignature", voter=delegator):
        council.governor.castVoteWithReasonAndParamsBySig.send(*arguments, sender=stranger)


def test_cast_vote_by_sig__of_a_contract__asks_it(chain, council, separator, stranger):
    wallet = chain.deploy("ContractWallet__Mock")
    council.power(wallet.address, 70)
    proposal = council.propose_and_open()
    signed = voters_ballot_hash(proposal.id, FOR, wallet.address, 0)

    with chain.reverts("GovernorInvalidSignature", voter=wallet):
        council.governor.castVoteBySig.send(proposal.id, FOR, wallet, b"", sender=stranger)
    wallet.setSigned.send(keccak(b"\x19\x01" + separator + signed), sender=stranger)
    council.governor.castVoteBySig.send(proposal.id, FOR, wallet, b"", sender=stranger)

    assert council.tally(proposal) == (0, 70, 0)
