"""What may happen: each action makes one step out of the state of the model and some choices.

An action knows what would work and mostly proposes that, but not always; whether a call may succeed is for the
model to say.  `ACTIONS` gives each a weight.
"""

from collections.abc import Callable
from dataclasses import replace

from reference_model.constants import MAX_UINT256, PPM_WHOLE, RAY_WHOLE, STATUS_BONDED, ZERO_ADDRESS
from tests.helpers.tickets import SignedTicket, Ticket, compact, twin
from tests.stateful.amounts import face_value, part_of, stake_amount
from tests.stateful.calls import Batch, Call, Mine, Step
from tests.stateful.cast import Stage
from tests.stateful.choices import Choices, one_in

Action = Callable[[Stage, Choices], Step | None]

MANAGER, BROKER = "BondingManager", "TicketBroker"


# ---- who


def staker(world: Stage, choices: Choices) -> str:
    return choices.pick(world.cast.stakers)


def staker_who(world: Stage, choices: Choices, suits: Callable[[str], bool]) -> str:
    """A staker for whom something holds mostly, if there is one."""
    suitable = [account for account in world.cast.stakers if suits(account)]
    if suitable and not one_in(choices, 8):
        return choices.pick(suitable)
    return staker(world, choices)


def bonded_staker(world: Stage, choices: Choices) -> str:
    """A staker whose bond counts mostly."""
    status_of = world.model.bonding_manager.delegator_status
    return staker_who(world, choices, lambda account: status_of(account) == STATUS_BONDED)


def anybody(world: Stage, choices: Choices) -> str:
    """A staker mostly; now and then somebody who should not be there."""
    if not one_in(choices, 12):
        return staker(world, choices)
    cast = world.cast
    return choices.pick((cast.attacker, cast.migrator, cast.owner, ZERO_ADDRESS, *cast.gateways))


def delegate_for(world: Stage, choices: Choices, account: str) -> str:
    """Somebody to point a bond at: its delegate, itself, an orchestrator, anybody."""
    kind = choices.integer(0, 9)
    delegator = world.model.bonding_manager.delegators[account]
    if kind <= 2:
        return account
    if kind <= 4 and delegator.delegate != ZERO_ADDRESS:
        return delegator.delegate
    if kind <= 7:
        members = world.model.bonding_manager.pool.members
        return choices.pick(members) if members else account
    return anybody(world, choices)


def orchestrator(world: Stage, choices: Choices) -> str:
    """Somebody active mostly."""
    manager = world.model.bonding_manager
    active = [account for account in world.cast.stakers if manager.is_active_transcoder(account)]
    if active and not one_in(choices, 8):
        return choices.pick(active)
    return anybody(world, choices)


# ---- bonds


def bond(world: Stage, choices: Choices) -> Call:
    sender = staker(world, choices)
    amount = stake_amount(choices, world.model.token.balances[sender])
    to = delegate_for(world, choices, sender)
    if one_in(choices, 6):
        return Call(sender, MANAGER, "bondWithHint", (amount, to, *hints(world, choices, 4)))
    return Call(sender, MANAGER, "bond", (amount, to))


def challenge(world: Stage, choices: Choices) -> Call:
    """Bond as much as the last of the pool has, or a little more or less: ties never evict."""
    manager = world.model.bonding_manager
    sender = staker_who(world, choices, lambda account: account not in manager.pool)
    target = manager.delegators[manager.pool.last()].delegated_amount if manager.pool.size else 10**18
    missing = target - manager.delegators[sender].delegated_amount + choices.integer(0, 2) - 1
    return Call(sender, MANAGER, "bond", (max(0, missing), sender))


def move_bond(world: Stage, choices: Choices) -> Call:
    delegators = world.model.bonding_manager.delegators

    def has_delegate(account: str) -> bool:
        return delegators[account].bonded_amount > 0 and delegators[account].delegate != account

    sender = staker_who(world, choices, has_delegate)
    return Call(sender, MANAGER, "bond", (0, delegate_for(world, choices, sender)))


def bond_for(world: Stage, choices: Choices) -> Call:
    sender = world.cast.migrator if one_in(choices, 3) else anybody(world, choices)
    owner = anybody(world, choices)
    amount = stake_amount(choices, world.model.token.balances[sender])
    to = delegate_for(world, choices, owner)
    return Call(sender, MANAGER, "bondForWithHint", (amount, owner, to, *hints(world, choices, 4)))


