"""Who has how much LPT and ETH."""

from collections.abc import Iterable

from reference_model.token import ADMIN_ROLE, MINTER_ROLE
from simulation.calls import hash_name
from simulation.chain.engine import CHAIN_ID
from simulation.cryptography import TOKEN_NAME, TOKEN_VERSION
from simulation.observation.table import ETHER, Row, Scene, Table
from simulation.signing import domain_separator


class TokenTable(Table):
    """Views of the LivepeerToken."""

    contract = "LivepeerToken"

    def totals(self, scene: Scene) -> Iterable[Row]:
        minter = scene.model.minter.address
        yield "totalSupply", (), scene.model.token.total_supply
        yield "balanceOf", (minter,), scene.model.token.balances[minter]

    def in_turn(self, scene: Scene) -> Iterable[Row]:
        token = scene.model.token
        block = scene.model.block_number
        owner = scene.accounts[block % len(scene.accounts)]
        for spender in scene.accounts:
            yield "allowance", (owner, spender), token.allowance(owner, spender)
        yield "supportsInterface", (bytes.fromhex("7965db0b"),), True

    def of_entries(self, scene: Scene) -> Iterable[Row]:
        token = scene.model.token
        separator = domain_separator(TOKEN_NAME, TOKEN_VERSION, CHAIN_ID, token.address)
        yield "name", (), TOKEN_NAME
        yield "symbol", (), "LPT"
        yield "decimals", (), 18
        yield "DOMAIN_SEPARATOR", (), separator
        domain = (b"\x0f", TOKEN_NAME, TOKEN_VERSION, CHAIN_ID, token.address, bytes(32), [])
        yield "eip712Domain", (), domain
        yield "DEFAULT_ADMIN_ROLE", (), hash_name(ADMIN_ROLE)
        yield "getRoleAdmin", (hash_name(MINTER_ROLE),), hash_name(ADMIN_ROLE)
        for (role, account), has_it in scene.model.token.roles.items():
            yield "hasRole", (hash_name(role), account), has_it

    def of_account(self, scene: Scene, account: str) -> Iterable[Row]:
        token = scene.model.token
        yield "allowance", (account, scene.spender), token.allowance(account, scene.spender)
        yield "nonces", (account,), token.nonces[account]

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


class FaucetTable(Table):
    """Views of the LivepeerTokenFaucet."""

    contract = "LivepeerTokenFaucet"

    def of_system(self, scene: Scene) -> Iterable[Row]:
        yield "owner", (), scene.model.faucet.owner

    def of_entries(self, scene: Scene) -> Iterable[Row]:
        faucet = scene.model.faucet
        yield "token", (), faucet.token.address
        yield "requestAmount", (), faucet.request_amount
        yield "requestWait", (), faucet.request_wait

    def derived_of_account(self, scene: Scene, account: str) -> Iterable[Row]:
        faucet = scene.model.faucet
        yield "isWhitelisted", (account,), faucet.is_whitelisted(account)
        yield "nextValidRequest", (account,), faucet.next_valid_request[account]
