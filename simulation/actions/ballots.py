"""Votes that somebody else brings: signed as they should be mostly."""

from reference_model.proposals import ProposalState
from simulation.actions.council import GOVERNOR, SUPPORTS, governor_of, some_draft
from simulation.actions.who import anybody, staker
from simulation.ballots import (
    ballot_hash,
    extended_ballot_hash,
    sign,
    split,
    voters_ballot_hash,
    voters_extended_ballot_hash,
)
from simulation.calls import Call, parts_of
from simulation.cast import Stage
from simulation.chain.engine import CHAIN_ID
from simulation.choices import Choices, one_in
from simulation.signing import domain_separator
from simulation.tickets import CURVE_ORDER

REASON, PARAMS = "by post", b"\x02"


def vote_by_signature(world: Stage, choices: Choices) -> Call | None:
    draft = some_draft(world, choices, ProposalState.ACTIVE)
    if draft is None:
        return None
    governor, proposal_id = governor_of(world), parts_of(draft).proposal_id
    voter, support = staker(world, choices), choices.pick(SUPPORTS)
    signer = world.cast.attacker if one_in(choices, 6) else voter
    nonce = governor.nonces[voter] + (1 if one_in(choices, 6) else 0)
    separator = domain_separator("LivepeerGovernor", "1", CHAIN_ID, governor.address)
    extended = (REASON, PARAMS) if one_in(choices, 3) else ()
    names_voter = one_in(choices, 2)
    if extended:
        hashed = (
            voters_extended_ballot_hash(proposal_id, support, voter, nonce, *extended)
            if names_voter
            else extended_ballot_hash(proposal_id, support, *extended)
        )
    else:
        hashed = (
            voters_ballot_hash(proposal_id, support, voter, nonce)
            if names_voter
            else ballot_hash(proposal_id, support)
        )
    signature = sign(signer, separator, hashed)
    function = "castVoteWithReasonAndParamsBySig" if extended else "castVoteBySig"
    if names_voter:
        signed = (voter, *extended, signature[:64] if one_in(choices, 12) else signature)
    else:
        signed = (*extended, *_damaged(choices, *split(signature)))
    return Call(anybody(world, choices), GOVERNOR, function, (draft, support, *signed))


def _damaged(choices: Choices, v: int, r: bytes, s: bytes) -> tuple[int, bytes, bytes]:
    """The signature as it is mostly; its twin, or with a recovery byte that means nothing."""
    kind = choices.integer(0, 15)
    if kind == 14:
        return 55 - v, r, (CURVE_ORDER - int.from_bytes(s, "big")).to_bytes(32, "big")
    return (choices.pick((0, 26, 29)), r, s) if kind == 15 else (v, r, s)