def unbond(world: Stage, choices: Choices) -> Call:
    sender = bonded_staker(world, choices)
    amount = part_of(choices, world.model.bonding_manager.pending_stake(sender))
    if one_in(choices, 6):
        return Call(sender, MANAGER, "unbondWithHint", (amount, *hints(world, choices, 2)))
    return Call(sender, MANAGER, "unbond", (amount,))


def rebond(world: Stage, choices: Choices) -> Call:
    sender, lock_id = lock_of_somebody(world, choices)
    if one_in(choices, 6):
        return Call(sender, MANAGER, "rebondWithHint", (lock_id, *hints(world, choices, 2)))
    return Call(sender, MANAGER, "rebond", (lock_id,))


def rebond_from_unbonded(world: Stage, choices: Choices) -> Call:
    sender, lock_id = lock_of_somebody(world, choices)
    to = delegate_for(world, choices, sender)
    if one_in(choices, 6):
        return Call(sender, MANAGER, "rebondFromUnbondedWithHint", (to, lock_id, *hints(world, choices, 2)))
    return Call(sender, MANAGER, "rebondFromUnbonded", (to, lock_id))


def rebond_somehow(world: Stage, choices: Choices) -> Call:
    """The one of the two that fits the bond of the lock's owner."""
    sender, lock_id = lock_of_somebody(world, choices)
    if world.model.bonding_manager.delegators[sender].bonded_amount > 0:
        return Call(sender, MANAGER, "rebond", (lock_id,))
    to = delegate_for(world, choices, sender)
    return Call(sender, MANAGER, "rebondFromUnbonded", (to, lock_id))


def transfer_bond(world: Stage, choices: Choices) -> Call:
    sender = bonded_staker(world, choices)
    receiver = anybody(world, choices)
    amount = part_of(choices, world.model.bonding_manager.pending_stake(sender))
    return Call(sender, MANAGER, "transferBond", (receiver, amount, *hints(world, choices, 4)))


def withdraw_stake(world: Stage, choices: Choices) -> Call:
    return Call(*_with_lock(*lock_of_somebody(world, choices)))


def _with_lock(sender: str, lock_id: int) -> tuple:
    return sender, MANAGER, "withdrawStake", (lock_id,)


def lock_of_somebody(world: Stage, choices: Choices) -> tuple[str, int]:
    """An open lock mostly; else an id that may not exist."""
    locks = [
        (account, lock_id)
        for account in world.cast.stakers
        for lock_id, lock in world.model.bonding_manager.locks[account].items()
        if lock.withdraw_round > 0
    ]
    if locks and not one_in(choices, 8):
        return choices.pick(locks)
    return staker(world, choices), choices.integer(0, 3)


def withdraw_fees(world: Stage, choices: Choices) -> Call:
    manager = world.model.bonding_manager
    earning = [account for account in world.cast.stakers if manager.pending_fees(account) > 0]
    sender = choices.pick(earning) if earning else staker(world, choices)
    amount = part_of(choices, manager.pending_fees(sender))
    recipient = sender
    if one_in(choices, 5):
        recipient = choices.pick((world.cast.attacker, ZERO_ADDRESS, world.model.token.address))
    return Call(sender, MANAGER, "withdrawFees", (recipient, amount))


def claim_earnings(world: Stage, choices: Choices) -> Call:
    return Call(anybody(world, choices), MANAGER, "claimEarnings", (choices.integer(0, 9),))


def checkpoint(world: Stage, choices: Choices) -> Call:
    account = anybody(world, choices)
    return Call(world.cast.attacker, MANAGER, "checkpointBondingState", (account,))


def approve(world: Stage, choices: Choices) -> Call:
    amount = choices.pick((MAX_UINT256, 10**18, 0, 5))
    sender = staker(world, choices)
    return Call(sender, "LivepeerToken", "approve", (world.model.bonding_manager.address, amount))


# ---- orchestrators


