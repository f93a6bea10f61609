"""trustedTransferTokens(_to, _amount) and trustedBurnTokens(_amount), checks in order:

1. caller is the BondingManager, else CallerNotRegistered
2. the system runs, else SystemPaused
3. what the token demands: enough balance; for burning also the burner role

R8: whatever the BondingManager asks for is done, so that nobody else may ask.
"""

import pytest

from simulation.protocol import BURNER_ROLE, LPT, MINTER_ROLE, contract_id

CALLS = {"trustedTransferTokens": ("0x" + "11" * 20, LPT), "trustedBurnTokens": (LPT,)}


@pytest.fixture
def funded(issuance, minter, owner):
    """The Minter holds 10 LPT."""
    issuance.token.mint.send(minter, 10 * LPT, sender=owner)
    return minter


@pytest.fixture(params=CALLS)
def call(request, funded):
    """One of the two functions, with arguments that it can meet."""
    return lambda sender: getattr(funded, request.param).send(*CALLS[request.param], sender=sender)


@pytest.mark.parametrize("caller", ["stranger", "owner", "rounds_manager", "broker", "minter"])
def test_trusted_tokens__caller_is_not_the_bonding_manager__reverts_even_while_paused(
    chain, request, call, bonding_manager, paused, caller
):
    sender = request.getfixturevalue(caller)

    with chain.reverts(
        "CallerNotRegistered",
        caller=sender,
        requiredId=contract_id("BondingManager"),
        required=bonding_manager,
    ):
        call(sender)


def test_trusted_tokens__paused__reverts(chain, call, bonding_manager, paused):
    with chain.reverts("SystemPaused"):
        call(bonding_manager)


def test_trusted_tokens__token_not_registered__reverts_with_its_id(chain, issuance, call, bonding_manager):
    issuance.unregister("LivepeerToken")

    with chain.reverts("ContractNotRegistered", id=contract_id("LivepeerToken")):
        call(bonding_manager)


def test_trusted_tokens__bonding_manager_registered_anew__obeys_the_new_one_only(
    chain, issuance, token, funded, stranger
):
    successor = issuance.deploy_registered("Placeholder__Mock", name="BondingManager")

    funded.trustedTransferTokens.send(stranger, LPT, sender=successor)

    assert token.balanceOf(stranger) == LPT
    with chain.reverts("CallerNotRegistered", ...):
        funded.trustedTransferTokens.send(stranger, LPT, sender=issuance.bonding_manager)


def test_trusted_transfer_tokens__covered__moves_them(funded, token, bonding_manager, stranger):
    receipt = funded.trustedTransferTokens.send(stranger, 4 * LPT, sender=bonding_manager)

    assert token.balanceOf(stranger) == 4 * LPT
    assert token.balanceOf(funded) == 6 * LPT
    receipt.assert_events([token.Events.Transfer(from_=funded, to=stranger, value=4 * LPT)])


def test_trusted_transfer_tokens__not_covered__reverts_with_the_tokens_error(
    chain, funded, bonding_manager, stranger
):
    with chain.reverts("ERC20InsufficientBalance", sender=funded, balance=10 * LPT, needed=10 * LPT + 1):
        funded.trustedTransferTokens.send(stranger, 10 * LPT + 1, sender=bonding_manager)


def test_trusted_transfer_tokens__token_answers_false__succeeds(issuance, minter, bonding_manager, stranger):
    silent = issuance.deploy_registered("SilentToken__Mock", name="LivepeerToken")

    minter.trustedTransferTokens.send(stranger, LPT, sender=bonding_manager)

    assert silent.transferCalls() == 1


def test_trusted_burn_tokens__minter_lacks_the_role__reverts_with_the_tokens_error(
    chain, funded, bonding_manager
):
    """As on Arbitrum, where nobody but the bridge burns."""
    with chain.reverts("AccessControlUnauthorizedAccount", account=funded, neededRole=BURNER_ROLE):
        funded.trustedBurnTokens.send(LPT, sender=bonding_manager)


def test_trusted_burn_tokens__minter_has_the_role__burns_its_own(funded, token, owner, bonding_manager):
    token.grantRole.send(BURNER_ROLE, funded, sender=owner)

    receipt = funded.trustedBurnTokens.send(4 * LPT, sender=bonding_manager)

    assert token.totalSupply() == token.balanceOf(funded) == 6 * LPT
    receipt.assert_events(
        [
            token.Events.Transfer(from_=funded, to="0x" + "00" * 20, value=4 * LPT),
            token.Events.Burn(burner=funded, amount=4 * LPT),
        ]
    )


def test_trusted_tokens__minter_role_revoked__still_pays_out(funded, token, owner, bonding_manager, stranger):
    token.revokeRole.send(MINTER_ROLE, funded, sender=owner)

    funded.trustedTransferTokens.send(stranger, 10 * LPT, sender=bonding_manager)

    assert token.balanceOf(stranger) == 10 * LPT
