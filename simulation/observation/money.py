"""Who has how much LPT and ETH."""

from collections.abc import Iterable

from simulation.observation.table import Row, Scene, Table


class TokenTable(Table):
    """Views of the LivepeerToken."""

    contract = "LivepeerToken"

    def of_system(self, scene: Scene) -> Iterable[Row]:
        yield "totalSupply", (), scene.model.token.total_supply

    def of_account(self, scene: Scene, account: str) -> Iterable[Row]:
        yield "allowance", (account, scene.spender), scene.model.token.allowance(account, scene.spender)

    def of_holder(self, scene: Scene, holder: str) -> Iterable[Row]:
        yield "balanceOf", (holder,), scene.model.token.balances[holder]


class EtherTable(Table):
    """Wei, which no contract has a view of."""

    contract = "ETH"

    def of_holder(self, scene: Scene, holder: str) -> Iterable[Row]:
        yield "balance", (holder,), scene.model.ether[holder]