def set_rates(world: Stage, choices: Choices) -> Call:
    manager, current_round = world.model.bonding_manager, world.model.rounds_manager.current_round()

    def may_set(account: str) -> bool:
        has_rewarded = manager.orchestrators[account].last_reward_round == current_round
        is_free = has_rewarded or not manager.is_active_transcoder(account)
        return is_free and manager.is_registered_transcoder(account)

    sender = staker_who(world, choices, may_set)
    rates = [choices.pick((0, 1, 100_000, 500_000, 999_999, PPM_WHOLE)) for _ in range(2)]
    if one_in(choices, 15):
        rates[choices.integer(0, 1)] = PPM_WHOLE + 1
    if one_in(choices, 6):
        return Call(sender, MANAGER, "transcoderWithHint", (*rates, *hints(world, choices, 2)))
    return Call(sender, MANAGER, "transcoder", tuple(rates))


def reward(world: Stage, choices: Choices) -> Call:
    sender = rewarding(world, choices)
    if one_in(choices, 6):
        return Call(sender, MANAGER, "rewardWithHint", hints(world, choices, 2))
    return Call(sender, MANAGER, "reward")


def rewarding(world: Stage, choices: Choices) -> str:
    """An orchestrator that can reward mostly."""
    manager, current_round = world.model.bonding_manager, world.model.rounds_manager.current_round()

    def may_reward(account: str) -> bool:
        has_rewarded = manager.orchestrators[account].last_reward_round == current_round
        return manager.is_active_transcoder(account) and not has_rewarded

    return staker_who(world, choices, may_reward)


def set_reward_caller(world: Stage, choices: Choices) -> Call:
    caller = choices.pick((*world.cast.stakers[:2], world.cast.attacker, ZERO_ADDRESS))
    return Call(staker(world, choices), MANAGER, "setRewardCaller", (caller,))


def reward_for(world: Stage, choices: Choices) -> Call:
    callers = world.model.bonding_manager.reward_callers
    account = rewarding(world, choices)
    if callers[account] == ZERO_ADDRESS:
        account = staker_who(world, choices, lambda one: callers[one] != ZERO_ADDRESS)
    sender = callers[account] if not one_in(choices, 8) else staker(world, choices)
    if one_in(choices, 6):
        return Call(sender, MANAGER, "rewardForTranscoderWithHint", (account, *hints(world, choices, 2)))
    return Call(sender, MANAGER, "rewardForTranscoder", (account,))


def slash(world: Stage, choices: Choices) -> Call:
    sender = staker(world, choices) if one_in(choices, 8) else world.cast.verifier
    account = orchestrator(world, choices) if one_in(choices, 2) else anybody(world, choices)
    finder = choices.pick((world.cast.attacker, ZERO_ADDRESS, *world.cast.stakers))
    shares = [choices.pick((500_000, 1, 0, 100_000, 999_999, PPM_WHOLE)) for _ in range(2)]
    if one_in(choices, 15):
        shares[choices.integer(0, 1)] = PPM_WHOLE + 1
    return Call(sender, MANAGER, "slashTranscoder", (account, finder, *shares))


def hints(world: Stage, choices: Choices, count: int) -> tuple[str, ...]:
    return tuple(choices.pick((ZERO_ADDRESS, *world.cast.stakers)) for _ in range(count))


# ---- rounds


def next_round(world: Stage, choices: Choices) -> Mine:
    """To the first block of a later round."""
    rounds = world.model.rounds_manager
    skipped = choices.integer(1, 3) if one_in(choices, 6) else 0
    first_block = rounds.current_round_start_block() + (1 + skipped) * rounds.round_length
    return Mine(first_block - world.model.block_number)


