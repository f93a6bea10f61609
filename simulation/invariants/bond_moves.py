"""BOND: what each operation on stake does (staking.md 2.4 and 7)."""

from collections.abc import Iterator

from reference_model.constants import STATUS_BONDED, ZERO_ADDRESS
from simulation.invariants.bonds import delegated_in_all
from simulation.invariants.catalogue import invariant
from simulation.invariants.moment import Moment


@invariant(
    "BOND-10",
    "a bond raises Σ delegated by exactly what is paid (7.26)",
    why="a move takes from one delegate what it gives to the other",
    on=("Bond",),
)
def a_move_moves_stake(moment: Moment) -> Iterator[str]:
    for bond in moment.events_named("Bond"):
        grown = delegated_in_all(moment.now) - delegated_in_all(moment.before)
        if grown != bond["additionalAmount"]:
            yield f"{grown} more, {bond['additionalAmount']} paid"


@invariant(
    "BOND-22",
    "a bond is paid by the caller, to the Minter",
    why="anybody may bond for another, with its own LPT only",
    on=("Bond",),
)
def the_caller_pays(moment: Moment) -> Iterator[str]:
    for bond in moment.events_named("Bond"):
        payer = moment.call.sender
        paid = moment.before.lpt.get(payer, 0) - moment.now.lpt.get(payer, 0)
        if paid != bond["additionalAmount"]:
            yield f"{payer} paid {paid} for {bond['additionalAmount']}"


@invariant(
    "BOND-23",
    "Bond names the delegates of before and of now, and the whole bond",
    why="clients read delegates from it; oldDelegate is the one before the call",
    on=("Bond",),
)
def a_bond_is_told_as_it_is(moment: Moment) -> Iterator[str]:
    for told in moment.events_named("Bond"):
        was, now = moment.before.bonds[told["delegator"]], moment.now.bonds[told["delegator"]]
        if (told["oldDelegate"], told["newDelegate"], told["bondedAmount"]) != (
            was.delegate,
            now.delegate,
            now.bonded,
        ):
            yield f"{told}: {was} → {now}"


@invariant(
    "BOND-24",
    "a bond points elsewhere only by a Bond of it, and never that of an orchestrator (V1)",
    why="an orchestrator that could point its bond elsewhere would be counted twice",
)
def bonds_move_by_bond_alone(moment: Moment) -> Iterator[str]:
    for account, bond in moment.now.bonds.items():
        was = moment.before.bonds[account]
        if was.delegate == bond.delegate or was.bonded == 0 or bond.bonded == 0:
            continue
        if was.delegate == account:
            yield f"{account}, an orchestrator, moved to {bond.delegate}"
        elif moment.event_of("Bond", "delegator", account) is None:
            yield f"{account}: {was.delegate} → {bond.delegate} without a Bond"


@invariant(
    "BOND-25",
    "Unbond takes out of a bond that counts, and names the delegate of before",
    why="a pending bond could otherwise come and go within a round; clients rely on the delegate (V4)",
    on=("Unbond",),
)
def only_bonds_that_count_leave(moment: Moment) -> Iterator[str]:
    for told in moment.events_named("Unbond"):
        account = told["delegator"]
        if moment.before.status(account) != STATUS_BONDED:
            yield f"{account} was not bonded: {moment.before.bonds[account]}"
        if told["delegate"] != moment.before.bonds[account].delegate:
            yield f"{account}: {told['delegate']}, was behind {moment.before.bonds[account].delegate}"


@invariant(
    "BOND-26",
    "an unbond opens a lock of its amount, due after the unbonding period of now",
    why="stake must stay at risk for that long",
    on=("Unbond",),
)
def unbonding_waits(moment: Moment) -> Iterator[str]:
    if moment.events_named("TransferBond"):
        return
    for told in moment.events_named("Unbond"):
        key = (told["delegator"], told["unbondingLockId"])
        due = moment.now.round + moment.now.parameters["unbondingPeriod"]
        if moment.now.open_locks.get(key) != (told["amount"], due):
            yield f"{key}: {moment.now.open_locks.get(key)}, {(told['amount'], due)} expected"


