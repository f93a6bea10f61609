"""Every id of the registry, and whether the Controller has pushed what it should have."""

from dataclasses import dataclass

from simulation.chain.addresses import ZERO_ADDRESS
from simulation.chain.contracts import Contract
from simulation.chain.facade import Chain
from simulation.protocol import contract_id
from simulation.pushed_entries import first_entry, is_paused, other_entry, subscriptions

# The id that tests of proxies use.
EXAMPLE_NAME = "ServiceRegistry"
EXAMPLE_TARGET_ID = contract_id(f"{EXAMPLE_NAME}Target")

# Every id of the registry: proxies with their targets, an alias, contracts without proxy.
PROXIED = (
    "BondingManager",
    "BondingVotes",
    "TicketBroker",
    "RoundsManager",
    "ServiceRegistry",
    "LivepeerGovernor",
)
DIRECT = ("Minter", "LivepeerToken", "LivepeerTokenFaucet", "L2LPTDataCache", "Treasury")
OTHERS = (
    "L2Migrator",
    "L2MigratorTarget",
    "MerkleSnapshot",
    "Verifier",
)
ALIAS = "JobsManager"
ALL_NAMES = (*PROXIED, *(f"{name}Target" for name in PROXIED), ALIAS, *DIRECT, *OTHERS)
ALL_IDS = tuple(map(contract_id, ALL_NAMES))


@dataclass(frozen=True)
class Registry:
    """A Controller, and what it has written into others."""

    chain: Chain
    controller: Contract

    def entry(self, subscriber: Contract, id_: bytes) -> str:
        """What a subscriber has for an id, from its storage."""
        if self.subscriptions(subscriber)[0] == id_:
            return first_entry(self.chain, subscriber)
        return other_entry(self.chain, subscriber, id_)

    def subscriptions(self, subscriber: Contract) -> list[bytes]:
        """The ids that it asks for, as it says itself; at least one."""
        return subscriptions(self.chain, subscriber)

    def assert_pushed(self, subscribers: list[Contract]) -> None:
        """What must hold after every transaction, for all contracts that could be attached.

        One that is registered and points here is attached, receives exactly the ids that it asks for, has the
        Controller's entry for each and the Controller's pause flag; any other receives nothing, and has no entries
        unless it points to another Controller.
        """
        controller = self.controller
        paused = controller.paused()
        registered = {id_: controller.getContract(id_) for id_ in ALL_IDS}
        receivers = {id_: controller.getSubscribers(id_) for id_ in ALL_IDS}
        for subscriber in subscribers:
            address = subscriber.address
            points_here = self.chain.at("IManager", address).controller() == controller.address
            is_attached = points_here and address in registered.values()
            assert controller.isAttached(subscriber) == is_attached

            first, *others = self.subscriptions(subscriber)
            asked_for = [first, *others] if is_attached else []
            assert [id_ for id_ in ALL_IDS if address in receivers[id_]] == [
                id_ for id_ in ALL_IDS if id_ in asked_for
            ]
            if not points_here:
                # What it has is another Controller's affair.
                continue
            expected = registered[first] if is_attached else ZERO_ADDRESS
            assert first_entry(self.chain, subscriber) == expected
            for id_ in ALL_IDS:
                entry = other_entry(self.chain, subscriber, id_)
                assert entry == (registered[id_] if id_ in asked_for and id_ != first else ZERO_ADDRESS)
            if is_attached:
                assert is_paused(self.chain, subscriber) == paused
