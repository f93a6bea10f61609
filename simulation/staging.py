"""How a world is set: who there is, a model in the state of the contracts, and the steps up to the first round."""

from collections.abc import Iterator, Mapping

from reference_model.adjustable_clock import AdjustableRoundsManager
from reference_model.constants import MAX_UINT256
from reference_model.managers import ProxiedManager
from reference_model.minting import L2LPTDataCache, Minter
from reference_model.protocol import DIRECT, PROXIED
from reference_model.protocol import Parameters as ModelParameters
from reference_model.protocol import Protocol as Model
from reference_model.registry import Contract as ModelContract
from reference_model.registry import Controller, entry_point
from reference_model.token import BURNER_ROLE, MINTER_ROLE
from simulation.calls import CONTRACT_TYPES, Call, Mine, Step
from simulation.cast import Cast
from simulation.chain.contracts import Contract
from simulation.chain.facade import Chain
from simulation.cryptography import EthereumCryptography
from simulation.protocol import COMMIT, DEPLOYER_LPT, FAUCET_LPT, Protocol, contract_id

# Contracts of which steps may call functions, with the attribute of `Protocol` that holds each.
ATTRIBUTES = {
    "Controller": "controller",
    "Minter": "minter",
    "LivepeerToken": "token",
    "LivepeerTokenFaucet": "faucet",
    "TicketBroker": "ticket_broker",
    "BondingManager": "bonding_manager",
    "BondingVotes": "bonding_votes",
    "RoundsManager": "rounds_manager",
    "ServiceRegistry": "service_registry",
    "Governor": "governor",
}
REGISTERED = (*DIRECT[1:], *PROXIED, *(f"{name}Target" for name in PROXIED), "JobsManager")


class ForeignCode(ProxiedManager):
    """ManagerProxyTarget__HarnessA: of no kind that a proxy of the protocol has a use for."""

    name = "ManagerProxyTarget__HarnessA"
    reads = ("Minter", "LivepeerToken")


class AdjustableCache(L2LPTDataCache):
    """L2LPTDataCache__Mock."""

    @entry_point
    def set_l1_circulating_supply(self, sender: str, supply: int) -> None:
        self.l1_circulating_supply = supply


def contracts_of(chain: Chain, cast: Cast) -> dict[str, Contract]:
    """The deployed contracts that steps name."""
    contracts = {name: chain.at(CONTRACT_TYPES.get(name, name), at) for name, at in cast.addresses.items()}
    # The chain calls a contract by the last name that it is given: that of what runs behind a proxy.
    for name in PROXIED:
        chain.at(name, cast.addresses[name])
    return contracts


def model_contracts_of(model: Model, cast: Cast) -> dict[str, ModelContract]:
    """The same contracts of the model."""
    return {name: model.contracts[address] for name, address in cast.addresses.items()}


def gather_cast(chain: Chain, protocol: Protocol, stakers: int, gateways: int) -> Cast:
    """Everybody who acts, and the code for upgrades."""
    owner, controller, given = protocol.owner, protocol.controller, protocol.parameters
    second_controller = chain.deploy("Controller", sender=owner)
    rates = (given.inflation, given.inflation_change, given.target_bonding_rate)

    def deploy(name: str, *arguments) -> str:
        return chain.deploy(name, *arguments, sender=owner).address

    minters = (
        protocol.minter.address,
        deploy("Minter", controller, *rates),
        deploy("Minter", second_controller, *rates),
    )
    caches = (protocol.l2_lpt_data_cache.address, deploy("L2LPTDataCache__Mock"))
    verifier, migrator = deploy("Placeholder__Mock"), deploy("Placeholder__Mock")
    return Cast(
        owner=owner,
        stakers=tuple(chain.actor(f"staker {number}") for number in range(1, stakers + 1)),
        gateways=tuple(chain.actor(f"gateway {number}") for number in range(1, gateways + 1)),
        attacker=chain.actor("attacker"),
        verifier=verifier,
        migrator=migrator,
        targets=tuple(_deploy_targets(chain, protocol)),
        foreign_target=deploy("ManagerProxyTarget__HarnessA", controller),
        adjustable_target=deploy("AdjustableRoundsManager", controller),
        caches=caches,
        minters=minters,
        second_controller=second_controller.address,
        addresses=name_contracts(
            {name: getattr(protocol, attribute).address for name, attribute in ATTRIBUTES.items()},
            {name: target.address for name, target in protocol.targets.items()},
            minters=minters,
            second_controller=second_controller.address,
            cache=caches[1],
        ),
        home={
            **{name: protocol.controller.getContract(contract_id(name)) for name in REGISTERED},
            "Verifier": verifier,
            "L2Migrator": migrator,
        },
    )


