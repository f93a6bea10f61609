"""Puts the people of the devnet in their places: stake, rates, escrow, and a treasury worth a vote."""

from collections.abc import Callable

from scripts._deployment.parameters import Parameters
from scripts._devnet.chain import DevChain
from scripts._devnet.errors import ParametersUnfit
from scripts._devnet.keeper import Keeper
from scripts._devnet.roles import DEPLOYER, ETHER, KEEPER, LPT, NEEDED_LPT, ROLES, TREASURY_ETH, TREASURY_LPT

SERVICE_PORT = 8935
HIGHEST = 2**256 - 1


def require_fit(parameters: Parameters) -> None:
    """Raises ParametersUnfit for what would make `settle` fail half-way."""
    if parameters.live:
        raise ParametersUnfit("live", "true", "false")
    supply = parameters.token.deployer_supply_lpt
    if parameters.token.address or supply < NEEDED_LPT:
        raise ParametersUnfit("token.deployer_supply_lpt", supply, f"at least {NEEDED_LPT}")
    if not parameters.unpause:
        raise ParametersUnfit("unpause", "false", "true")
    if parameters.rounds_manager.adjustable_clock:
        raise ParametersUnfit("rounds_manager.adjustable_clock", "true", "false")


def settle(chain: DevChain, keeper: Keeper, tell: Callable[[str], None]) -> None:
    """In three rounds: bonds are made in the first, active in the second, and votes can be cast in the third."""
    chain.reach_next_round()
    keeper.tend()
    for role in ROLES:
        tell(role.name)
        if amount := role.purse_lpt + role.bond_lpt:
            chain.send(DEPLOYER, "LivepeerToken", "transfer", chain.address(role.name), amount * LPT)
        if role.delegate:
            manager = chain.reader.address("BondingManager")
            chain.send(role.name, "LivepeerToken", "approve", manager, HIGHEST)
            bond = (role.bond_lpt * LPT, chain.address(role.delegate))
            chain.send(role.name, "BondingManager", "bond", *bond)
        if role.is_orchestrator:
            _open_service(chain, role)
        if role.deposit_eth:
            deposit, reserve = role.deposit_eth * ETHER, role.reserve_eth * ETHER
            arguments = ("TicketBroker", "fundDepositAndReserve", deposit, reserve)
            chain.send(role.name, *arguments, value=deposit + reserve)
    tell("treasury")
    treasury = chain.reader.address("Treasury")
    chain.send(DEPLOYER, "LivepeerToken", "transfer", treasury, TREASURY_LPT * LPT)
    chain.pay(DEPLOYER, treasury, TREASURY_ETH * ETHER)
    for _ in range(2):
        chain.reach_next_round()
        keeper.tend()


def _open_service(chain: DevChain, role) -> None:
    number = int(role.name.rsplit(" ", 1)[1])
    chain.send(role.name, "BondingManager", "transcoder", role.reward_cut_ppm, role.fee_share_ppm)
    chain.send(role.name, "BondingManager", "setRewardCaller", chain.address(KEEPER))
    uri = f"https://127.0.0.1:{SERVICE_PORT + number - 1}"
    chain.send(role.name, "ServiceRegistry", "setServiceURI", uri)
