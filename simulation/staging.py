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
from reference_model.treasury import CANCELLER_ROLE, EXECUTOR_ROLE, PROPOSER_ROLE, TIMELOCK_ADMIN_ROLE
from simulation.calls import CONTRACT_TYPES, POLLS, Call, Mine, Step
from simulation.cast import Cast
from simulation.chain.contracts import Contract
from simulation.chain.facade import Chain
from simulation.cryptography import EthereumCryptography
from simulation.governance import Governance, GovernanceParameters
from simulation.governance_model import PollSite, add_governance, poll_address
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
# Those of stake-weighted governance, with the attribute of `Governance`.
GOVERNANCE_ATTRIBUTES = {
    "LivepeerGovernor": "governor",
    "Treasury": "treasury",
    "MerkleSnapshot": "merkle_snapshot",
    "PollCreator": "poll_creator",
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
    for name in (*PROXIED, "LivepeerGovernor"):
        if name in cast.addresses:
            chain.at(name, cast.addresses[name])
    return contracts


def model_contracts_of(model: Model, cast: Cast) -> dict[str, ModelContract]:
    """The same contracts of the model."""
    polls = {}
    if cast.has_governance:
        creator = model.contracts[cast.addresses["PollCreator"]]
        polls = {name: PollSite(creator, cast.addresses[name]) for name in POLLS}
    return {name: polls.get(name) or model.contracts[address] for name, address in cast.addresses.items()}


def name_governance(contracts: Mapping[str, str]) -> dict[str, str]:
    """The contracts of governance that steps name, and the places of the first polls."""
    governor, creator = contracts["LivepeerGovernor"], contracts["PollCreator"]
    polls = {name: poll_address(creator, number) for number, name in enumerate(POLLS, 1)}
    return {**contracts, "LivepeerGovernorProxy": governor, **polls}


def name_governance_of(governance: Governance) -> dict[str, str]:
    """The same of a deployment."""
    contracts = {name: getattr(governance, attribute) for name, attribute in GOVERNANCE_ATTRIBUTES.items()}
    contracts["LivepeerGovernorTarget"] = governance.plane.targets["LivepeerGovernor"]
    return name_governance({name: contract.address for name, contract in contracts.items()})


def gather_cast(
    chain: Chain, protocol: Protocol, stakers: int, gateways: int, governance: Governance | None = None
) -> Cast:
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
            {name: protocol.targets[name].address for name in PROXIED},
            minters=minters,
            second_controller=second_controller.address,
            cache=caches[1],
        )
        | (name_governance_of(governance) if governance else {}),
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
    for name in PROXIED:
        target = protocol.targets[name]
        copy = chain.deploy(target.contract_name, protocol.controller, sender=protocol.owner)
        yield f"{name}Target", target.address
        yield f"{name}Target", copy.address


def build_model(protocol: Protocol, cast: Cast) -> Model:
    """A model in the state in which the deployment helpers leave the contracts."""
    chain, given = protocol.chain, protocol.parameters
    owner = str.__str__(protocol.owner)
    fields = ModelParameters.__dataclass_fields__
    addresses = {name: getattr(protocol, attribute).address for name, attribute in ATTRIBUTES.items()}
    addresses |= {f"{name}Target": protocol.targets[name].address for name in PROXIED}
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
    if cast.has_governance:
        add_governance(model, cast.addresses)
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
    funded = (cast.addresses["Treasury"],) if cast.has_governance else ()
    for address in (cast.verifier, cast.migrator, *funded):
        chain.set_balance(address, 10**24)
        model.ether[address] = 10**24


def hand_over(cast: Cast, given: GovernanceParameters) -> Iterator[Step]:
    """Initialize governor and treasury, give the treasury's roles to the governor, and give up those of the owner."""
    owner = cast.owner
    yield Call(owner, "Treasury", "initialize", (given.min_delay, (), (), owner))
    yield Call(owner, "LivepeerGovernor", "initialize", given.settings)
    for role in (PROPOSER_ROLE, CANCELLER_ROLE, EXECUTOR_ROLE):
        yield Call(owner, "Treasury", "grantRole", (role, cast.addresses["LivepeerGovernor"]))
    yield Call(owner, "Treasury", "renounceRole", (TIMELOCK_ADMIN_ROLE, owner))


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
