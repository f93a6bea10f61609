"""MINT: issuance and custody (rounds-and-issuance.md 3, 4 and 6)."""

from collections.abc import Iterator

from reference_model.constants import PPB_WHOLE
from reference_model.exceptions import ProtocolError
from reference_model.minting import Minter
from reference_model.token import ADMIN_ROLE, MINTER_ROLE
from simulation.invariants.catalogue import invariant
from simulation.invariants.moment import Moment


@invariant(
    "MINT-1",
    "minted ≤ mintable, and = Σ rewards of the round (6.11, 6.12)",
    why="R6: the cap holds whatever shares are asked for",
)
def no_round_mints_more_than_its_part(moment: Moment) -> Iterator[str]:
    minter = moment.model.minter
    if not moment.sums.minted_in_round == minter.current_minted_tokens <= minter.current_mintable_tokens:
        yield f"{moment.sums.minted_in_round}, {minter.current_minted_tokens} of {minter.current_mintable_tokens}"


def _gap(moment: Moment) -> int:
    """By how much the bonding rate lies below its target."""
    supply = moment.model.minter.get_global_total_supply()
    rate = moment.now.total_active_stake * PPB_WHOLE // supply if supply else 0
    return moment.now.parameters["targetBondingRate"] - rate


@invariant(
    "MINT-2",
    "inflation moves by one step towards the target, never below zero (6.9)",
    why="one step for each round that is initialized, none for those skipped",
)
def inflation_moves_by_a_step(moment: Moment) -> Iterator[str]:
    change = moment.now.inflation - moment.before.inflation
    if not moment.events_named("SetCurrentRewardTokens"):
        if change:
            yield "without a new round"
        return
    if abs(change) not in (0, moment.model.minter.inflation_change) and moment.now.inflation != 0:
        yield f"{change}"
    if change * _gap(moment) < 0 or moment.now.inflation < 0:
        yield f"{change} at a gap of {_gap(moment)}"


@invariant(
    "MINT-6",
    "inflation stands still only at the target, or at zero",
    why="off the target it must move, else issuance never comes to rest there",
    on=("SetCurrentRewardTokens",),
)
def inflation_does_not_rest_off_the_target(moment: Moment) -> Iterator[str]:
    gap, step = _gap(moment), moment.model.minter.inflation_change
    is_at_floor = gap < 0 and moment.before.inflation == 0
    if gap and step and not is_at_floor and moment.now.inflation == moment.before.inflation:
        yield f"gap of {gap}"


@invariant(
    "MINT-3",
    "a new round may mint ⌊supply · inflation⌋ (6.10)",
    why="of the same supply that the bonding rate is measured by (R1)",
    on=("SetCurrentRewardTokens",),
)
def issuance_follows_inflation(moment: Moment) -> Iterator[str]:
    minter = moment.model.minter
    expected = minter.get_global_total_supply() * minter.inflation // PPB_WHOLE
    if minter.current_mintable_tokens != expected:
        yield f"{minter.current_mintable_tokens}, {expected} expected"


@invariant(
    "MINT-7",
    "what a round may mint changes only when one starts",
    why="all orchestrators of a round share the same issuance",
)
def issuance_stands_in_a_round(moment: Moment) -> Iterator[str]:
    if moment.now.mintable != moment.before.mintable and not moment.events_named("SetCurrentRewardTokens"):
        yield f"{moment.before.mintable} → {moment.now.mintable}"


@invariant(
    "MINT-8",
    "a reward mints ⌊mintable · ⌊S · 10⁹ / T⌋ / 10⁹⌋, with stake S and total T that count in the round (6.12)",
    why="R4: the ratio is rounded first; the digits are observable",
    on=("Reward",),
)
def a_reward_mints_its_share(moment: Moment) -> Iterator[str]:
    minted = sum(mint["amount"] for mint in moment.events_named("Mint"))
    for reward in moment.events_named("Reward"):
        stake = moment.before.effective_stake.get(reward["transcoder"], 0)
        share = stake * PPB_WHOLE // moment.before.total_active_stake
        if minted != moment.before.mintable * share // PPB_WHOLE:
            yield f"{minted} minted for {stake} of {moment.before.total_active_stake}"


