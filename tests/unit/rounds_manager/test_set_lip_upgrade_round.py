"""setLIPUpgradeRound(_lip, _round), checks in order:

1. caller owns the Controller, else CallerNotControllerOwner
2. the proposal has no round yet, else LIPUpgradeRoundAlreadySet
"""


def test_set_lip_upgrade_round__caller_is_not_controller_owner__reverts_even_where_the_round_is_set(
    chain, rounds_manager, owner, stranger
):
    rounds_manager.setLIPUpgradeRound.send(36, 5, sender=owner)

    with chain.reverts("CallerNotControllerOwner", caller=stranger, owner=owner):
        rounds_manager.setLIPUpgradeRound.send(36, 6, sender=stranger)


def test_set_lip_upgrade_round__set_before__reverts_with_that_round(chain, rounds_manager, owner):
    rounds_manager.setLIPUpgradeRound.send(36, 5, sender=owner)

    with chain.reverts("LIPUpgradeRoundAlreadySet", lip=36, round=5):
        rounds_manager.setLIPUpgradeRound.send(36, 5, sender=owner)


def test_set_lip_upgrade_round__not_set__stores_it_for_that_proposal_only(rounds_manager, owner):
    rounds_manager.setLIPUpgradeRound.send(36, 5, sender=owner)

    assert rounds_manager.lipUpgradeRound(36) == 5
    assert rounds_manager.lipUpgradeRound(37) == 0


def test_set_lip_upgrade_round__zero__leaves_it_unset(rounds_manager, owner):
    rounds_manager.setLIPUpgradeRound.send(36, 0, sender=owner)
    rounds_manager.setLIPUpgradeRound.send(36, 2**256 - 1, sender=owner)

    assert rounds_manager.lipUpgradeRound(36) == 2**256 - 1


def test_set_lip_upgrade_round__not_set__emits_no_deployed_event(rounds_manager, owner):
    receipt = rounds_manager.setLIPUpgradeRound.send(36, 5, sender=owner)

    receipt.assert_events([rounds_manager.Events.LIPUpgradeRoundSet(lip=36, round=5)])


def test_set_lip_upgrade_round__while_paused__works(issuance, rounds_manager, owner):
    issuance.controller.pause.send(sender=owner)

    rounds_manager.setLIPUpgradeRound.send(36, 5, sender=owner)

    assert rounds_manager.lipUpgradeRound(36) == 5
