"""getGlobalTotalSupply(): the token's supply on L2 plus the L1 circulating supply that the cache answers."""

from simulation.protocol import LPT, contract_id
from tests.helpers.issuance import INFLATION, INFLATION_CHANGE, TARGET_BONDING_RATE


def test_get_global_total_supply__both_layers__adds_them(issuance, minter):
    issuance.set_supply(600 * LPT, l1=1_000 * LPT)

    assert minter.getGlobalTotalSupply() == 1_600 * LPT


def test_get_global_total_supply__moved_between_the_layers__stays(issuance, minter):
    """Invariant 18."""
    issuance.set_supply(600 * LPT, l1=1_000 * LPT)
    issuance.set_supply(900 * LPT, l1=700 * LPT)

    assert minter.getGlobalTotalSupply() == 1_600 * LPT


def test_get_global_total_supply__dummy_cache_of_a_network_without_bridge__is_the_supply_on_l2(
    issuance, minter
):
    issuance.set_supply(600 * LPT, l1=1_000 * LPT)
    issuance.deploy_registered("DummyL2LPTDataCache", name="L2LPTDataCache")

    assert minter.getGlobalTotalSupply() == 600 * LPT


def test_get_global_total_supply__token_registered_anew__counts_the_new_one(issuance, minter):
    issuance.set_supply(600 * LPT)
    silent = issuance.deploy_registered("SilentToken__Mock", name="LivepeerToken")
    silent.setTotalSupply.send(5, sender=issuance.owner)

    assert minter.getGlobalTotalSupply() == 5


def test_get_global_total_supply__minter_not_registered__reverts_with_the_first_unknown_id(chain, issuance):
    rates = (INFLATION, INFLATION_CHANGE, TARGET_BONDING_RATE)
    successor = chain.deploy("Minter", issuance.controller, *rates)

    with chain.reverts("ContractNotRegistered", id=contract_id("L2LPTDataCache")):
        successor.getGlobalTotalSupply()


def test_get_controller__at_any_time__is_the_controller(issuance, minter):
    assert minter.getController() == minter.controller() == issuance.controller
