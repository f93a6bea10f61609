"""What the Controller has pushed into the contracts that read it, and what it should have pushed.

A subscriber keeps in the storage of `Manager`: the entry that it names first (a proxy's target, the main collaborator
of a direct manager) and the pause flag in one slot, the other entries in a mapping.
"""

from dataclasses import dataclass
from functools import cache

from eth_utils import keccak

from simulation.chain.addresses import ZERO_ADDRESS, checksum
from simulation.chain.contracts import Contract
from simulation.chain.facade import Chain
from simulation.protocol import contract_id

# The id that tests of proxies use.
EXAMPLE_NAME = "ServiceRegistry"
EXAMPLE_TARGET_ID = contract_id(f"{EXAMPLE_NAME}Target")

MANAGER_STORAGE = 0x130DF29CC34F1D716EDF0C75B6DAFF6EEF52F7842E72CE6F21B15BA4F0C49200
_PAUSE_BIT = 1 << 160

# Every id of the registry: proxies with their targets, an alias, contracts without proxy.
PROXIED = ("BondingManager", "BondingVotes", "TicketBroker", "RoundsManager", "ServiceRegistry")
DIRECT = ("Minter", "LivepeerToken", "LivepeerTokenFaucet", "L2LPTDataCache", "Treasury")
OTHERS = (
    "L2Migrator",
    "L2MigratorTarget",
    "LivepeerGovernor",
    "LivepeerGovernorTarget",
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
        slot = MANAGER_STORAGE if self.subscriptions(subscriber)[0] == id_ else _entry_slot(id_)
        return _address(self.chain.storage(subscriber.address, slot))

    def subscriptions(self, subscriber: Contract) -> list[bytes]:
        """The ids that it asks for, as it says itself; at least one."""
        as_subscriber = self.chain.at("IRegistrySubscriber", subscriber.address)
        return list(as_subscriber.registrySubscriptions())

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
            head = self.chain.storage(address, MANAGER_STORAGE)
            assert _address(head) == (registered[first] if is_attached else ZERO_ADDRESS)
            for id_ in ALL_IDS:
                entry = _address(self.chain.storage(address, _entry_slot(id_)))
                assert entry == (registered[id_] if id_ in asked_for and id_ != first else ZERO_ADDRESS)
            if is_attached:
                assert bool(head & _PAUSE_BIT) == paused


@cache
def _entry_slot(id_: bytes) -> int:
    """Where `ManagerStorage.registeredContracts[id]` lies."""
    return int.from_bytes(keccak(id_ + (MANAGER_STORAGE + 2).to_bytes(32, "big")), "big")


def _address(word: int) -> str:
    value = word & (_PAUSE_BIT - 1)
    return checksum(value.to_bytes(20, "big")) if value else ZERO_ADDRESS