def name_contracts(
    protocol: Mapping[str, str],
    targets: Mapping[str, str],
    *,
    minters: tuple[str, ...],
    second_controller: str,
    cache: str,
) -> dict[str, str]:
    """The contracts that steps name, out of those of the protocol, the code behind the proxies, and spare parts."""
    return {
        **protocol,
        **{f"{name}Proxy": protocol[name] for name in PROXIED},
        **{f"{name}Target": targets[name] for name in PROXIED},
        "AdjustableClock": protocol["RoundsManager"],
        "SecondMinter": minters[1],
        "ForeignMinter": minters[2],
        "SecondController": second_controller,
        "L2LPTDataCache": cache,
    }


def _deploy_targets(chain: Chain, protocol: Protocol) -> Iterator[tuple[str, str]]:
    """The code behind each proxy, and a copy of it."""
    for name, target in protocol.targets.items():
        copy = chain.deploy(target.contract_name, protocol.controller, sender=protocol.owner)
        yield f"{name}Target", target.address
        yield f"{name}Target", copy.address


def build_model(protocol: Protocol, cast: Cast) -> Model:
    """A model in the state in which the deployment helper leaves the contracts."""
    chain, given = protocol.chain, protocol.parameters
    owner = str.__str__(protocol.owner)
    fields = ModelParameters.__dataclass_fields__
    addresses = {name: getattr(protocol, attribute).address for name, attribute in ATTRIBUTES.items()}
    addresses |= {f"{name}Target": target.address for name, target in protocol.targets.items()}
    addresses |= {"Treasury": protocol.treasury.address, "L2LPTDataCache": cast.caches[0]}
    model = Model(
        ModelParameters(**{name: getattr(given, name) for name in fields}),
        owner=owner,
        cryptography=EthereumCryptography(),
        get_block_hash=chain.block_hash,
        # The clock is anchored in the round in which its length was first set.
        block_number=protocol.rounds_manager.lastRoundLengthUpdateStartBlock(),
        addresses=addresses,
        has_code=lambda address: bool(chain.code(address)),
        accepts_ether=lambda address: not chain.code(address),
    )
    model.block_number, model.timestamp = chain.block_number, chain.timestamp
    for name in model.controller.contracts:
        model.controller.commits[name] = COMMIT
    add_spare_parts(model, cast)
    model.token.grant_role(owner, MINTER_ROLE, owner)
    model.token.mint(owner, model.faucet.address, FAUCET_LPT)
    model.token.mint(owner, owner, DEPLOYER_LPT)
    model.token.revoke_role(owner, MINTER_ROLE, owner)
    return model


def add_spare_parts(model: Model, cast: Cast) -> None:
    """What is deployed beside the protocol, to take the place of a part of it."""
    for name, address in cast.targets:
        if address not in model.targets:
            proxy = model.contracts[cast.home[name.removesuffix("Target")]]
            model.add_target(type(proxy), address)
    model.add_target(ForeignCode, cast.foreign_target)
    model.add_target(AdjustableRoundsManager, cast.adjustable_target, is_adjustable=True)
    model.add(AdjustableCache(model.journal, cast.caches[1]))
    model.add(Controller(model, cast.second_controller, model.controller.owner))
    given = model.parameters
    for address, controller in zip(cast.minters[1:], ("", cast.second_controller), strict=True):
        model.add(
            Minter(
                model,
                address,
                controller,
                inflation=given.inflation,
                inflation_change=given.inflation_change,
                target_bonding_rate=given.target_bonding_rate,
            )
        )


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
    # The first block of a round, however many blocks the deployment took.
    length, clock = protocol.parameters.round_length, protocol.rounds_manager
    yield Mine(clock.currentRoundStartBlock() + 2 * length - 1 - protocol.chain.block_number)
    yield Call(owner, "RoundsManager", "initializeRound")
