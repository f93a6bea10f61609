"""Faults for TOKEN, TICKET and RESERVE."""

from collections.abc import Callable

from reference_model.constants import ZERO_ADDRESS
from reference_model.token import BURNER_ROLE, MINTER_ROLE
from tests.model.perturbations.stage import BROKER, ETHER, LiveStage, trips

TOKEN = "LivepeerToken"


def move_unseen(stage: LiveStage, source: str, to: str) -> Callable[[], None]:
    """A unit of LPT moves, and clients know of it though there is no event."""

    def move() -> None:
        for balances in (stage.token.balances, stage.books.lpt):
            balances[source] -= 1
            balances[to] += 1

    return move


# ---- the token


@trips("MINT-4")
def balance_out_of_nothing(stage: LiveStage) -> None:
    def grow() -> None:
        stage.token.balances[stage.attacker] += 1
        stage.books.lpt[stage.attacker] += 1

    stage.wait(grow)


@trips("TOKEN-1")
def supply_grows_without_its_event(stage: LiveStage) -> None:
    def grow() -> None:
        stage.token.total_supply += 1
        stage.token.balances[stage.attacker] += 1
        stage.books.lpt[stage.attacker] += 1

    stage.wait(grow)


@trips("TOKEN-2")
def tokens_move_without_their_event(stage: LiveStage) -> None:
    def move() -> None:
        stage.token.balances[stage.newcomer] -= 1
        stage.token.balances[stage.attacker] += 1

    stage.wait(move)


@trips("TOKEN-3")
def allowance_appears(stage: LiveStage) -> None:
    stage.wait(lambda: stage.token.allowances.__setitem__((stage.newcomer, stage.attacker), 5))


@trips("TOKEN-3")
def endless_allowance_runs_out(stage: LiveStage) -> None:
    key = (stage.newcomer, stage.manager.address)
    stage.wait(lambda: stage.token.allowances.__setitem__(key, 5))


@trips("TOKEN-4")
def tokens_are_taken_unallowed(stage: LiveStage) -> None:
    stage.patch(stage.token, "_spend_allowance", lambda original, *given: None)
    call = stage.call(stage.third, TOKEN, "transferFrom", stage.newcomer, stage.third, 1)
    stage.take(call, stage.unpatch)


@trips("TOKEN-5")
def tokens_go_to_nobody(stage: LiveStage) -> None:
    stage.wait(move_unseen(stage, stage.newcomer, ZERO_ADDRESS))


@trips("TOKEN-6")
def role_appears(stage: LiveStage) -> None:
    stage.wait(lambda: stage.token.roles.__setitem__((BURNER_ROLE, stage.attacker), True))


@trips("TOKEN-7")
def stranger_mints_nothing(stage: LiveStage) -> None:
    stage.take(
        stage.call(stage.newcomer, TOKEN, "approve", stage.third, 1),
        lambda: stage.emit("Mint", to=stage.newcomer, amount=0),
    )


@trips("TOKEN-8")
def another_may_mint(stage: LiveStage) -> None:
    def grant() -> None:
        stage.token.roles[MINTER_ROLE, stage.attacker] = True
        stage.books.roles.add((MINTER_ROLE, stage.attacker))

    stage.wait(grant)


@trips("TOKEN-9")
def permit_is_used_up_by_nobody(stage: LiveStage) -> None:
    stage.wait(lambda: stage.token.nonces.__setitem__(stage.newcomer, 1))


@trips("TOKEN-9")
def permit_of_another_signer_counts(stage: LiveStage) -> None:
    def signed_by(account: str) -> None:
        stage.patch(stage.model.cryptography, "recover_permit_signer", lambda original, *given: account)

    signed_by(stage.newcomer)
    terms = (stage.newcomer, stage.third, 1, 10**20, 27, bytes(32), bytes(32))
    stage.take(stage.call(stage.attacker, TOKEN, "permit", *terms), lambda: signed_by(stage.attacker))


