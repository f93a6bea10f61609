"""What the Controller has pushed into the contracts that read its registry (DEV-12), from their storage.

A subscriber keeps in the storage of `Manager`: the entry that it names first (a proxy's target, the main collaborator
of a direct manager) and the pause flag in one slot, the other entries in a mapping.
"""

from functools import cache

from eth_utils import keccak

from simulation.chain.addresses import ZERO_ADDRESS, checksum
from simulation.chain.contracts import Contract
from simulation.chain.facade import Chain

MANAGER_STORAGE = 0x130DF29CC34F1D716EDF0C75B6DAFF6EEF52F7842E72CE6F21B15BA4F0C49200
_PAUSE_BIT = 1 << 160


def subscriptions(chain: Chain, subscriber: Contract) -> list[bytes]:
    """The ids that a contract asks for, as it says itself; at least one."""
    return list(chain.at("IRegistrySubscriber", subscriber.address).registrySubscriptions())


def first_entry(chain: Chain, subscriber: Contract) -> str:
    """What a contract has for the id that it names first."""
    return _address(chain.storage(subscriber.address, MANAGER_STORAGE))


def other_entry(chain: Chain, subscriber: Contract, id_: bytes) -> str:
    """What a contract has for an id that it does not name first."""
    return _address(chain.storage(subscriber.address, _entry_slot(id_)))


def is_paused(chain: Chain, subscriber: Contract) -> bool:
    """The pause flag as a contract has it."""
    return bool(chain.storage(subscriber.address, MANAGER_STORAGE) & _PAUSE_BIT)


@cache
def _entry_slot(id_: bytes) -> int:
    """Where `ManagerStorage.registeredContracts[id]` lies."""
    return int.from_bytes(keccak(id_ + (MANAGER_STORAGE + 2).to_bytes(32, "big")), "big")


def _address(word: int) -> str:
    value = word & (_PAUSE_BIT - 1)
    return checksum(value.to_bytes(20, "big")) if value else ZERO_ADDRESS
