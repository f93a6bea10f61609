"""Votes by signature (EIP-712): the forms of the deployed governor, and those of OpenZeppelin 5, which name the voter.

separator = domain_separator("LivepeerGovernor", "1", chain_id, governor.address)
v, r, s = split(sign(voter, separator, ballot_hash(proposal_id, FOR)))
"""

from eth_utils import keccak

from simulation.chain.actors import Actor
from simulation.chain.addresses import raw_address

BALLOT_TYPE = "Ballot(uint256 proposalId,uint8 support)"
EXTENDED_BALLOT_TYPE = "ExtendedBallot(uint256 proposalId,uint8 support,string reason,bytes params)"
VOTERS_BALLOT_TYPE = "Ballot(uint256 proposalId,uint8 support,address voter,uint256 nonce)"
VOTERS_EXTENDED_BALLOT_TYPE = (
    "ExtendedBallot(uint256 proposalId,uint8 support,address voter,uint256 nonce,string reason,bytes params)"
)


def ballot_hash(proposal_id: int, support: int) -> bytes:
    """What a voter signs for the deployed `castVoteBySig`."""
    return _struct_hash(BALLOT_TYPE, _word(proposal_id), _word(support))


def extended_ballot_hash(proposal_id: int, support: int, reason: str, params: bytes) -> bytes:
    """What a voter signs for the deployed `castVoteWithReasonAndParamsBySig`."""
    return _struct_hash(
        EXTENDED_BALLOT_TYPE, _word(proposal_id), _word(support), keccak(text=reason), keccak(params)
    )


def voters_ballot_hash(proposal_id: int, support: int, voter: str, nonce: int) -> bytes:
    """What a voter signs for OpenZeppelin's `castVoteBySig`."""
    voter_word = raw_address(voter).rjust(32, b"\0")
    return _struct_hash(VOTERS_BALLOT_TYPE, _word(proposal_id), _word(support), voter_word, _word(nonce))


def voters_extended_ballot_hash(
    proposal_id: int, support: int, voter: str, nonce: int, reason: str, params: bytes
) -> bytes:
    """What a voter signs for OpenZeppelin's `castVoteWithReasonAndParamsBySig`."""
    voter_word = raw_address(voter).rjust(32, b"\0")
    words = [_word(proposal_id), _word(support), voter_word, _word(nonce), keccak(text=reason)]
    return _struct_hash(VOTERS_EXTENDED_BALLOT_TYPE, *words, keccak(params))


def sign(voter: Actor, separator: bytes, struct_hash: bytes) -> bytes:
    """r, s, v over a ballot of the contract that the separator names."""
    return voter.sign_digest(keccak(b"\x19\x01" + separator + struct_hash))


def split(signature: bytes) -> tuple[int, bytes, bytes]:
    """v, r, s."""
    return signature[64], signature[:32], signature[32:64]


def _struct_hash(type_: str, *words: bytes) -> bytes:
    return keccak(b"".join([keccak(text=type_), *words]))


def _word(value: int) -> bytes:
    return value.to_bytes(32, "big")
