"""Who has how much LPT and ETH."""

from collections.abc import Iterable

from simulation.calls import hash_name
from simulation.observation.table import ETHER, Row, Scene, Table


class TokenTable(Table):
    """Views of the LivepeerToken."""

    contract = "LivepeerToken"

    def totals(self, scene: Scene) -> Iterable[Row]:
        minter = scene.model.minter.address
        yield "totalSupply", (), scene.model.token.total_supply
        yield "balanceOf", (minter,), scene.model.token.balances[minter]

    def of_entries(self, scene: Scene) -> Iterable[Row]:
        for (role, account), has_it in scene.model.token.roles.items():
            yield "hasRole", (hash_name(role), account), has_it

    def of_account(self, scene: Scene, account: str) -> Iterable[Row]:
        yield "allowance", (account, scene.spender), scene.model.token.allowance(account, scene.spender)

    def of_holder(self, scene: Scene, holder: str) -> Iterable[Row]:
        yield "balanceOf", (holder,), scene.model.token.balances[holder]


class EtherTable(Table):
    """Wei, which no contract has a view of."""

    contract = ETHER

    def totals(self, scene: Scene) -> Iterable[Row]:
        minter = scene.model.minter.address
        yield "balance", (minter,), scene.model.ether[minter]

    def of_holder(self, scene: Scene, holder: str) -> Iterable[Row]:
        yield "balance", (holder,), scene.model.ether[holder]
