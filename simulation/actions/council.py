"""Stake-weighted governance: proposals, votes, what they decide about, and what nobody may do.

Where a run has no governance these actions have nothing to do.
"""

from collections.abc import Sequence

from reference_model.constants import PPM_WHOLE, RAY_WHOLE, ZERO_ADDRESS
from reference_model.counting import ABSTAIN, AGAINST, FOR
from reference_model.governance import LivepeerGovernor
from reference_model.proposals import ProposalState
from reference_model.treasury import (
    CANCELLER_ROLE,
    EXECUTOR_ROLE,
    PROPOSER_ROLE,
    READY,
    Treasury,
)
from simulation.actions.orchestrators import next_round
from simulation.actions.who import anybody, staker, staker_who
from simulation.amounts import part_of
from simulation.calls import Call, Draft, Mine, Step, UpdateCall, parts_of
from simulation.cast import Stage
from simulation.chain.engine import BLOCK_SECONDS
from simulation.choices import Choices, one_in

GOVERNOR, TREASURY, TOKEN, CONTROLLER = "LivepeerGovernor", "Treasury", "LivepeerToken", "Controller"
LPT = 10**18
SUPPORTS = (FOR, FOR, FOR, AGAINST, ABSTAIN)


def governor_of(world: Stage) -> LivepeerGovernor:
    return world.model.contracts[world.cast.addresses[GOVERNOR]]


def treasury_of(world: Stage) -> Treasury:
    return world.model.contracts[world.cast.addresses[TREASURY]]


def drafts(world: Stage, *states: ProposalState) -> list[Draft]:
    """What has been proposed, the latest last; in one of the states, if any are given."""
    if not world.cast.has_governance:
        return []
    governor = governor_of(world)
    proposed = {
        step.arguments[0]: None
        for step in world.trace
        if isinstance(step, Call) and step.function == "propose" and step.contract == GOVERNOR
    }
    ids = {draft: parts_of(draft).proposal_id for draft in proposed}
    return [
        draft
        for draft, proposal_id in ids.items()
        if governor.proposals[proposal_id].vote_start
        and (not states or governor.state(proposal_id) in states)
    ]


def some_draft(world: Stage, choices: Choices, *states: ProposalState) -> Draft | None:
    """A proposal in one of the states mostly, if there is one; else any."""
    fitting = drafts(world, *states)
    if not fitting or one_in(choices, 10):
        fitting = drafts(world)
    return choices.pick(fitting) if fitting else None


# ---- proposals


def bond_plenty(world: Stage, choices: Choices) -> Call:
    """Enough for a proposal and a poll; to an orchestrator as often as to oneself."""
    sender, pool = staker(world, choices), world.model.bonding_manager.pool.members
    most = world.model.token.balances[sender] // 2
    to = choices.pick((sender, choices.pick(pool))) if pool else sender
    return Call(sender, "BondingManager", "bond", (min(most, choices.integer(100, 300) * LPT), to))


def propose(world: Stage, choices: Choices) -> Call | None:
    """A new proposal mostly, by somebody with enough votes mostly."""
    if not world.cast.has_governance:
        return None
    sender = staker_who(world, choices, lambda account: _may_propose(world, account))
    kind = choices.integer(0, 15)
    known = drafts(world)
    if kind == 15 and known:
        return Call(sender, GOVERNOR, "propose", (choices.pick(known),))
    if kind == 14:
        missing = choices.integer(0, 1)
        calls = tuple(_measure(world, choices) for _ in range(missing))
        return Call(sender, GOVERNOR, "propose", (Draft(calls, _text(world), missing),))
    text = _text(world)
    if kind == 13:
        text += f"#proposer={staker(world, choices)}"
    if kind == 12:
        text += f"#proposer={sender}"
    if kind == 10:
        # The first needs no permission: the second has to be found behind it.
        calls = (
            to(world, GOVERNOR, "bumpGovernorVotesTokenAddress"),
            choices.pick(_settings(world, choices)),
        )
        return Call(sender, GOVERNOR, "propose", (Draft(calls, text),))
    if kind == 11:
        # Somebody who can do without proposals from then on.
        somebody = world.cast.stakers[0]
        roles = (PROPOSER_ROLE, EXECUTOR_ROLE, CANCELLER_ROLE)
        calls = tuple(to(world, TREASURY, "grantRole", role, somebody) for role in roles)
        return Call(sender, GOVERNOR, "propose", (Draft(calls, text),))
    count = 2 if one_in(choices, 5) else 1
    calls = tuple(_measure(world, choices) for _ in range(count))
    return Call(sender, GOVERNOR, "propose", (Draft(calls, text),))


