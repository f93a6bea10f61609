"""Views of the TicketBroker."""

from collections.abc import Iterable

from simulation.observation.table import Row, Scene, Table


class BrokerTable(Table):
    """Deposits, reserves, and what was drawn from them."""

    contract = "TicketBroker"

    def of_system(self, scene: Scene) -> Iterable[Row]:
        broker = scene.model.ticket_broker
        yield "unlockPeriod", (), broker.unlock_period
        yield "ticketValidityPeriod", (), broker.ticket_validity_period

    def of_entries(self, scene: Scene) -> Iterable[Row]:
        broker = scene.model.ticket_broker
        for ticket_hash in broker.used_ticket_hashes:
            yield "usedTickets", (ticket_hash,), broker.used_tickets(ticket_hash)

    def of_account(self, scene: Scene, account: str) -> Iterable[Row]:
        yield "getSenderInfo", (account,), scene.model.ticket_broker.get_sender_info(account)

    def derived_of_account(self, scene: Scene, account: str) -> Iterable[Row]:
        broker = scene.model.ticket_broker
        reserve = broker.get_reserve_info(account)
        yield "getReserveInfo", (account,), reserve
        yield "isUnlockInProgress", (account,), broker.is_unlock_in_progress(account)
        if broker.accounts[account].deposit or (isinstance(reserve, tuple) and any(reserve)):
            for claimant in scene.accounts:
                pair = (account, claimant)
                yield "claimedReserve", pair, broker.claimed_reserve(*pair)
                yield "claimableReserve", pair, broker.claimable_reserve(*pair)