@invariant(
    "MINT-5",
    "ETH of the Minter = escrow + fees not withdrawn (6.15, payments 5.2)",
    why="all ETH of the protocol is there, and none of it is anybody else's",
)
def minter_holds_all_ether(moment: Moment) -> Iterator[str]:
    sums, held = moment.sums, moment.now.ether.get(moment.model.minter.address, 0)
    escrow = sums.funded - sums.paid_by_tickets - sums.withdrawn
    if held != escrow + sums.fees_in - sums.fees_out:
        yield f"{held} held, {escrow} of escrow, {sums.fees_in - sums.fees_out} of fees"


@invariant(
    "MINT-9",
    "Σ ETH of all accounts stands still",
    why="ETH is moved, never made or lost",
)
def ether_is_moved(moment: Moment) -> Iterator[str]:
    was, now = (sum(picture.ether.values()) for picture in (moment.before, moment.now))
    if was != now:
        yield f"{was} → {now}"


@invariant(
    "MINT-10",
    "among the contracts only Minter and treasury ever receive LPT of the protocol",
    why="BondingManager and TicketBroker keep accounts, not tokens",
)
def accounts_are_not_kept_in_tokens(moment: Moment) -> Iterator[str]:
    if moment.now.lpt == moment.before.lpt:
        return
    model = moment.model
    for contract in (model.bonding_manager, model.ticket_broker, model.bonding_votes, model.rounds_manager):
        was, now = moment.before.lpt.get(contract.address, 0), moment.now.lpt.get(contract.address, 0)
        # Anybody can send tokens anywhere.
        if now != was and not (moment.call and moment.call.function in ("transfer", "transferFrom", "mint")):
            yield f"{contract.name}: {was} → {now}"


@invariant(
    "MINT-12",
    "the owner can put another Minter in place at any time, which then has all LPT and ETH of the old one (4.6, 6.16)",
    why="R3: a way out that a pause closes is none; tried, and undone",
)
def the_minter_can_be_replaced(moment: Moment) -> Iterator[str]:
    if not moment.has_turn(6, 8):
        return
    model, old = moment.model, moment.model.minter
    successors = [
        contract
        for contract in model.contracts.values()
        if isinstance(contract, Minter) and contract is not old and contract.controller == old.controller
    ]
    if not successors:
        return
    new, held = successors[0], _custody(moment, old.address)
    already = _custody(moment, new.address)
    try:
        with moment.trial():
            admin = next(
                account for (role, account), has in model.token.roles.items() if has and role == ADMIN_ROLE
            )
            old.migrate_to_new_minter(moment.now.owner, new.address)
            model.token.grant_role(admin, MINTER_ROLE, new.address)
            model.controller.set_contract_info(moment.now.owner, "Minter", new.address, bytes(20))
            left, taken = _custody(moment, old.address), _custody(moment, new.address)
    except ProtocolError as error:
        yield f"{error.name}({error})"
        return
    if left != (0, 0) or taken != (held[0] + already[0], held[1] + already[1]):
        yield f"{held} held, {left} left, {taken} in the new one"


def _custody(moment: Moment, minter: str) -> tuple[int, int]:
    return moment.model.token.balances[minter], moment.model.ether[minter]


@invariant(
    "MINT-13",
    "the global supply is that of LPT here and what the registered cache says of L1",
    why="R1: issuance and bonding rate are parts of it",
)
def supply_counts_both_chains(moment: Moment) -> Iterator[str]:
    cache = moment.model.contracts[moment.now.contracts["L2LPTDataCache"]]
    expected = moment.now.supply + cache.l1_circulating_supply
    found = moment.model.minter.get_global_total_supply()
    if found != expected:
        yield f"{found}, {expected} expected"
