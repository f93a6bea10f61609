"""Faults for AUTH and REG."""

from reference_model.constants import ZERO_ADDRESS
from tests.model.perturbations.stage import BROKER, MANAGER, LiveStage, trips

CONTROLLER = "Controller"


def register(stage: LiveStage, name: str, address: str):
    return stage.call(stage.owner, CONTROLLER, "setContractInfo", name, address, bytes(20))


# ---- authority


@trips("AUTH-9")
def failure_leaves_a_trace(stage: LiveStage) -> None:
    stage.fail(
        stage.call(stage.attacker, CONTROLLER, "pause"),
        lambda: stage.add(stage.broker.accounts[stage.gateway], "deposit", 1),
    )


@trips("AUTH-10")
def system_pauses_by_itself(stage: LiveStage) -> None:
    def pause() -> None:
        stage.controller.paused = stage.books.paused = True

    stage.wait(pause)


@trips("AUTH-11")
def pause_is_not_told(stage: LiveStage) -> None:
    stage.take(stage.call(stage.owner, CONTROLLER, "pause"), lambda: stage.drop_event("Pause"))


@trips("AUTH-12")
def claim_while_paused(stage: LiveStage) -> None:
    stage.take(stage.call(stage.owner, CONTROLLER, "pause"))
    stage.patch(stage.manager, "_require_running", lambda original: None)
    stage.take(stage.call(stage.loose, MANAGER, "claimEarnings", 0), stage.unpatch)


@trips("AUTH-13")
def stranger_writes_a_checkpoint(stage: LiveStage) -> None:
    record = stage.manager.delegators[stage.loose]
    state = (record.bonded_amount, record.delegate, record.delegated_amount, record.last_claim_round, 0)
    stage.patch(stage.votes, "_require_bonding_manager", lambda original, sender: None)
    arguments = (stage.loose, stage.clock.current_round() + 1, *state)
    call = stage.call(stage.attacker, "BondingVotes", "checkpointBondingState", *arguments)
    stage.take(call, stage.unpatch)


@trips("AUTH-14")
def parameter_changes_by_itself(stage: LiveStage) -> None:
    def change() -> None:
        stage.manager.unbonding_period = stage.books.parameters["unbondingPeriod"] = 5

    stage.wait(change)


@trips("AUTH-15")
def parameter_is_told_wrongly(stage: LiveStage) -> None:
    stage.take(
        stage.call(stage.owner, MANAGER, "setUnbondingPeriod", 5),
        lambda: stage.event("ParameterChanged").update(newValue=6),
    )


@trips("AUTH-16")
def deployed_event_is_missing(stage: LiveStage) -> None:
    stage.take(
        stage.call(stage.owner, MANAGER, "setUnbondingPeriod", 5),
        lambda: stage.drop_event("ParameterUpdate"),
    )


# ---- the registry


@trips("REG-1")
def registration_is_told_wrongly(stage: LiveStage) -> None:
    stage.take(
        register(stage, "Verifier", stage.minter.address),
        lambda: stage.event("SetContractInfo").update(contractAddress=ZERO_ADDRESS),
    )


@trips("REG-2")
def registration_writes_another_entry(stage: LiveStage) -> None:
    def write() -> None:
        stage.controller.contracts["L2Migrator"] = stage.books.contracts["L2Migrator"] = ZERO_ADDRESS

    stage.take(register(stage, "Verifier", stage.minter.address), write)


@trips("REG-3")
def broker_has_two_addresses(stage: LiveStage) -> None:
    # Who can withdraw does, since that needs the entry.
    stage.take(stage.call(stage.leaving_gateway, BROKER, "withdraw"))
    stage.take(register(stage, "JobsManager", stage.minter.address))


@trips("REG-4")
def account_without_code_is_registered(stage: LiveStage) -> None:
    stage.patch(stage.model, "has_code", lambda original, address: True)
    stage.take(register(stage, "L2Migrator", stage.attacker), stage.unpatch)
