"""Views of the Minter."""

from collections.abc import Iterable

from simulation.observation.table import Row, Scene, Table


class MinterTable(Table):
    """Rates, and what the round may mint."""

    contract = "Minter"

    def totals(self, scene: Scene) -> Iterable[Row]:
        yield "currentMintedTokens", (), scene.model.minter.current_minted_tokens

    def of_system(self, scene: Scene) -> Iterable[Row]:
        minter = scene.model.minter
        yield "inflation", (), minter.inflation
        yield "inflationChange", (), minter.inflation_change
        yield "targetBondingRate", (), minter.target_bonding_rate
        yield "currentMintableTokens", (), minter.current_mintable_tokens
        yield "getGlobalTotalSupply", (), minter.get_global_total_supply()
