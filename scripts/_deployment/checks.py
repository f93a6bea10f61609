"""Reads back from the chain everything that a deployment has set, and compares it with the plan.

    facts = collect_facts(plan, reader)          # every one, in the order of the sections below
    require_as_planned(facts)                    # raises CheckFailed with every difference

Addresses and code, registry entries, proxies, parameters, owners and roles, whether all is set up for good, and what
was left behind that could take effect later.
"""

from collections.abc import Iterator

from scripts._deployment.authority import authority_facts
from scripts._deployment.bytecode import strip_code
from scripts._deployment.errors import CheckFailed
from scripts._deployment.facts import Fact, differing
from scripts._deployment.latent import latent_facts
from scripts._deployment.parameters import PPM, to_base_units
from scripts._deployment.plan import Call, Deploy, Plan, UseExisting, contract_id
from scripts._deployment.reader import Reader

ZERO_ADDRESS = "0x" + "00" * 20


def collect_facts(plan: Plan, reader: Reader) -> list[Fact]:
    """Every fact of the deployment."""
    return [
        *_code_facts(plan, reader),
        *_entry_facts(plan, reader),
        *_proxy_facts(reader),
        *_parameter_facts(plan, reader),
        *_working_facts(reader),
        *authority_facts(plan, reader),
        *latent_facts(plan, reader),
    ]


def require_as_planned(facts: list[Fact]) -> None:
    """Raises CheckFailed with every fact that differs."""
    if wrong := differing(facts):
        raise CheckFailed([str(fact) for fact in wrong])


def _code_facts(plan: Plan, reader: Reader) -> Iterator[Fact]:
    """The build's code at each address, but for immutable values and the compiler's trailer."""
    for step in plan.steps:
        if isinstance(step, UseExisting):
            found = "code" if reader.node.code(step.address) else "no code"
            yield Fact(f"{step.name} has code", found, "code")
        if isinstance(step, Deploy):
            artifact = reader.artifacts[step.contract]
            found = reader.node.code(reader.address(step.name))
            is_ours = strip_code(found, artifact) == strip_code(artifact.runtime_bytecode, artifact)
            told = f"{step.contract} of this build" if is_ours else _tell(found)
            yield Fact(f"code of {step.name}", told, f"{step.contract} of this build")


def _tell(code: bytes) -> str:
    return f"{len(code)} bytes of other code" if code else "no code"


def _entry_facts(plan: Plan, reader: Reader) -> Iterator[Fact]:
    for step in plan.steps:
        if isinstance(step, Call) and step.function == "setContractInfo":
            found = reader.view("Controller", "getContractInfo", step.arguments[0])
            address, commit = found if isinstance(found, tuple) else (found, found)
            entry = reader.registry.contracts[step.arguments[1][1:]]
            yield Fact(f"entry of {step.note}", address, entry.address)
            yield Fact(f"commit of {step.note}", commit, entry.commit or plan.commit)
    # Whoever is registered here may slash.
    yield Fact(
        "entry of Verifier", reader.view("Controller", "getContract", contract_id("Verifier")), ZERO_ADDRESS
    )


def _proxy_facts(reader: Reader) -> Iterator[Fact]:
    controller = reader.address("Controller")
    for name, entry in reader.registry.contracts.items():
        if entry.proxied:
            at_proxy = (entry.address, "ManagerProxy")
            target = reader.address(f"{name}Target")
            yield Fact(f"{name}.implementation", reader.view_at(*at_proxy, "implementation"), target)
            found = reader.view_at(*at_proxy, "targetContractId")
            yield Fact(f"{name}.targetContractId", found, contract_id(f"{name}Target"))
            yield Fact(f"{name}.controller", reader.view_at(*at_proxy, "controller"), controller)
            yield Fact(f"{name}Target.controller", reader.view(f"{name}Target", "controller"), controller)
            yield Fact(
                f"{name} is kept current", reader.view("Controller", "isAttached", entry.address), True
            )
    for name in ("Minter", "MerkleSnapshot"):
        yield Fact(f"{name}.controller", reader.view(name, "controller"), controller)


