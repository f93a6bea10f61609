"""Faults for AUTH, REG and GOV."""

from reference_model.constants import ZERO_ADDRESS
from simulation.calls import Update, UpdateCall
from tests.model.perturbations.stage import BROKER, MANAGER, LiveStage, trips

CONTROLLER, GOVERNOR = "Controller", "Governor"


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

    def register_another() -> None:
        minter = stage.minter.address
        stage.controller.contracts["JobsManager"] = stage.books.contracts["JobsManager"] = minter
        stage.controller.registered_under[minter] += ("JobsManager",)
        broker = stage.broker.address
        stage.controller.registered_under[broker] = ("TicketBroker",)

    stage.unseen(register_another)


@trips("REG-4")
def account_without_code_is_registered(stage: LiveStage) -> None:
    stage.patch(stage.model, "has_code", lambda original, address: True)
    stage.take(register(stage, "L2Migrator", stage.attacker), stage.unpatch)


@trips("REG-9")
def commit_changes(stage: LiveStage) -> None:
    stage.wait(lambda: stage.controller.commits.__setitem__("Minter", b"\1" * 20))


@trips("REG-9")
def commit_is_shown_wrongly(stage: LiveStage) -> None:
    stage.patch(
        stage.controller,
        "get_contract_info",
        lambda original, contract_id: (original(contract_id)[0], b"\1" * 20),
    )
    stage.take(register(stage, "Verifier", stage.minter.address))


@trips("REG-10")
def registered_contract_is_not_attached(stage: LiveStage) -> None:
    address = stage.model.service_registry.address
    stage.wait(lambda: stage.controller.registered_under.__setitem__(address, ()))


@trips("REG-11")
def service_uri_changes(stage: LiveStage) -> None:
    stage.wait(
        lambda: stage.model.service_registry.service_uris.__setitem__(stage.first, "https://elsewhere")
    )


@trips("AUTH-5")
def stranger_sets_the_controller(stage: LiveStage) -> None:
    stage.patch(stage.minter, "_require_controller", lambda original, sender: None)
    call = stage.call(stage.attacker, "Minter", "setController", stage.controller.address)
    stage.take(call, stage.unpatch)


@trips("AUTH-17")
def stranger_pushes_a_pause(stage: LiveStage) -> None:
    stage.patch(stage.minter, "_require_controller", lambda original, sender: None)
    stage.take(stage.call(stage.attacker, "Minter", "onPauseUpdate", False), stage.unpatch)


# ---- staged updates


def stage_update(stage: LiveStage, delay: int = 0) -> tuple:
    """An update that pauses nothing: the Governor sets its own URI."""
    entry = UpdateCall(
        stage.model.service_registry.address, "ServiceRegistry", "setServiceURI", ("https://governor",)
    )
    update = Update((entry,), nonce=1)
    stage.take(stage.call(stage.model.governor.owner, GOVERNOR, "stage", update, delay))
    return update


def hash_of(stage: LiveStage) -> bytes:
    return next(update for update, block in stage.model.governor.updates.items() if block)


@trips("GOV-1")
def stranger_stages(stage: LiveStage) -> None:
    stage.patch(stage.model.governor, "_require_owner", lambda original, sender: None)
    call = stage.call(stage.attacker, GOVERNOR, "stage", Update((), nonce=1), 0)
    stage.take(call, stage.unpatch)


@trips("GOV-2")
def update_waits_longer(stage: LiveStage) -> None:
    stage_update(stage)
    updates = stage.model.governor.updates
    stage.wait(lambda: updates.__setitem__(hash_of(stage), updates[hash_of(stage)] + 5))


@trips("AUTH-8")
def update_is_executed_before_its_block(stage: LiveStage) -> None:
    update = stage_update(stage)
    stage.past(staged={hash_of(stage): stage.model.block_number + 100})
    stage.take(stage.call(stage.attacker, GOVERNOR, "execute", update))


@trips("GOV-3")
def stranger_cancels(stage: LiveStage) -> None:
    update = stage_update(stage)
    stage.patch(stage.model.governor, "_require_owner", lambda original, sender: None)
    stage.take(stage.call(stage.attacker, GOVERNOR, "cancel", update), stage.unpatch)


@trips("GOV-4")
def governor_changes_hands(stage: LiveStage) -> None:
    stage.wait(lambda: setattr(stage.model.governor, "owner", stage.attacker))


@trips("GOV-5")
def update_leaves_a_call_out(stage: LiveStage) -> None:
    update = stage_update(stage)
    stage.take(
        stage.call(stage.attacker, GOVERNOR, "execute", update), lambda: stage.model.journal.calls.clear()
    )


@trips("GOV-6")
def update_keeps_a_wei(stage: LiveStage) -> None:
    update, governor = stage_update(stage), stage.model.governor.address
    stage.take(
        stage.call(stage.attacker, GOVERNOR, "execute", update),
        lambda: stage.model.pay(stage.attacker, governor, 1),
    )