@trips("TOKEN-10")
def faucet_gives_too_early(stage: LiveStage) -> None:
    stage.past(next_requests={stage.newcomer: 10**20})
    stage.take(stage.call(stage.newcomer, "LivepeerTokenFaucet", "request"))


@trips("TOKEN-11")
def account_is_whitelisted_by_nobody(stage: LiveStage) -> None:
    stage.wait(lambda: stage.model.faucet.whitelist.__setitem__(stage.newcomer, True))


# ---- escrow


@trips("TICKET-1")
def deposit_out_of_nothing(stage: LiveStage) -> None:
    def grow() -> None:
        stage.broker.accounts[stage.gateway].deposit += 1
        stage.books.deposits[stage.gateway] += 1

    stage.wait(grow)


@trips("TICKET-2")
def broker_keeps_a_wei(stage: LiveStage) -> None:
    stage.wait(lambda: stage.model.pay(stage.attacker, stage.broker.address, 1))


@trips("TICKET-8")
def deposit_becomes_reserve(stage: LiveStage) -> None:
    def shift() -> None:
        stage.broker.accounts[stage.leaving_gateway].deposit -= 1
        stage.broker.accounts[stage.leaving_gateway].reserve += 1

    stage.wait(shift)


@trips("TICKET-9")
def another_pays_for_funds(stage: LiveStage) -> None:
    stage.take(
        stage.call(stage.gateway, BROKER, "fundDeposit", value=5),
        lambda: stage.model.pay(stage.attacker, stage.gateway, 5),
    )


# ---- redemption


@trips("TICKET-3")
def reserve_pays_before_the_deposit(stage: LiveStage) -> None:
    def shift() -> None:
        stage.broker.accounts[stage.gateway].deposit += ETHER
        stage.broker.accounts[stage.gateway].reserve -= ETHER
        stage.books.deposits[stage.gateway] += ETHER
        stage.books.reserves[stage.gateway] -= ETHER

    stage.fund(5 * ETHER)
    stage.take(stage.ticket(stage.second, 2 * ETHER), shift)


@trips("TICKET-4")
def used_ticket_is_forgotten(stage: LiveStage) -> None:
    used = next(iter(stage.broker.used_ticket_hashes))
    stage.wait(lambda: stage.broker.used_ticket_hashes.__setitem__(used, False))


@trips("TICKET-10")
def another_ticket_is_marked(stage: LiveStage) -> None:
    def swap() -> None:
        used = list(stage.broker.used_ticket_hashes)[-1]
        stage.broker.used_ticket_hashes[used] = False
        stage.broker.used_ticket_hashes[b"\1" * 32] = True

    stage.take(stage.ticket(stage.second, ETHER), swap)


@trips("TICKET-11")
def ticket_of_another_signer_is_paid(stage: LiveStage) -> None:
    stage.patch(stage.model.cryptography, "check_signature", lambda original, *given: None)
    stage.take(stage.ticket(stage.second, ETHER, signer=stage.attacker), stage.unpatch)


@trips("TICKET-11")
def losing_ticket_is_paid(stage: LiveStage) -> None:
    stage.take(
        stage.ticket(stage.second, ETHER),
        lambda: stage.patch(stage.model.cryptography, "draw", lambda original, *given: 2**256 - 1),
    )


@trips("TICKET-12")
def payment_is_told_after_its_ticket(stage: LiveStage) -> None:
    stage.take(stage.ticket(stage.second, ETHER), lambda: stage.events.reverse())


@trips("TICKET-7")
def old_ticket_is_paid(stage: LiveStage) -> None:
    stage.broker.ticket_validity_period = 5
    stage.take(
        stage.ticket(stage.second, ETHER, age=2),
        lambda: setattr(stage.broker, "ticket_validity_period", 2),
    )


# ---- exit