def _parameter_facts(plan: Plan, reader: Reader) -> Iterator[Fact]:
    given = plan.parameters
    bonding, rounds, tickets = given.bonding_manager, given.rounds_manager, given.ticket_broker
    votes, view = given.livepeer_governor, reader.view
    for name, function, planned in (
        ("inflation_change_ppb", ("Minter", "inflationChange"), given.minter.inflation_change_ppb),
        ("target_bonding_rate_ppb", ("Minter", "targetBondingRate"), given.minter.target_bonding_rate_ppb),
        ("unbonding_period_rounds", ("BondingManager", "unbondingPeriod"), bonding.unbonding_period_rounds),
        ("pool_max_size", ("BondingManager", "getTranscoderPoolMaxSize"), bonding.pool_max_size),
        (
            "treasury_reward_cut_rate_ray",
            ("BondingManager", "nextRoundTreasuryRewardCutRate"),
            bonding.treasury_reward_cut_rate_ray,
        ),
        (
            "treasury_balance_ceiling_lpt",
            ("BondingManager", "treasuryBalanceCeiling"),
            to_base_units(bonding.treasury_balance_ceiling_lpt),
        ),
        ("round_length_blocks", ("RoundsManager", "roundLength"), rounds.round_length_blocks),
        ("round_lock_amount_ppm", ("RoundsManager", "roundLockAmount"), rounds.round_lock_amount_ppm),
        ("unlock_period_rounds", ("TicketBroker", "unlockPeriod"), tickets.unlock_period_rounds),
        (
            "ticket_validity_period_rounds",
            ("TicketBroker", "ticketValidityPeriod"),
            tickets.ticket_validity_period_rounds,
        ),
        ("treasury min_delay_seconds", ("Treasury", "getMinDelay"), given.treasury.min_delay_seconds),
        ("voting_delay_rounds", ("LivepeerGovernor", "votingDelay"), votes.voting_delay_rounds),
        ("voting_period_rounds", ("LivepeerGovernor", "votingPeriod"), votes.voting_period_rounds),
        (
            "proposal_threshold_lpt",
            ("LivepeerGovernor", "proposalThreshold"),
            to_base_units(votes.proposal_threshold_lpt),
        ),
        ("quorum_ppm", ("LivepeerGovernor", "quorumNumerator()"), votes.quorum_ppm),
        ("whole of the quorum", ("LivepeerGovernor", "quorumDenominator"), PPM),
        ("quota_ppm", ("LivepeerGovernor", "quota"), votes.quota_ppm),
    ):
        yield Fact(name, view(*function), planned)
    # It moves with every round.
    if view("RoundsManager", "lastInitializedRound") == 0:
        yield Fact("inflation_ppb", view("Minter", "inflation"), given.minter.inflation_ppb)
        if given.token.address is None:
            faucet = given.token.faucet
            supply = given.token.deployer_supply_lpt + (faucet.supply_lpt if faucet else 0)
            yield Fact(
                "LPT minted for the start", view("LivepeerToken", "totalSupply"), to_base_units(supply)
            )
    for lip, planned in rounds.lip_upgrade_rounds.items():
        yield Fact(f"lip_upgrade_rounds {lip}", view("RoundsManager", "lipUpgradeRound", lip), planned)
    yield Fact("Controller.paused", view("Controller", "paused"), not given.unpause)


def _working_facts(reader: Reader) -> Iterator[Fact]:
    """That the contracts find one another; quorum and clock of the votes come from elsewhere."""
    view, address = reader.view, reader.address
    yield Fact("LivepeerGovernor.votes", view("LivepeerGovernor", "votes"), address("BondingVotes"))
    yield Fact("LivepeerGovernor.token", view("LivepeerGovernor", "token"), address("BondingVotes"))
    yield Fact("LivepeerGovernor.timelock", view("LivepeerGovernor", "timelock"), address("Treasury"))
    yield Fact("LivepeerGovernor.name", view("LivepeerGovernor", "name"), "LivepeerGovernor")
    yield Fact("LivepeerGovernor.CLOCK_MODE", view("LivepeerGovernor", "CLOCK_MODE"), "mode=livepeer_round")
    current_round = view("RoundsManager", "currentRound")
    yield Fact("LivepeerGovernor.clock", view("LivepeerGovernor", "clock"), current_round)
    yield Fact("PollCreator.bondingManager", view("PollCreator", "bondingManager"), address("BondingManager"))
    # Rounds cannot be initialized while this does not answer.
    answers = isinstance(view("L2LPTDataCache", "l1CirculatingSupply"), int)
    yield Fact("L2LPTDataCache answers", answers, True)
    yield Fact(
        "Minter.getGlobalTotalSupply answers", isinstance(view("Minter", "getGlobalTotalSupply"), int), True
    )