def _may_propose(world: Stage, account: str) -> bool:
    governor = governor_of(world)
    round_number = governor.clock()
    votes = governor.get_votes(account, round_number - 1) if round_number else 0
    return votes >= governor.proposal_threshold


def cancel(world: Stage, choices: Choices) -> Call | None:
    """By its proposer while it can be cancelled, mostly."""
    draft = some_draft(world, choices, ProposalState.PENDING)
    if draft is None:
        return None
    proposer = governor_of(world).proposal_proposer(parts_of(draft).proposal_id)
    sender = staker(world, choices) if one_in(choices, 5) else proposer
    return Call(sender, GOVERNOR, "cancel", (draft,))


def queue(world: Stage, choices: Choices) -> Call | None:
    draft = some_draft(world, choices, ProposalState.SUCCEEDED)
    return None if draft is None else Call(anybody(world, choices), GOVERNOR, "queue", (draft,))


def execute(world: Stage, choices: Choices) -> Call | None:
    """With wei for the treasury now and then."""
    draft = some_draft(world, choices, ProposalState.QUEUED)
    if draft is None:
        return None
    wei = choices.integer(1, 10**9) if one_in(choices, 6) else 0
    return Call(staker(world, choices), GOVERNOR, "execute", (draft,), wei)


def advance(world: Stage, choices: Choices) -> Step | None:
    """What brings one of the latest proposals a step further; a new one where there is none."""
    if not world.cast.has_governance:
        return None
    governor = governor_of(world)
    live = drafts(
        world,
        ProposalState.PENDING,
        ProposalState.ACTIVE,
        ProposalState.SUCCEEDED,
        ProposalState.QUEUED,
    )
    # What has failed to execute would fail again.
    tried = {
        step.arguments[0] for step in world.trace if isinstance(step, Call) and step.function == "execute"
    }
    live = [draft for draft in live if draft not in tried]
    if not live:
        if any(_may_propose(world, account) for account in world.cast.stakers):
            return propose(world, choices)
        return choices.pick((bond_plenty, next_round))(world, choices)
    draft, sender = choices.pick(live[-3:]), staker(world, choices)
    parts = parts_of(draft)
    state = governor.state(parts.proposal_id)
    if state is ProposalState.SUCCEEDED:
        return Call(sender, GOVERNOR, "queue", (draft,))
    if state is ProposalState.QUEUED:
        treasury = treasury_of(world)
        if treasury.get_operation_state(parts.operation_id) == READY:
            return Call(sender, GOVERNOR, "execute", (draft,))
        wait = treasury.get_timestamp(parts.operation_id) - world.model.timestamp
        return Mine(-(-wait // BLOCK_SECONDS))
    if state is ProposalState.ACTIVE and (voters := _voters_left(world, draft)) and not one_in(choices, 4):
        return Call(max(voters, key=voters.get), GOVERNOR, "castVote", (draft, FOR))
    return next_round(world, choices)


# ---- votes


def vote(world: Stage, choices: Choices) -> Call | None:
    """By somebody who can mostly."""
    draft = some_draft(world, choices, ProposalState.ACTIVE)
    if draft is None:
        return None
    voter = _voter(world, choices, draft)
    support = 3 + choices.integer(0, 252) if one_in(choices, 20) else choices.pick(SUPPORTS)
    kind = choices.integer(0, 7)
    if kind == 6:
        reason = choices.pick(("because", "", "Wörter"))
        return Call(voter, GOVERNOR, "castVoteWithReason", (draft, support, reason))
    if kind == 7:
        params = choices.pick((b"", b"\x01"))
        return Call(voter, GOVERNOR, "castVoteWithReasonAndParams", (draft, support, "because", params))
    subject = choices.integer(0, 9) if one_in(choices, 30) else draft
    return Call(voter, GOVERNOR, "castVote", (subject, support))


def _voter(world: Stage, choices: Choices, draft: Draft) -> str:
    """Somebody with votes mostly, a delegator as often as an orchestrator."""
    voters = tuple(_voters_left(world, draft))
    if not voters or one_in(choices, 8):
        return anybody(world, choices)
    governor, source = governor_of(world), world.model.bonding_votes
    snapshot = governor.proposal_snapshot(parts_of(draft).proposal_id)
    delegators = [voter for voter in voters if source.delegated_at(voter, snapshot) != voter]
    return choices.pick(delegators if delegators and one_in(choices, 2) else voters)


def _voters_left(world: Stage, draft: Draft) -> dict[str, int]:
    """Stakers with votes who have not voted, with their votes; empty before the snapshot is over."""
    governor, proposal_id = governor_of(world), parts_of(draft).proposal_id
    snapshot = governor.proposal_snapshot(proposal_id)
    if snapshot >= governor.clock():
        return {}
    votes = {account: governor.get_votes(account, snapshot) for account in world.cast.stakers}
    return {
        account: weight
        for account, weight in votes.items()
        if weight > 0 and not governor.has_voted(proposal_id, account)
    }


# ---- what proposals decide about


def _text(world: Stage) -> str:
    return f"Proposal after {len(world.trace)} steps "


def _measure(world: Stage, choices: Choices) -> UpdateCall:
    """A call that a proposal may make, as often to the governor itself as to anybody else."""
    return choices.pick((_settings if one_in(choices, 2) else _measures)(world, choices))


def _settings(world: Stage, choices: Choices) -> Sequence[UpdateCall]:
    """What the governor takes from proposals alone: some of it is refused."""
    payee = choices.pick((*world.cast.stakers, world.cast.attacker))
    quorums = (333_300, 0, 1, PPM_WHOLE, PPM_WHOLE + 1)
    return (
        to(world, GOVERNOR, "setVotingDelay", choices.pick((0, 1, 2, 2**32))),
        to(world, GOVERNOR, "setVotingPeriod", choices.pick((1, 2, 3, 0))),
        to(world, GOVERNOR, "setProposalThreshold", choices.pick((0, LPT, 100 * LPT))),
        to(world, GOVERNOR, "updateQuorumNumerator", choices.pick(quorums)),
        to(world, GOVERNOR, "updateTimelock", treasury_of(world).address),
        to(world, GOVERNOR, "relay", payee, choices.integer(0, 1), b""),
        UpdateCall(governor_of(world).address, GOVERNOR, "", (), choices.integer(0, 1)),
    )


def _measures(world: Stage, choices: Choices) -> Sequence[UpdateCall]:
    """What proposals do elsewhere: some of it works, some never will."""
    model, cast, treasury = world.model, world.cast, treasury_of(world)
    payee = choices.pick((*cast.stakers, cast.attacker, treasury.address))
    role = choices.pick((PROPOSER_ROLE, EXECUTOR_ROLE, CANCELLER_ROLE))
    # Without its roles the governor can do nothing any more.
    holder = governor_of(world).address if one_in(choices, 12) else choices.pick(cast.stakers[:2])
    lpt = part_of(choices, model.token.balances[treasury.address])
    wei = min(part_of(choices, model.ether[treasury.address]), 10**18 * choices.integer(1, 5))
    return (
        to(world, TOKEN, "transfer", payee, lpt),
        UpdateCall(payee, TOKEN, "", (), wei),
        to(world, TOKEN, "transfer", payee, 1),
        to(world, TREASURY, "updateDelay", choices.pick((0, 60, 600))),
        to(world, TREASURY, "grantRole", role, holder),
        to(world, TREASURY, "grantRole", EXECUTOR_ROLE, ZERO_ADDRESS),
        to(world, TREASURY, "revokeRole", role, holder),
        to(world, "BondingManager", "setUnbondingPeriod", choices.integer(0, 3)),
        to(
            world,
            "BondingManager",
            "setTreasuryRewardCutRate",
            choices.pick((0, RAY_WHOLE // 10, RAY_WHOLE + 1)),
        ),
        to(world, "RoundsManager", "setRoundLockAmount", choices.pick((0, 100_000, PPM_WHOLE + 1))),
        to(world, CONTROLLER, "transferOwnership", choices.pick((cast.owner, ZERO_ADDRESS))),
    )


def to(world: Stage, contract: str, function: str, *arguments: object) -> UpdateCall:
    return UpdateCall(world.cast.addresses[contract], contract, function, arguments)


def entrust(world: Stage, choices: Choices) -> Call | None:
    """Give the Controller to the treasury: then proposals decide about the protocol, until one gives it back."""
    if not world.cast.has_governance:
        return None
    treasury = treasury_of(world).address
    return Call(world.cast.owner, CONTROLLER, "transferOwnership", (treasury,))


def fund_treasury(world: Stage, choices: Choices) -> Call | None:
    """LPT for the treasury, or for the governor, which cannot use it without a proposal."""
    if not world.cast.has_governance:
        return None
    sender = staker(world, choices)
    to = governor_of(world).address if one_in(choices, 8) else treasury_of(world).address
    amount = part_of(choices, world.model.token.balances[sender] // 8)
    return Call(sender, TOKEN, "transfer", (to, amount))