@trips("TICKET-5")
def sender_is_unlocked_by_nobody(stage: LiveStage) -> None:
    stage.wait(lambda: stage.add(stage.broker.accounts[stage.gateway], "withdraw_round", 50))


@trips("TICKET-13")
def unlock_tells_another_end(stage: LiveStage) -> None:
    stage.take(stage.call(stage.gateway, BROKER, "unlock"), lambda: stage.event("Unlock").update(endRound=1))


@trips("TICKET-6")
def ticket_of_an_unlocked_sender_is_paid(stage: LiveStage) -> None:
    stage.patch(stage.broker, "_is_locked", lambda original, account: True)
    stage.take(stage.ticket(stage.second, ETHER, stage.leaving_gateway), stage.unpatch)


@trips("TICKET-14")
def withdrawal_lacks_a_wei(stage: LiveStage) -> None:
    stage.take(
        stage.call(stage.leaving_gateway, BROKER, "withdraw"),
        lambda: stage.model.pay(stage.leaving_gateway, stage.attacker, 1),
    )


@trips("TICKET-15")
def withdrawal_is_refused(stage: LiveStage) -> None:
    stage.refuse(stage.broker, "withdraw")
    stage.wait()


# ---- reserves


@trips("RESERVE-1")
def sum_of_claims_is_off(stage: LiveStage) -> None:
    stage.wait(lambda: _add_claims(stage, of_round=1))


def _add_claims(
    stage: LiveStage, *, claimant: str = "", of_claimant: int = 0, of_round: int = 0, age: int = 0
) -> None:
    number = stage.clock.current_round() - age
    stage.broker.round_claims[stage.gateway, number] += of_round
    if of_claimant:
        stage.broker.claims[stage.gateway, number, claimant] += of_claimant


@trips("RESERVE-2")
def claim_exceeds_its_share(stage: LiveStage) -> None:
    stage.unseen(lambda: stage.add(stage.manager, "current_round_active_set_size", 8))


@trips("RESERVE-3", also=("RESERVE-7",), because="the rule says what is claimable, whoever has claimed")
def claim_lowers_the_share_of_another(stage: LiveStage) -> None:
    def lower(original, holder, claimant):
        return max(0, original(holder, claimant) - (claimant == stage.first))

    stage.take(
        stage.ticket(stage.second, ETHER), lambda: stage.patch(stage.broker, "claimable_reserve", lower)
    )


@trips("RESERVE-4")
def outsider_draws(stage: LiveStage) -> None:
    def swap() -> None:
        stage.event("ReserveClaimed")["claimant"] = stage.third
        _add_claims(stage, claimant=stage.second, of_claimant=-ETHER)
        _add_claims(stage, claimant=stage.third, of_claimant=ETHER)

    stage.take(stage.ticket(stage.second, ETHER), swap)


@trips("RESERVE-5")
def past_claim_changes(stage: LiveStage) -> None:
    stage.wait(lambda: _add_claims(stage, claimant=stage.first, of_claimant=1, of_round=1, age=1))


@trips("RESERVE-6")
def round_begins_with_a_claim(stage: LiveStage) -> None:
    def claim() -> None:
        _add_claims(stage, claimant=stage.first, of_claimant=1, of_round=1)
        stage.books.claims[stage.gateway, stage.clock.current_round(), stage.first] = 1

    stage.next_round(claim)


@trips("RESERVE-7")
def outsider_could_claim(stage: LiveStage) -> None:
    def grant(original, holder, claimant):
        return original(holder, claimant) + (claimant == stage.third)

    stage.patch(stage.broker, "claimable_reserve", grant)
    stage.wait()


@trips("RESERVE-8")
def shares_exceed_the_reserve(stage: LiveStage) -> None:
    def halve(original, recipient):
        is_active, size = original(recipient)
        return is_active, size // 2

    stage.patch(stage.manager, "reserve_share_state", halve)
    stage.wait()
