"""REG: the registry, attachment, service URIs (control-plane.md 2.1, 2.5 and 5, DEV-12)."""

from collections.abc import Iterator

from reference_model.constants import ZERO_ADDRESS
from reference_model.managers import Manager
from reference_model.registry import NO_COMMIT
from simulation.invariants.catalogue import invariant
from simulation.invariants.moment import Moment


@invariant(
    "REG-1",
    "the registry is what SetContractInfo says",
    why="it is the only trace of an upgrade (control plane 5.2)",
)
def the_registry_is_what_events_say(moment: Moment) -> Iterator[str]:
    found, told = moment.now.contracts, moment.client.contracts
    if found == told:
        return
    for contract_id in found.keys() | told.keys():
        if found.get(contract_id, ZERO_ADDRESS) != told.get(contract_id, ZERO_ADDRESS):
            yield f"{contract_id}: {found.get(contract_id)}, {told.get(contract_id)} by events"


@invariant(
    "REG-2",
    "a call writes one entry at most, the one that its event names",
    why="every other contract keeps its role (control plane 5.2)",
)
def one_entry_at_a_time(moment: Moment) -> Iterator[str]:
    if moment.now.contracts == moment.before.contracts:
        return
    changed = {
        contract_id
        for contract_id in moment.now.contracts.keys() | moment.before.contracts.keys()
        if moment.now.contracts.get(contract_id) != moment.before.contracts.get(contract_id)
    }
    named = {given["id"] for given in moment.events_named("SetContractInfo")}
    if not changed <= named or len(named) > 1:
        yield f"{sorted(changed)}, told {sorted(named)}"


@invariant(
    "REG-3",
    "JobsManager is the TicketBroker (deployment 6)",
    why="the Minter takes and pays escrow by the one id, the BondingManager fees by the other",
)
def both_ids_of_the_broker_agree(moment: Moment) -> Iterator[str]:
    jobs, broker = (moment.now.contracts.get(name) for name in ("JobsManager", "TicketBroker"))
    if jobs != broker:
        yield f"{jobs}, {broker}"


@invariant(
    "REG-4",
    "every entry has code, or is empty (DEV-8)",
    why="C1: calls to an address without code succeed silently",
)
def entries_have_code(moment: Moment) -> Iterator[str]:
    if moment.now.contracts == moment.before.contracts:
        return
    for contract_id, address in moment.now.contracts.items():
        if address != ZERO_ADDRESS and not moment.model.has_code(address):
            yield f"{contract_id}: {address}"


@invariant(
    "REG-9",
    "the commit of an entry is that of its last SetContractInfo; getContractInfo shows it with the address (5.1)",
    why="auditors compare the code of an entry with that revision",
)
def commits_are_what_events_say(moment: Moment) -> Iterator[str]:
    controller = moment.model.controller
    for contract_id, commit in controller.commits.items():
        told = moment.client.commits.get(contract_id, NO_COMMIT)
        if told != commit:
            yield f"{contract_id}: {commit.hex()}, {told.hex()} by events"
    for given in moment.events_named("SetContractInfo"):
        expected = (controller.get_contract(given["id"]), given["gitCommitHash"])
        if controller.get_contract_info(given["id"]) != expected:
            yield f"{given['id']}: {controller.get_contract_info(given['id'])}, {expected} expected"


@invariant(
    "REG-10",
    "a contract is attached, under exactly the ids that it has, ⇔ it is registered and follows the Controller (DEV-12)",
    why="who is attached is told of every change; nobody else may count on what it was told once",
)
def the_registered_are_attached(moment: Moment) -> Iterator[str]:
    if moment.names.isdisjoint(("SetContractInfo", "SetController")) and not moment.has_turn(7, 8):
        return
    controller = moment.model.controller
    ids: dict[str, set[str]] = {}
    for contract_id, address in controller.contracts.items():
        ids.setdefault(address, set()).add(contract_id)
    for address, contract in moment.model.contracts.items():
        if not isinstance(contract, Manager):
            continue
        follows = contract.is_subscriber and contract.controller == controller.address
        expected = ids.get(address, set()) if follows else set()
        if set(controller.registered_under[address]) != expected:
            yield f"{address}: {controller.registered_under[address]}, {sorted(expected)} expected"


@invariant(
    "REG-11",
    "a service URI is what its account said last (5.13, 5.14)",
    why="gateways send their work there",
)
def service_uris_are_their_owners(moment: Moment) -> Iterator[str]:
    uris = moment.model.service_registry.service_uris
    if moment.client.service_uris != uris:
        yield f"{dict(uris)}, {moment.client.service_uris} by events"
    for given in moment.events_named("ServiceURIUpdate"):
        speakers = (moment.call.sender, moment.model.governor.address)
        if given["addr"] not in speakers[: 2 if moment.call.function == "execute" else 1]:
            yield f"{given} by {moment.call.sender}"
