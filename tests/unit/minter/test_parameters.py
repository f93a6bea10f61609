"""setTargetBondingRate(_targetBondingRate) and setInflationChange(_inflationChange), checks in order:

1. caller owns the Controller, else CallerNotControllerOwner
2. value ≤ 10⁹, else InvalidTargetBondingRate / InvalidInflationChange

There is no setter of inflation.
"""

from dataclasses import dataclass

import pytest

from tests.helpers.issuance import INFLATION, INFLATION_CHANGE, TARGET_BONDING_RATE

WHOLE = 10**9


@dataclass(frozen=True)
class Parameter:
    name: str
    setter: str
    error: str
    initial: int


PARAMETERS = [
    Parameter("targetBondingRate", "setTargetBondingRate", "InvalidTargetBondingRate", TARGET_BONDING_RATE),
    Parameter("inflationChange", "setInflationChange", "InvalidInflationChange", INFLATION_CHANGE),
]


@pytest.fixture(params=PARAMETERS, ids=lambda parameter: parameter.name)
def parameter(request):
    return request.param


def test_set_parameter__caller_is_not_controller_owner__reverts_before_the_value_is_looked_at(
    chain, minter, owner, stranger, parameter
):
    with chain.reverts("CallerNotControllerOwner", caller=stranger, owner=owner):
        getattr(minter, parameter.setter).send(WHOLE + 1, sender=stranger)


@pytest.mark.parametrize("value", [WHOLE + 1, 2**64, 2**256 - 1])
def test_set_parameter__above_the_whole__reverts(chain, minter, owner, parameter, value):
    with chain.reverts(parameter.error, maximum=WHOLE, **{parameter.name: value}):
        getattr(minter, parameter.setter).send(value, sender=owner)


@pytest.mark.parametrize("value", [0, 1, WHOLE])
def test_set_parameter__up_to_the_whole__is_stored(minter, owner, parameter, value):
    getattr(minter, parameter.setter).send(value, sender=owner)

    assert getattr(minter, parameter.name)() == value


def test_set_parameter__changed__emits_the_name_and_both_values(minter, owner, parameter):
    receipt = getattr(minter, parameter.setter).send(7, sender=owner)

    receipt.assert_events(
        [
            minter.Events.ParameterUpdate(param=parameter.name),
            minter.Events.ParameterChanged(param=parameter.name, previousValue=parameter.initial, newValue=7),
        ]
    )


def test_set_parameter__changed__leaves_the_other_rates(minter, owner, parameter):
    getattr(minter, parameter.setter).send(7, sender=owner)

    rates = {"inflation": INFLATION} | {p.name: p.initial for p in PARAMETERS} | {parameter.name: 7}
    assert {name: getattr(minter, name)() for name in rates} == rates


def test_set_parameter__while_paused__works(minter, owner, paused, parameter):
    getattr(minter, parameter.setter).send(7, sender=owner)

    assert getattr(minter, parameter.name)() == 7


def test_minter__inflation__has_no_setter(minter):
    assert "setInflation" not in minter.abi.functions