@invariant(
    "BOND-27",
    "a rebond ends its lock, and puts its amount behind the delegate of now",
    why="a lock that stayed open could be rebonded again",
    on=("Rebond",),
)
def a_lock_is_rebonded_once(moment: Moment) -> Iterator[str]:
    if moment.events_named("TransferBond"):
        return
    for told in moment.events_named("Rebond"):
        key = (told["delegator"], told["unbondingLockId"])
        amount, _ = moment.before.open_locks.get(key, (0, 0))
        if amount != told["amount"] or key in moment.now.open_locks:
            yield f"{key}: {told['amount']} of a lock of {amount}"
        if told["delegate"] != moment.now.bonds[key[0]].delegate:
            yield f"{key}: behind {told['delegate']}"


@invariant(
    "BOND-11",
    "a transfer moves x from the sender's to the receiver's stake, and no tokens (7.30)",
    why="it is an unbond and a rebond without the wait",
    on=("TransferBond",),
)
def a_transfer_moves_a_bond(moment: Moment) -> Iterator[str]:
    for transfer in moment.events_named("TransferBond"):
        sender, receiver, amount = transfer["oldDelegator"], transfer["newDelegator"], transfer["amount"]
        if moment.events_named("Transfer") or moment.now.lpt != moment.before.lpt:
            yield "tokens moved"
        if sender == receiver:
            continue
        fallen = moment.before.pending_stake[sender] - moment.now.pending_stake[sender]
        risen = moment.now.pending_stake[receiver] - moment.before.pending_stake[receiver]
        if fallen != amount or risen != amount:
            yield f"{amount} transferred, {fallen} less, {risen} more"


@invariant(
    "BOND-28",
    "a transfer leaves no lock open, and uses up a lock id of each",
    why="a lock left behind would be stake twice; the ids are in the event",
    on=("TransferBond",),
)
def a_transfer_leaves_no_lock(moment: Moment) -> Iterator[str]:
    for told in moment.events_named("TransferBond"):
        sender, receiver = told["oldDelegator"], told["newDelegator"]
        was, now = moment.before.bonds, moment.now.bonds
        used = 2 if sender == receiver else 1
        if {now[one].next_lock - was[one].next_lock for one in (sender, receiver)} != {used}:
            yield "lock ids were not used up"
        if moment.now.open_locks != moment.before.open_locks:
            yield "a lock was left"


@invariant(
    "BOND-12",
    "a withdrawal pays the lock's amount and ends the lock (7.31)",
    why="once, to its owner",
    on=("WithdrawStake",),
)
def a_lock_pays_once(moment: Moment) -> Iterator[str]:
    for paid in moment.events_named("WithdrawStake"):
        key = (paid["delegator"], paid["unbondingLockId"])
        received = moment.now.lpt.get(key[0], 0) - moment.before.lpt.get(key[0], 0)
        if moment.before.open_locks.get(key) != (paid["amount"], paid["withdrawRound"]):
            yield f"{key}: paid {paid}, lock was {moment.before.open_locks.get(key)}"
        if key in moment.now.open_locks or received != paid["amount"]:
            yield f"{key}: {received} received"


@invariant(
    "BOND-29",
    "a lock ends withdrawn after its round has come, or rebonded",
    why="there is no third way out, and no early one",
)
def locks_end_in_time(moment: Moment) -> Iterator[str]:
    for account, lock_id in moment.before.open_locks.keys() - moment.now.open_locks.keys():
        ended = [
            told
            for name in ("WithdrawStake", "Rebond")
            for told in moment.events_named(name)
            if (told["delegator"], told["unbondingLockId"]) == (account, lock_id)
        ]
        if not ended:
            yield f"{account}: lock {lock_id} is gone"
        elif ended[0].get("withdrawRound", 0) > moment.now.round:
            yield f"{account}: lock {lock_id} was due in {ended[0]['withdrawRound']}"


@invariant(
    "BOND-30",
    "withdrawn fees go from the Minter to the recipient of the event",
    why="the ETH was there since the tickets were funded",
    on=("WithdrawFees",),
)
def fees_are_paid(moment: Moment) -> Iterator[str]:
    minter = moment.model.minter.address
    for told in moment.events_named("WithdrawFees"):
        recipient, amount = told["recipient"], told["amount"]
        received = moment.now.ether.get(recipient, 0) - moment.before.ether.get(recipient, 0)
        paid = moment.before.ether.get(minter, 0) - moment.now.ether.get(minter, 0)
        if recipient != minter and (received, paid) != (amount, amount):
            yield f"{amount} withdrawn, {received} received, {paid} paid"


