"""The plan: the order in which a fresh network is safe to build, and nothing that depends on who builds it."""

import pytest

from scripts._deployment.parameters import load_parameters
from scripts._deployment.plan import MINTER_ROLE, Call, Deploy, build_plan

pytestmark = pytest.mark.deployment

COMMIT = "0x" + "ab" * 20


@pytest.fixture(params=["local", "arbitrum-like"])
def plan(request):
    return build_plan(load_parameters(request.param), COMMIT)


def position(plan, wanted) -> int:
    return next(number for number, step in enumerate(plan.steps) if wanted(step))


def call(target, function, note=None):
    return lambda step: (
        isinstance(step, Call)
        and (step.target, step.function) == (target, function)
        and note in (None, step.note)
    )


def test_build_plan__references__point_to_earlier_steps_only(plan):
    known = {"deployer"}

    def check(argument):
        if isinstance(argument, tuple):
            for part in argument:
                check(part)
        elif isinstance(argument, str) and argument.startswith("$"):
            assert argument[1:] in known, argument

    for step in plan.steps:
        if isinstance(step, Call):
            assert step.target in known
        check(getattr(step, "arguments", ()))
        if not isinstance(step, Call):
            known.add(step.name)


def test_build_plan__each_proxy__has_its_target_registered_first(plan):
    for step in plan.steps:
        if isinstance(step, Deploy) and step.proxied:
            target = position(plan, call("Controller", "setContractInfo", f"{step.name}Target"))
            assert target < position(plan, call("Controller", "setContractInfo", step.name))


def test_build_plan__broker__is_registered_under_both_names(plan):
    infos = [s for s in plan.steps if call("Controller", "setContractInfo")(s)]
    assert {s.note for s in infos if s.arguments[1] == "$TicketBroker"} == {"TicketBroker", "JobsManager"}


def test_build_plan__verifier__is_never_registered(plan):
    assert not any(step.note == "Verifier" for step in plan.steps if isinstance(step, Call))


def test_build_plan__treasury__ends_with_the_votes_alone(plan):
    set_up = position(plan, call("Treasury", "initialize"))
    grants = [n for n, step in enumerate(plan.steps) if call("Treasury", "grantRole")(step)]
    given_up = position(plan, call("Treasury", "renounceRole"))
    assert set_up < grants[0] < grants[-1] < given_up
    assert {plan.steps[n].arguments[1] for n in grants} == {"$LivepeerGovernor"}
    assert len({plan.steps[n].arguments[0] for n in grants}) == len(grants) == 3


def test_build_plan__votes_of_stake__are_set_up_once_rounds_have_a_length(plan):
    set_up = position(plan, call("LivepeerGovernor", "initialize"))
    assert position(plan, call("RoundsManager", "setRoundLength")) < set_up
    for name in ("Treasury", "BondingVotes", "RoundsManager", "LivepeerGovernor"):
        assert position(plan, call("Controller", "setContractInfo", name)) < set_up


def test_build_plan__unpause_and_hand_over__come_last_in_this_order():
    plan = build_plan(load_parameters("arbitrum-like"), COMMIT)
    tail = [step.title for step in plan.steps[-4:]]
    assert tail == [
        "Controller.unpause",
        "Controller.transferOwnership",
        "LivepeerToken.grantRole (admin)",
        "LivepeerToken.renounceRole (admin)",
    ]


def test_build_plan__minter_role__stays_with_the_minter_alone(plan):
    holders = set()
    for step in plan.steps:
        if isinstance(step, Call) and step.arguments and step.arguments[0] == MINTER_ROLE:
            (holders.add if step.function == "grantRole" else holders.discard)(step.arguments[1])
    assert holders == {"$Minter"}


def test_build_plan__same_parameters__have_the_same_digest_and_others_another():
    local = load_parameters("local")
    digest = build_plan(local, COMMIT).digest
    assert digest == build_plan(load_parameters("local"), COMMIT).digest
    assert digest != build_plan(local, "0x" + "00" * 20).digest
    changed = local.model_copy(update={"unpause": False})
    assert digest != build_plan(changed, COMMIT).digest
