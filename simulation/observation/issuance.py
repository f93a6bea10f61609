"""Views of the Minters."""

from collections.abc import Iterable

from simulation.calls import hash_name
from simulation.observation.table import Row, Scene, Table, ask


class MinterTable(Table):
    """Rates, and what the round may mint, of the first Minter or its successor."""

    def __init__(self, contract: str) -> None:
        self.contract = contract

    def of_system(self, scene: Scene) -> Iterable[Row]:
        minter = scene.contracts[self.contract]
        yield "inflation", (), minter.inflation
        yield "inflationChange", (), minter.inflation_change
        yield "targetBondingRate", (), minter.target_bonding_rate
        yield "currentMintableTokens", (), minter.current_mintable_tokens
        yield "currentMintedTokens", (), minter.current_minted_tokens
        if scene.model.minter.address == minter.address:
            yield "getGlobalTotalSupply", (), minter.get_global_total_supply()

    def in_turn(self, scene: Scene) -> Iterable[Row]:
        minter = scene.contracts[self.contract]
        if scene.model.minter.address != minter.address:
            yield "getGlobalTotalSupply", (), ask(minter.get_global_total_supply)

    def of_entries(self, scene: Scene) -> Iterable[Row]:
        minter = scene.contracts[self.contract]
        yield "controller", (), minter.controller
        yield "getController", (), minter.controller
        yield "registrySubscriptions", (), [hash_name(name) for name in minter.reads]
