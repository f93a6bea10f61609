"""EARN: how rewards and fees are shared when they come (staking.md 2.4, 4 and 7), and what rounding takes."""

from collections.abc import Iterator

from reference_model.constants import RAY_WHOLE, ZERO_ADDRESS
from reference_model.earnings import factor_or_whole
from reference_model.exact import operations
from simulation.invariants.catalogue import invariant
from simulation.invariants.moment import Moment

REWARD_OPERATIONS = (
    operations.COMMISSION,
    operations.OWN_REWARDS,
    operations.REWARD_FACTOR,
    operations.WHOLE_REWARD_FACTOR,
    operations.WHOLE_REWARDS,
)
FEE_OPERATIONS = (
    operations.FEE_SHARE,
    operations.OWN_FEES,
    operations.FEE_FACTOR,
    operations.WHOLE_FEE_FACTOR,
    operations.WHOLE_FEES,
)
BOUNDS = "the rounding bounds below"


def rounding(moment: Moment) -> int:
    """Most by which pending amounts may grow too much in one step.

    A pending amount is rounded down as a whole, so that a step can bring what earlier ones left over: less than 1
    by the last rounding, and less than bonded / 10²⁷ by that of the ratio, for each delegator.
    """
    return sum(2 + bond.bonded // RAY_WHOLE for bond in moment.now.bonds.values() if bond.bonded > 0)


# ---- rewards


@invariant(
    "EARN-8",
    "a reward raises Σ pending stake by at most what is minted for it, and earlier roundings (7.27)",
    why="pending amounts are rounded as a whole: a step may bring what earlier ones left over",
    tolerance="2 + bonded / 10²⁷ for each bond",
    on=("Reward",),
)
def rewards_are_split_not_multiplied(moment: Moment) -> Iterator[str]:
    for reward in moment.events_named("Reward"):
        grown = sum(moment.now.pending_stake.values()) - sum(moment.before.pending_stake.values())
        if not 0 <= grown <= reward["amount"] + rounding(moment):
            yield f"{grown} more for {reward['amount']}"
        minted = sum(mint["amount"] for mint in moment.events_named("Mint"))
        treasury = sum(part["amount"] for part in moment.events_named("TreasuryReward"))
        if reward["amount"] + treasury != minted:
            yield f"{minted} minted, {treasury} for the treasury, {reward['amount']} for the others"


@invariant(
    "EARN-18",
    "an active orchestrator rewards once in a round, and the round is noted",
    why="7.25; the second would mint the same share again",
    on=("Reward",),
)
def rewards_come_once(moment: Moment) -> Iterator[str]:
    for reward in moment.events_named("Reward"):
        account = reward["transcoder"]
        if account not in moment.before.active:
            yield f"{account} is not active"
        if moment.before.orchestrators[account].last_reward == moment.now.round:
            yield f"{account} again"
        if moment.now.orchestrators[account].last_reward != moment.now.round:
            yield f"{account}: round not noted"


@invariant(
    "EARN-19",
    "a reward is called by the orchestrator or by the one it has named for that (DEV-4)",
    why="when to reward is the orchestrator's decision",
    on=("Reward",),
)
def rewards_are_called_by_whom_it_concerns(moment: Moment) -> Iterator[str]:
    for reward in moment.events_named("Reward"):
        account, caller = reward["transcoder"], moment.call.sender
        if caller not in (account, moment.before.reward_callers.get(account, ZERO_ADDRESS)):
            yield f"{caller} for {account}"


@invariant(
    "EARN-20",
    "a reward caller changes only by the orchestrator's own call",
    why="it could keep the reward from being called in time",
)
def reward_callers_are_chosen(moment: Moment) -> Iterator[str]:
    if moment.now.reward_callers == moment.before.reward_callers:
        return
    for account, caller in moment.now.reward_callers.items():
        was = moment.before.reward_callers.get(account, ZERO_ADDRESS)
        told = moment.event_of("RewardCallerSet", "transcoder", account)
        if caller != was and (
            told is None or told["rewardCaller"] != caller or moment.call.sender != account
        ):
            yield f"{account}: {was} → {caller}"


@invariant(
    "EARN-21",
    "a reward or a ticket changes pending amounts only of those behind its orchestrator, and of the orchestrator",
    why="each orchestrator keeps its own book",
    on=("Reward", "WinningTicketTransfer"),
)
def others_earn_nothing(moment: Moment) -> Iterator[str]:
    paid = {given["transcoder"] for given in moment.events_named("Reward")}
    paid.update(given["recipient"] for given in moment.events_named("WinningTicketTransfer"))
    for account, bond in moment.now.bonds.items():
        if bond.delegate in paid or account in paid:
            continue
        was = (moment.before.pending_stake[account], moment.before.pending_fees[account])
        if was != (moment.now.pending_stake[account], moment.now.pending_fees[account]):
            yield account


# ---- the treasury


@invariant(
    "EARN-22",
    "the treasury receives ⌊minted · rate of the round / 10²⁷⌋",
    why="what is rounded off stays with orchestrator and delegators (4.5)",
    on=("Reward",),
)
def the_treasury_receives_its_part(moment: Moment) -> Iterator[str]:
    minted = sum(mint["amount"] for mint in moment.events_named("Mint"))
    treasury = moment.now.contracts.get("Treasury", ZERO_ADDRESS)
    received = moment.now.lpt.get(treasury, 0) - moment.before.lpt.get(treasury, 0)
    if received != minted * moment.now.treasury_rate // RAY_WHOLE:
        yield f"{received} of {minted} at {moment.now.treasury_rate}"


@invariant(
    "EARN-23",
    "the treasury's rate changes only when a round starts, to what was set for it",
    why="all rewards of a round are cut alike",
)
def the_rate_stands_in_a_round(moment: Moment) -> Iterator[str]:
    was, now = moment.before.treasury_rate, moment.now.treasury_rate
    due = moment.before.parameters["nextRoundTreasuryRewardCutRate"]
    if moment.events_named("NewRound"):
        if now != due:
            yield f"{now}, {due} was set"
    elif was != now:
        yield f"{was} → {now}"


@invariant(
    "EARN-24",
    "after a reward a treasury that was full before it takes nothing from the next round on",
    why="LIP-92; the ceiling is looked at before minting",
    on=("Reward",),
)
def a_full_treasury_takes_no_more(moment: Moment) -> Iterator[str]:
    ceiling = moment.before.parameters["treasuryBalanceCeiling"]
    held = moment.before.lpt.get(moment.before.contracts.get("Treasury", ZERO_ADDRESS), 0)
    if 0 < ceiling <= held and moment.now.parameters["nextRoundTreasuryRewardCutRate"]:
        yield f"{held} of {ceiling}"


# ---- fees


@invariant(
    "EARN-9",
    "tickets raise Σ pending fees by at most what they pay, and earlier roundings (7.28)",
    why="as EARN-8",
    tolerance="2 + bonded / 10²⁷ for each bond",
    on=("WinningTicketTransfer",),
)
def fees_are_split_not_multiplied(moment: Moment) -> Iterator[str]:
    paid = sum(ticket["amount"] for ticket in moment.events_named("WinningTicketTransfer"))
    grown = sum(moment.now.pending_fees.values()) - sum(moment.before.pending_fees.values())
    if not 0 <= grown <= paid + rounding(moment):
        yield f"{grown} more for {paid}"


@invariant(
    "EARN-25",
    "only active orchestrators are paid (10.1)",
    why="V22: others have no stake of the round to divide by",
    on=("WinningTicketTransfer",),
)
def only_the_active_are_paid(moment: Moment) -> Iterator[str]:
    for ticket in moment.events_named("WinningTicketTransfer"):
        if ticket["recipient"] not in moment.now.active:
            yield ticket["recipient"]


# ---- against the exact layer


def _out_of_bounds(moment: Moment, names: tuple[str, ...]) -> Iterator[str]:
    for found in moment.roundings:
        if found.operation in names and not found.holds:
            yield f"{found.operation}: exact {float(found.exact)}, credited {found.credited}"


@invariant(
    "EARN-26",
    "commission, own rewards and growth of a reward lie below their exact values by no more than rounding takes",
    why="LIP-36 followed without rounding (`reference_model.exact`)",
    tolerance=BOUNDS,
    on=("Reward",),
)
def rewards_are_exact_but_for_rounding(moment: Moment) -> Iterator[str]:
    yield from _out_of_bounds(moment, REWARD_OPERATIONS)


@invariant(
    "EARN-27",
    "fee share, own fees and fee factor lie below their exact values by no more than rounding takes",
    why="as EARN-26; fees count on the stake before the reward of the round",
    tolerance=BOUNDS,
    on=("WinningTicketTransfer",),
)
def fees_are_exact_but_for_rounding(moment: Moment) -> Iterator[str]:
    yield from _out_of_bounds(moment, FEE_OPERATIONS)


@invariant(
    "EARN-28",
    "stake that a claim credits is what LIP-36 gives it since its bond began, but for rounding",
    why="the factors, their seeds and look-ups together do what following each round would",
    tolerance=BOUNDS,
    on=("EarningsClaimed", "Unbond", "TranscoderSlashed"),
)
def claimed_stake_is_exact_but_for_rounding(moment: Moment) -> Iterator[str]:
    yield from _out_of_bounds(moment, (operations.CLAIMED_STAKE, operations.BOND_STAKE, operations.DUST))


@invariant(
    "EARN-29",
    "fees that a claim credits are what LIP-36 gives since the first bond, but for rounding",
    why="as EARN-28",
    tolerance=BOUNDS,
    on=("EarningsClaimed",),
)
def claimed_fees_are_exact_but_for_rounding(moment: Moment) -> Iterator[str]:
    yield from _out_of_bounds(moment, (operations.CLAIMED_FEES, operations.BOND_FEES))


@invariant(
    "EARN-30",
    "a reward factor that is worked backwards is at most the true one, and below it by no more than its bound",
    why="4.3 with DEV-14: delegators may lose by the estimate, the Minter may not",
    tolerance=BOUNDS,
    on=("WinningTicketTransfer",),
)
def estimates_are_below_the_truth(moment: Moment) -> Iterator[str]:
    yield from _out_of_bounds(moment, (operations.ESTIMATE,))


# ---- it can always be done


@invariant(
    "EARN-31",
    "an active orchestrator that has not rewarded can",
    tolerance="not where its reward factor would exceed what is kept (DEV-13)",
    why="nobody can take a reward away from it; tried, one in turn, and undone",
)
def rewards_can_be_called(moment: Moment) -> Iterator[str]:
    if not moment.has_turn(3, 8) or moment.now.paused or not moment.now.is_initialized:
        return
    waiting = [
        account
        for account in sorted(moment.now.active)
        if moment.now.orchestrators[account].last_reward != moment.now.round
    ]
    if waiting:
        account = moment.turn_of(waiting)
        refusal = moment.refusal(moment.manager.reward, account)
        if refusal and not _is_beyond_words(moment, account):
            yield f"{account}: {refusal}"


def _is_beyond_words(moment: Moment, account: str) -> bool:
    """Whether the factor would overflow: a few base units of active stake get all that is minted, again and again."""
    total, orchestrator = (
        moment.manager.current_round_total_active_stake,
        moment.manager.orchestrators[account],
    )
    row = moment.manager.earnings[account][orchestrator.last_reward_round]
    share_ray = moment.model.minter.current_mintable_tokens * RAY_WHOLE // total if total else 0
    return factor_or_whole(row.cumulative_reward_factor_ray) * share_ray // RAY_WHOLE >= 2**256


@invariant(
    "EARN-32",
    "who has pending fees can withdraw all of them, what it earned as orchestrator in this round excepted",
    why="the ETH is there; tried, one in turn, and undone",
)
def fees_can_be_withdrawn(moment: Moment) -> Iterator[str]:
    if not moment.has_turn(4, 8) or moment.now.paused or not moment.now.is_initialized:
        return
    waiting = [account for account in moment.accounts if moment.now.pending_fees[account] > 0]
    waiting = [
        account for account in waiting if moment.model.accepts_ether(account) and account != ZERO_ADDRESS
    ]
    if not waiting:
        return
    account = moment.turn_of(waiting)
    bond = moment.now.bonds[account]
    has_claimed = bond.claim_round == moment.now.round
    amount = bond.fees if has_claimed else moment.now.pending_fees[account]
    if refusal := moment.refusal(moment.manager.withdraw_fees, account, account, amount):
        yield f"{account}: {refusal}"
