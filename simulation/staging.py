"""How a world is set: who there is, a model in the state of the contracts, and the steps up to the first round."""

from collections.abc import Iterator

from reference_model.constants import MAX_UINT256
from reference_model.protocol import Parameters as ModelParameters
from reference_model.protocol import Protocol as Model
from reference_model.registry import Contract as ModelContract
from reference_model.token import BURNER_ROLE, MINTER_ROLE
from simulation.calls import Call, Mine, Step
from simulation.cast import Cast
from simulation.chain.contracts import Contract
from simulation.chain.facade import Chain
from simulation.cryptography import EthereumTicketCryptography
from simulation.protocol import DEPLOYER_LPT, FAUCET_LPT, Protocol

# Contracts of which steps may call functions: the attribute of `Protocol` and of the model that holds each.
ATTRIBUTES = {
    "Controller": "controller",
    "Minter": "minter",
    "LivepeerToken": "token",
    "TicketBroker": "ticket_broker",
    "BondingManager": "bonding_manager",
    "BondingVotes": "bonding_votes",
    "RoundsManager": "rounds_manager",
}


def contracts_of(protocol: Protocol) -> dict[str, Contract]:
    """The deployed contracts that steps name."""
    return {name: getattr(protocol, attribute) for name, attribute in ATTRIBUTES.items()}


def model_contracts_of(model: Model) -> dict[str, ModelContract]:
    """The same contracts of the model."""
    return {name: getattr(model, attribute) for name, attribute in ATTRIBUTES.items()}


def gather_cast(chain: Chain, protocol: Protocol, stakers: int, gateways: int) -> Cast:
    """Everybody who acts, and the code for upgrades."""
    return Cast(
        owner=protocol.owner,
        stakers=tuple(chain.actor(f"staker {number}") for number in range(1, stakers + 1)),
        gateways=tuple(chain.actor(f"gateway {number}") for number in range(1, gateways + 1)),
        attacker=chain.actor("attacker"),
        verifier=chain.deploy("Placeholder__Mock", sender=protocol.owner).address,
        migrator=chain.deploy("Placeholder__Mock", sender=protocol.owner).address,
        targets=tuple(_deploy_targets(chain, protocol)),
    )


def _deploy_targets(chain: Chain, protocol: Protocol) -> Iterator[tuple[str, str]]:
    """The code behind each proxy, and a copy of it."""
    for name, target in protocol.targets.items():
        copy = chain.deploy(target.contract_name, protocol.controller, sender=protocol.owner)
        yield f"{name}Target", target.address
        yield f"{name}Target", copy.address


def build_model(protocol: Protocol) -> Model:
    """A model in the state in which the deployment helper leaves the contracts."""
    chain, given = protocol.chain, protocol.parameters
    owner = str.__str__(protocol.owner)
    fields = ModelParameters.__dataclass_fields__
    addresses = {name: contract.address for name, contract in contracts_of(protocol).items()}
    model = Model(
        ModelParameters(**{name: getattr(given, name) for name in fields}),
        owner=owner,
        ticket_cryptography=EthereumTicketCryptography(),
        get_block_hash=chain.block_hash,
        # The clock is anchored in the round in which its length was first set.
        block_number=protocol.rounds_manager.lastRoundLengthUpdateStartBlock(),
        addresses={**addresses, "Treasury": protocol.treasury.address},
        has_code=lambda address: bool(chain.code(address)),
        accepts_ether=lambda address: not chain.code(address),
    )
    model.block_number = chain.block_number
    model.token.grant_role(owner, MINTER_ROLE, owner)
    model.token.mint(owner, protocol.faucet.address, FAUCET_LPT)
    model.token.mint(owner, owner, DEPLOYER_LPT)
    model.token.revoke_role(owner, MINTER_ROLE, owner)
    return model


def give_ether(chain: Chain, cast: Cast, model: Model) -> None:
    """Let the model know what everybody has, and give contracts that act something to send."""
    for account in (cast.owner, *cast.stakers, *cast.gateways, cast.attacker):
        model.ether[account] = chain.balance(account)
    for address in (cast.verifier, cast.migrator):
        chain.set_balance(address, 10**24)
        model.ether[address] = 10**24


def opening(protocol: Protocol, cast: Cast, endowment: int) -> Iterator[Step]:
    """Money, roles and a first round."""
    owner, token, manager = cast.owner, "LivepeerToken", protocol.bonding_manager.address
    yield Call(owner, token, "grantRole", (MINTER_ROLE, owner))
    yield Call(owner, token, "grantRole", (BURNER_ROLE, protocol.minter.address))
    for account in (*cast.stakers, cast.migrator):
        yield Call(owner, token, "mint", (account, endowment))
        yield Call(account, token, "approve", (manager, MAX_UINT256))
    yield Call(owner, token, "revokeRole", (MINTER_ROLE, owner))
    for name, address in (("Verifier", cast.verifier), ("L2Migrator", cast.migrator)):
        yield Call(owner, "Controller", "setContractInfo", (name, address, bytes(20)))
    yield Call(owner, "Controller", "unpause")
    yield Mine(protocol.parameters.round_length)
    yield Call(owner, "RoundsManager", "initializeRound")
