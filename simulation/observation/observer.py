"""Reading views from the chain, and comparing them with what the model says.

Raw words are compared, since decoding costs more than the call; only what differs is decoded.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from reference_model.constants import ZERO_ADDRESS
from simulation.chain.reverts import Reverted
from simulation.observation.table import Scene, encode_words
from simulation.observation.tables import TABLES

if TYPE_CHECKING:
    from simulation.world import World

# Rounds around the current one that are looked at after each call; all others in `all_rounds`.
RECENT_ROUNDS = 3

# (contract, function, arguments)
View = tuple[str, str, tuple]


class Observer:
    """Compares all views of all accounts."""

    def __init__(self, world: "World") -> None:
        self._world = world
        cast, protocol = world.cast, world.protocol
        self._scene = Scene(
            world.model,
            accounts=(*cast.accounts, ZERO_ADDRESS),
            holders=(
                *cast.accounts,
                cast.owner,
                cast.verifier,
                protocol.minter.address,
                protocol.treasury.address,
                protocol.bonding_manager.address,
                protocol.ticket_broker.address,
            ),
            spender=protocol.bonding_manager.address,
        )
        self._calldata: dict[View, tuple[str, Any, bytes]] = {}

    def differences(self, *, all_rounds: bool = False) -> list[str]:
        """What differs, in words."""
        found = []
        for view, expected in self._expectations(all_rounds):
            if complaint := self._compare(view, expected):
                found.append(complaint)
        return found

    def read(self, *, all_rounds: bool = False) -> Iterator[tuple[View, bytes | Reverted, bytes]]:
        """All views, each with what the contract says and what the model does, in raw words; for traces."""
        for view, expected in self._expectations(all_rounds):
            yield view, self._read(view), encode_words(expected)

    def forget(self, contract: str) -> None:
        """Read a contract at its new address from now on."""
        self._calldata = {view: call for view, call in self._calldata.items() if view[0] != contract}

    # ---- one view

    def _compare(self, view: View, expected: Any) -> str | None:
        raw = self._read(view)
        if isinstance(raw, Reverted):  # no view of a reachable state may
            return f"{raw}, expected {expected}"
        if raw == encode_words(expected):
            return None
        contract, function, arguments = view
        came = (
            int.from_bytes(raw, "big")
            if contract == "ETH"
            else self._prepare(view)[1].outputs.decode_result(raw)
        )
        labelled = ", ".join(self._world.chain.label(argument) for argument in arguments)
        return f"{contract}.{function}({labelled}): found {came}, expected {expected}"

    def _read(self, view: View) -> bytes | Reverted:
        contract, _, arguments = view
        chain = self._world.chain
        if contract == "ETH":
            return encode_words(chain.balance(*arguments))
        address, abi, calldata = self._prepare(view)
        try:
            return chain._view(contract, abi, None, address, calldata, None)
        except Reverted as failure:
            return failure

    def _prepare(self, view: View) -> tuple[str, Any, bytes]:
        if view not in self._calldata:
            contract, function, arguments = view
            bound = getattr(self._world.contracts[contract], function)
            self._calldata[view] = (bound._address, bound.abi, bound.encode(*arguments))
        return self._calldata[view]

    # ---- all views

    def _expectations(self, all_rounds: bool) -> Iterator[tuple[View, Any]]:
        scene = self._scene
        current_round = scene.model.rounds_manager.current_round()
        first = 0 if all_rounds else max(0, current_round - RECENT_ROUNDS)
        rounds = range(first, current_round + 3)
        for table in TABLES:
            for function, arguments, expected in self._rows(table, rounds):
                yield (table.contract, function, arguments), expected

    def _rows(self, table, rounds: range):
        scene = self._scene
        yield from table.of_system(scene)
        for n in rounds:
            yield from table.of_round(scene, n)
        for account in scene.accounts:
            yield from table.of_account(scene, account)
            for n in rounds:
                yield from table.of_account_in_round(scene, account, n)
        for holder in scene.holders:
            yield from table.of_holder(scene, holder)