@invariant(
    "BOND-13",
    "others never move, end or shrink a bond, nor make an orchestrator of its owner (7.32)",
    why="V13, V15 and V19: each let a third party do that, or cost the owner a reward",
)
def others_cannot_touch_a_bond(moment: Moment) -> Iterator[str]:
    call, contracts = moment.call, moment.before.contracts
    if call is None or call.sender in (contracts.get("L2Migrator"), contracts.get("Verifier")):
        return
    for account in moment.accounts:
        was, now = moment.before.bonds[account], moment.now.bonds[account]
        if account == call.sender or was == now:
            continue
        if was.bonded > 0 and was.delegate != now.delegate:
            yield f"{account} moved from {was.delegate} to {now.delegate}"
        if now.delegate == account != was.delegate:
            yield f"{account} was made an orchestrator"
        if now.bonded < was.bonded:
            yield f"{account} lost {was.bonded - now.bonded}"
        has_claimed = now.claim_round == moment.now.round != was.claim_round
        is_waiting = (
            was.delegate in moment.now.active
            and moment.before.orchestrators[was.delegate].last_reward != moment.now.round
        )
        if was.bonded > 0 and has_claimed and is_waiting:
            yield f"{account} misses the reward of {was.delegate}"


# ---- slashing


@invariant(
    "BOND-31",
    "a penalty and the finder's part of it are the shares of the call, rounded down; the rest is burnt",
    why="DEV-5; what is rounded off stays with the slashed",
    on=("TranscoderSlashed",),
)
def a_penalty_is_a_share(moment: Moment) -> Iterator[str]:
    for told in moment.events_named("TranscoderSlashed"):
        _, finder, slash_amount, finder_fee = moment.step.model_arguments
        claim = moment.event_of("EarningsClaimed", "delegator", told["transcoder"])
        bonded = moment.before.bonds[told["transcoder"]].bonded + (claim["rewards"] if claim else 0)
        penalty = bonded * slash_amount // 10**6
        reward = penalty * finder_fee // 10**6 if finder != ZERO_ADDRESS else 0
        if (told["penalty"], told["finderReward"]) != (penalty, reward):
            yield f"{told}, {penalty} and {reward} expected"
        if moment.before.supply - moment.now.supply != penalty - reward:
            yield f"{moment.before.supply - moment.now.supply} burnt of {penalty} − {reward}"


@invariant(
    "BOND-32",
    "whoever is slashed leaves the pool",
    why="stake at risk has failed; it may join again by a bond of its own",
    on=("TranscoderSlashed",),
)
def the_slashed_leave_the_pool(moment: Moment) -> Iterator[str]:
    for told in moment.events_named("TranscoderSlashed"):
        if told["transcoder"] in moment.now.pool:
            yield told["transcoder"]


# ---- it can always be done


@invariant(
    "BOND-33",
    "whoever owns a lock whose round has come can withdraw it",
    why="nothing that others do may keep stake in; tried, one lock in turn, and undone",
)
def due_locks_can_be_withdrawn(moment: Moment) -> Iterator[str]:
    if not moment.has_turn(0, 8) or moment.now.paused or not moment.now.is_initialized:
        return
    due = [key for key, (_, due_round) in moment.now.open_locks.items() if due_round <= moment.now.round]
    if due:
        account, lock_id = moment.turn_of(due)
        if account != ZERO_ADDRESS and (
            refusal := moment.refusal(moment.manager.withdraw_stake, account, lock_id)
        ):
            yield f"{account}, lock {lock_id}: {refusal}"


@invariant(
    "BOND-34",
    "whoever has a bond that counts can unbond all of it, with all rewards that it can claim",
    why="V14 froze stake; tried, one account in turn, and undone",
)
def bonds_can_be_ended(moment: Moment) -> Iterator[str]:
    if not moment.has_turn(1, 8) or moment.now.paused or not moment.now.is_initialized:
        return
    bonded = [account for account in moment.accounts if moment.now.status(account) == STATUS_BONDED]
    if bonded:
        account = moment.turn_of(bonded)
        bond = moment.now.bonds[account]
        has_claimed = bond.claim_round == moment.now.round
        stake = bond.bonded if has_claimed else moment.now.pending_stake[account]
        if refusal := moment.refusal(moment.manager.unbond, account, stake):
            yield f"{account}: {refusal}"
