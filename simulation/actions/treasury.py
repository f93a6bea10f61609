"""What nobody may do to governor and treasury, but who has a role.

Where a run has no governance these actions have nothing to do.
"""

from reference_model.governance_cryptography import Calls
from reference_model.proposals import ProposalState
from reference_model.treasury import (
    ADMINISTERED_ROLES,
    CANCELLER_ROLE,
    EXECUTOR_ROLE,
    NO_PREDECESSOR,
    PROPOSER_ROLE,
    READY,
    WAITING,
)
from simulation.actions.council import GOVERNOR, TOKEN, TREASURY, governor_of, some_draft, to, treasury_of
from simulation.actions.who import staker, staker_who
from simulation.calls import Call, Draft, parts_of
from simulation.cast import Stage
from simulation.choices import Choices, one_in

# What is done past the governor: the role that it takes, and the states of proposals for which it means something.
TREASURY_USES = (
    (PROPOSER_ROLE, (ProposalState.SUCCEEDED, ProposalState.CANCELED)),
    (PROPOSER_ROLE, ()),
    (EXECUTOR_ROLE, (ProposalState.QUEUED,)),
    (EXECUTOR_ROLE, (ProposalState.QUEUED,)),
    (CANCELLER_ROLE, (ProposalState.QUEUED,)),
)


def trespass_council(world: Stage, choices: Choices) -> Call | None:
    """Call what is for executed proposals, for the deployer, for the treasury itself, or for tokens of other kinds."""
    if not world.cast.has_governance:
        return None
    cast, account, governor = world.cast, staker(world, choices), governor_of(world)
    treasury = treasury_of(world).address
    role = choices.pick(ADMINISTERED_ROLES)
    calls = (
        (GOVERNOR, "setVotingDelay", (0,)),
        (GOVERNOR, "setVotingPeriod", (1,)),
        (GOVERNOR, "setProposalThreshold", (0,)),
        (GOVERNOR, "updateQuorumNumerator", (0,)),
        (GOVERNOR, "updateTimelock", (account,)),
        (GOVERNOR, "relay", (account, 0, b"")),
        (GOVERNOR, "initialize", (1, 1, 1, 1, 1)),
        ("LivepeerGovernorTarget", "initialize", (1, 1, 1, 1, 1)),
        (GOVERNOR, "bumpGovernorVotesTokenAddress", ()),
        (GOVERNOR, "onERC721Received", (account, account, 1, b"")),
        (GOVERNOR, "onERC1155Received", (account, account, 1, 1, b"")),
        (GOVERNOR, "onERC1155BatchReceived", (account, account, (1,), (1,), b"")),
        (GOVERNOR, "setController", (account,)),
        ("MerkleSnapshot", "setController", (account,)),
        (TREASURY, "onERC721Received", (account, account, 1, b"")),
        (TREASURY, "onERC1155Received", (account, account, 1, 1, b"")),
        (TREASURY, "onERC1155BatchReceived", (account, account, (1,), (1,), b"")),
        (TREASURY, "initialize", (0, (), (), account)),
        (TREASURY, "updateDelay", (0,)),
        (TREASURY, "grantRole", (role, account)),
        (TREASURY, "revokeRole", (role, governor.address)),
        (TREASURY, "renounceRole", (role, account)),
        (TREASURY, "renounceRole", (role, governor.address)),
    )
    # The treasury itself, outside of any proposal: a governor that lets it would let every executor.
    sender = choices.pick((account, cast.attacker, cast.owner, *((treasury,) if one_in(choices, 4) else ())))
    contract, function, arguments = choices.pick(calls)
    if sender == treasury and contract == TREASURY:
        sender = cast.attacker
    return Call(sender, contract, function, arguments)


def use_treasury(world: Stage, choices: Choices) -> Call | None:
    """Operations past the governor: refused, unless a proposal has given somebody the role."""
    if not world.cast.has_governance:
        return None
    treasury = treasury_of(world)
    held = [
        kind
        for kind, (role, _) in enumerate(TREASURY_USES)
        if any(treasury.has_role(role, account) for account in world.cast.stakers)
    ]
    kind = choices.pick(held) if held and not one_in(choices, 4) else choices.integer(0, 4)
    role = TREASURY_USES[kind][0]
    sender = staker_who(world, choices, lambda account: treasury.has_role(role, account))
    is_batch = kind in (0, 2)
    draft, predecessor = _operation(world, choices, TREASURY_USES[kind][1], is_batch=is_batch)
    if not is_batch:  # of one call, which is there
        draft = draft._replace(missing=0)
    delay = treasury.min_delay if not one_in(choices, 4) else choices.integer(0, 60)
    calls = (
        ("scheduleBatch", (draft, predecessor, delay)),
        ("schedule", (draft, predecessor, delay)),
        ("executeBatch", (draft, predecessor)),
        ("execute", (draft, predecessor)),
        ("cancel", (draft,)),
    )
    function, arguments = calls[kind]
    return Call(sender, TREASURY, function, arguments)


def _operation(
    world: Stage, choices: Choices, states: tuple[ProposalState, ...], *, is_batch: bool
) -> tuple[Draft, bytes]:
    """What a proposal in one of the states does, what was scheduled past the governor, or something new; after what."""
    function = "scheduleBatch" if is_batch else "schedule"
    asked = [
        step.arguments[:2]
        for step in world.trace
        if isinstance(step, Call) and step.contract == TREASURY and step.function == function
    ]
    scheduled = [one for one in asked if _is_pending(world, *one, is_batch=is_batch)]
    if scheduled and one_in(choices, 2):
        return choices.pick(scheduled)
    predecessor = bytes(31) + b"\x01" if one_in(choices, 3) else NO_PREDECESSOR
    draft = some_draft(world, choices, *states)
    if draft is None or one_in(choices, 3):
        draft = Draft((to(world, TOKEN, "transfer", world.cast.attacker, 0),), "", choices.integer(0, 5) // 5)
    return draft, predecessor


def _is_pending(world: Stage, draft: Draft, predecessor: bytes, *, is_batch: bool) -> bool:
    """Whether the treasury is to execute all calls of a draft, or its first one."""
    treasury, parts = treasury_of(world), parts_of(draft)
    calls = Calls(parts.targets, parts.values, parts.messages)
    if is_batch:
        number = treasury.cryptography.hash_operation_batch(calls, predecessor, parts.salt)
    else:
        number = treasury.cryptography.hash_operation(calls, predecessor, parts.salt)
    return treasury.get_operation_state(number) in (WAITING, READY)
