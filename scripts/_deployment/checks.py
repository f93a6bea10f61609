"""Reads back from the chain what a deployment has set, and says what differs."""

from scripts._deployment.errors import CheckFailed
from scripts._deployment.execution import contract_at
from scripts._deployment.parameters import DEPLOYER, to_base_units
from scripts._deployment.plan import DEFAULT_ADMIN_ROLE, MINTER_ROLE, Call, Plan, contract_id
from scripts._deployment.registry import Registry


def check_deployment(plan: Plan, registry: Registry, project) -> int:
    """Compares registry entries, proxies, parameters, roles and owners with the plan.

    Returns how many facts were compared; raises CheckFailed with every difference.
    """
    facts = [
        *_registrations(plan, registry, project),
        *_parameters(plan, registry, project),
        *_roles(plan, registry, project),
    ]
    faults = [
        f"{name}: found {found}, planned {planned}" for name, found, planned in facts if found != planned
    ]
    if faults:
        raise CheckFailed(faults)
    return len(facts)


def _registrations(plan: Plan, registry: Registry, project):
    controller = contract_at(registry, "Controller", project)
    for step in plan.steps:
        if isinstance(step, Call) and step.function == "setContractInfo":
            address, commit = controller.getContractInfo(step.arguments[0])
            planned = registry.contracts[step.arguments[1][1:]].address
            yield f"Controller.getContract({step.note})", str(address), planned
            yield f"commit of {step.note}", "0x" + bytes(commit).hex(), plan.commit
    for name, entry in registry.contracts.items():
        if entry.proxied:
            proxy = project.ManagerProxy.at(entry.address, fetch_from_explorer=False)
            target = registry.contracts[f"{name}Target"].address
            yield f"{name}.implementation", str(proxy.implementation()), target
            planned_id = contract_id(f"{name}Target")
            yield f"{name}.targetContractId", "0x" + bytes(proxy.targetContractId()).hex(), planned_id
            yield f"{name}.controller", str(proxy.controller()), str(controller.address)
            yield f"{name} attached", controller.isAttached(entry.address), True


def _parameters(plan: Plan, registry: Registry, project):
    given = plan.parameters
    minter = contract_at(registry, "Minter", project)
    bonding = contract_at(registry, "BondingManager", project)
    rounds = contract_at(registry, "RoundsManager", project)
    tickets = contract_at(registry, "TicketBroker", project)
    ceiling = to_base_units(given.bonding_manager.treasury_balance_ceiling_lpt)
    yield from (
        ("inflation_ppb", minter.inflation(), given.minter.inflation_ppb),
        ("inflation_change_ppb", minter.inflationChange(), given.minter.inflation_change_ppb),
        ("target_bonding_rate_ppb", minter.targetBondingRate(), given.minter.target_bonding_rate_ppb),
        ("unbonding_period_rounds", bonding.unbondingPeriod(), given.bonding_manager.unbonding_period_rounds),
        ("pool_max_size", bonding.getTranscoderPoolMaxSize(), given.bonding_manager.pool_max_size),
        (
            "treasury_reward_cut_rate_ray",
            bonding.nextRoundTreasuryRewardCutRate(),
            given.bonding_manager.treasury_reward_cut_rate_ray,
        ),
        ("treasury_balance_ceiling_lpt", bonding.treasuryBalanceCeiling(), ceiling),
        ("round_length_blocks", rounds.roundLength(), given.rounds_manager.round_length_blocks),
        ("round_lock_amount_ppm", rounds.roundLockAmount(), given.rounds_manager.round_lock_amount_ppm),
        *(
            (f"lip_upgrade_rounds {lip}", rounds.lipUpgradeRound(lip), planned)
            for lip, planned in given.rounds_manager.lip_upgrade_rounds.items()
        ),
        ("unlock_period_rounds", tickets.unlockPeriod(), given.ticket_broker.unlock_period_rounds),
        (
            "ticket_validity_period_rounds",
            tickets.ticketValidityPeriod(),
            given.ticket_broker.ticket_validity_period_rounds,
        ),
    )


def _roles(plan: Plan, registry: Registry, project):
    given = plan.parameters
    controller = contract_at(registry, "Controller", project)
    token = contract_at(registry, "LivepeerToken", project)
    governor = contract_at(registry, "Governor", project)
    treasury = contract_at(registry, "Treasury", project)
    deployer, governor_address = registry.deployer, str(governor.address)
    owner = governor_address if given.governor.owns_controller else deployer
    governor_owner = deployer if given.governor.owner == DEPLOYER else given.governor.owner
    yield "Controller.owner", str(controller.owner()), owner
    yield "Controller.paused", controller.paused(), not given.unpause
    yield "Governor.owner", str(governor.owner()), governor_owner
    yield "token minter: Minter", token.hasRole(MINTER_ROLE, registry.contracts["Minter"].address), True
    yield "token minter: deployer", token.hasRole(MINTER_ROLE, deployer), False
    is_admin = token.hasRole(DEFAULT_ADMIN_ROLE, deployer)
    yield "token admin: deployer", is_admin, not given.governor.owns_controller
    yield (
        "token admin: Governor",
        token.hasRole(DEFAULT_ADMIN_ROLE, governor_address),
        given.governor.owns_controller,
    )
    yield "treasury min_delay_seconds", treasury.getMinDelay(), given.treasury.min_delay_seconds
    # Whoever had set up the treasury before us could have given roles to others besides.
    planned = {(DEFAULT_ADMIN_ROLE, str(treasury.address)), (DEFAULT_ADMIN_ROLE, governor_address)}
    granted = {("0x" + bytes(log.role).hex(), str(log.account)) for log in treasury.RoleGranted}
    yield "roles granted by the treasury", granted, planned