def mine(world: Stage, choices: Choices) -> Mine:
    return Mine(choices.integer(1, world.model.rounds_manager.round_length // 3 + 1))


def initialize_round(world: Stage, choices: Choices) -> Call:
    return Call(anybody(world, choices), "RoundsManager", "initializeRound")


# ---- payments


def fund(world: Stage, choices: Choices) -> Call:
    sender = choices.pick(world.cast.gateways)
    amount, other = (choices.integer(0, 4) * 10 ** choices.integer(0, 18) for _ in range(2))
    kind = choices.integer(0, 5)
    if kind <= 1:
        return Call(sender, BROKER, "fundDepositAndReserve", (amount, other), amount + other)
    if kind == 2:
        return Call(sender, BROKER, "fundReserve", (), amount)
    if kind == 3:
        return Call(sender, BROKER, "fundDeposit", (), amount)
    account = choices.pick((*world.cast.gateways, ZERO_ADDRESS))
    surplus = int(one_in(choices, 6))
    arguments = (account, amount, other)
    return Call(
        staker(world, choices), BROKER, "fundDepositAndReserveFor", arguments, amount + other + surplus
    )


def redeem(world: Stage, choices: Choices) -> Call:
    return Call(anybody(world, choices), BROKER, "redeemWinningTicket", (make_ticket(world, choices),))


def redeem_batch(world: Stage, choices: Choices) -> Call:
    tickets = [make_ticket(world, choices) for _ in range(choices.integer(0, 3))]
    if tickets and one_in(choices, 4):
        tickets.append(tickets[0])
    missing = int(bool(tickets) and one_in(choices, 10))
    sender = anybody(world, choices)
    return Call(sender, BROKER, "batchRedeemWinningTickets", (Batch(tuple(tickets), missing),))


def make_ticket(world: Stage, choices: Choices) -> SignedTicket:
    """A winning ticket of the round mostly, with at most one thing wrong with it."""
    gateway = choices.pick(world.cast.gateways)
    recipient = orchestrator(world, choices)
    broker, rounds = world.model.ticket_broker, world.model.rounds_manager
    (deposit, _), _ = broker.get_sender_info(gateway)
    available = deposit + broker.claimable_reserve(gateway, recipient)
    creation_round = rounds.current_round() - (choices.integer(1, 3) if one_in(choices, 5) else 0)
    ticket = Ticket(
        recipient=recipient,
        sender=gateway,
        face_value=face_value(choices, available),
        creation_round=max(0, creation_round),
        block_hash=rounds.block_hash_for_round(max(0, creation_round)),
        sender_nonce=choices.integer(0, 255) if one_in(choices, 6) else len(world.trace),
    )
    if not one_in(choices, 5):
        return ticket.sign(gateway)
    kind = choices.integer(0, 9)
    if kind == 0:
        return replace(ticket, recipient=ZERO_ADDRESS).sign(gateway)
    if kind == 1:
        return replace(ticket, sender=ZERO_ADDRESS).sign(gateway)
    if kind == 2:
        return replace(ticket, aux_data=bytes(choices.integer(0, 65))).sign(gateway)
    if kind == 3:
        return replace(ticket, block_hash=bytes([1]) * 32).sign(gateway)
    if kind == 4:
        return replace(ticket, win_prob=choices.pick((0, 2**255))).sign(gateway)
    if kind == 5:
        return ticket.sign(world.cast.attacker)
    signed = ticket.sign(gateway)
    if kind == 6:
        return signed.with_signature(compact(signed.signature))
    if kind == 7:
        return signed.with_signature(twin(signed.signature))
    if kind == 8:
        return signed.with_signature(signed.signature[:64] + bytes([choices.integer(0, 3)]))
    return replace(signed, recipient_rand=6)


def leave(world: Stage, choices: Choices) -> Call:
    """The next step of a sender on its way out mostly."""
    sender = choices.pick((*world.cast.gateways, *world.cast.gateways, world.cast.stakers[0]))
    withdraw_round = world.model.ticket_broker.accounts[sender].withdraw_round
    if one_in(choices, 4):
        return Call(sender, BROKER, choices.pick(("unlock", "cancelUnlock", "withdraw")))
    if withdraw_round == 0:
        return Call(sender, BROKER, "unlock")
    return Call(sender, BROKER, choices.pick(("withdraw", "withdraw", "cancelUnlock")))


# ---- owner


def set_parameter(world: Stage, choices: Choices) -> Call:
    model = world.model
    settings = (
        (MANAGER, "setUnbondingPeriod", choices.integer(0, 3)),
        (
            MANAGER,
            "setTreasuryRewardCutRate",
            choices.pick((0, RAY_WHOLE // 10, RAY_WHOLE, RAY_WHOLE + 1, 7)),
        ),
        (
            MANAGER,
            "setTreasuryBalanceCeiling",
            choices.pick((0, 1, model.token.balances[world.model.controller.contracts["Treasury"]] + 10**18)),
        ),
        (MANAGER, "setNumActiveTranscoders", model.bonding_manager.pool.max_size + choices.integer(0, 1)),
        ("Minter", "setTargetBondingRate", choices.pick((500_000_000, 0, 10**9, 10**9 + 1))),
        ("Minter", "setInflationChange", choices.pick((500, 0, 10**6, 10**9 + 1))),
        ("RoundsManager", "setRoundLength", model.rounds_manager.round_length + choices.integer(-9, 9)),
        (
            "RoundsManager",
            "setRoundLockAmount",
            choices.pick((100_000, 0, 500_000, PPM_WHOLE, PPM_WHOLE + 1)),
        ),
        (BROKER, "setUnlockPeriod", choices.integer(0, 3)),
        (BROKER, "setTicketValidityPeriod", choices.integer(0, 3)),
    )
    contract, function, value = choices.pick(settings)
    sender = staker(world, choices) if one_in(choices, 8) else world.cast.owner
    return Call(sender, contract, function, (max(0, value),))


def set_lip_upgrade_round(world: Stage, choices: Choices) -> Call:
    arguments = (choices.integer(0, 2), choices.integer(0, 9))
    return Call(world.cast.owner, "RoundsManager", "setLIPUpgradeRound", arguments)


def pause(world: Stage, choices: Choices) -> Call:
    sender = staker(world, choices) if one_in(choices, 8) else world.cast.owner
    return Call(sender, "Controller", choices.pick(("pause", "unpause")))


def unpause(world: Stage, choices: Choices) -> Call | None:
    """Most runs should not stand still for long."""
    if not world.model.controller.paused:
        return None
    return Call(world.cast.owner, "Controller", "unpause")


def register_role(world: Stage, choices: Choices) -> Call:
    """Take a role away, give it back, or try to give it to an account without code."""
    name, address = choices.pick((("Verifier", world.cast.verifier), ("L2Migrator", world.cast.migrator)))
    address = choices.pick((address, address, ZERO_ADDRESS, world.cast.attacker))
    return Call(world.cast.owner, "Controller", "setContractInfo", (name, address, bytes(20)))


# ---- reserved to contracts


def trespass(world: Stage, choices: Choices) -> Call:
    """Call what only a contract of the protocol may call."""
    account = staker(world, choices)
    calls = (
        (MANAGER, "updateTranscoderWithFees", (account, 1, 1)),
        (MANAGER, "setCurrentRoundTotalActiveStake", ()),
        ("BondingVotes", "checkpointBondingState", (account, 1, 1, account, 1, 1, 1)),
        ("BondingVotes", "checkpointTotalActiveStake", (1, 1)),
        ("BondingVotes", "delegate", (account,)),
        ("Minter", "createReward", (1, 1)),
        ("Minter", "trustedTransferTokens", (account, 1)),
        ("Minter", "trustedBurnTokens", (1,)),
        ("Minter", "trustedWithdrawETH", (account, 1)),
        ("Minter", "setCurrentRewardTokens", ()),
        ("Minter", "depositETH", ()),
    )
    return Call(world.cast.attacker, *choices.pick(calls))


STAKING: tuple[tuple[int, Action], ...] = (
    (12, bond),
    (5, challenge),
    (5, move_bond),
    (5, bond_for),
    (10, unbond),
    (2, rebond),
    (2, rebond_from_unbonded),
    (6, rebond_somehow),
    (6, transfer_bond),
    (4, withdraw_stake),
    (5, withdraw_fees),
    (6, claim_earnings),
    (2, checkpoint),
    (1, approve),
    (6, set_rates),
    (16, reward),
    (2, set_reward_caller),
    (3, reward_for),
)
ROUNDS: tuple[tuple[int, Action], ...] = ((14, next_round), (3, mine), (1, initialize_round))
PAYMENTS: tuple[tuple[int, Action], ...] = (
    (5, fund),
    (14, redeem),
    (3, redeem_batch),
    (3, leave),
)
OWNER: tuple[tuple[int, Action], ...] = (
    (5, set_parameter),
    (1, set_lip_upgrade_round),
    (1, pause),
    (12, unpause),
    (1, register_role),
    (1, trespass),
)
SLASHING: tuple[tuple[int, Action], ...] = ((3, slash),)
EVERYTHING = STAKING + ROUNDS + PAYMENTS + OWNER + SLASHING

ACTIONS_BY_AREA = {
    "staking": STAKING + ROUNDS + PAYMENTS,
    "whole protocol": EVERYTHING,
}
