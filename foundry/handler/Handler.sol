// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Cast, Protocol} from "../stage/Protocol.sol";
import {Bonds} from "./Bonds.sol";
import {Operations} from "./Operations.sol";
import {Orchestrators} from "./Orchestrators.sol";
import {Owners} from "./Owners.sol";
import {Payments} from "./Payments.sol";
import {Trespasses} from "./Trespasses.sol";
import {Trials} from "./Trials.sol";

/// @title Handler
/// @notice All actions, and how often each is chosen: Foundry picks evenly from a list, in which the common ones stand
/// more than once. The weights are those of simulation/actions.
contract Handler is Bonds, Orchestrators, Trespasses {
    uint256 private constant LARGEST_SUM_OF_WEIGHTS = 256;

    constructor(Protocol memory protocol, Cast memory cast) Operations(protocol, cast) {}

    /// @notice What Foundry picks from.
    function weightedSelectors() external pure returns (bytes4[] memory list) {
        list = new bytes4[](LARGEST_SUM_OF_WEIGHTS);
        uint256 end = _bonds(list, 0);
        end = _orchestrators(list, end);
        end = _payments(list, end);
        end = _owners(list, end);
        end = _trials(list, end);
        end = _trespasses(list, end);
        assembly ("memory-safe") {
            mstore(list, end)
        }
    }

    function _bonds(bytes4[] memory list, uint256 end) private pure returns (uint256) {
        end = _add(list, end, 10, Bonds.bondNoRevert.selector);
        end = _add(list, end, 5, Bonds.challengeNoRevert.selector);
        end = _add(list, end, 5, Bonds.moveBondNoRevert.selector);
        end = _add(list, end, 4, Bonds.bondForNoRevert.selector);
        end = _add(list, end, 2, Bonds.bondForByMigratorNoRevert.selector);
        end = _add(list, end, 8, Bonds.unbondNoRevert.selector);
        end = _add(list, end, 4, Bonds.rebondNoRevert.selector);
        end = _add(list, end, 4, Bonds.rebondFromUnbondedNoRevert.selector);
        end = _add(list, end, 6, Bonds.transferBondNoRevert.selector);
        end = _add(list, end, 4, Bonds.withdrawStakeNoRevert.selector);
        end = _add(list, end, 5, Bonds.withdrawFeesNoRevert.selector);
        end = _add(list, end, 6, Bonds.claimEarningsNoRevert.selector);
        end = _add(list, end, 2, Bonds.checkpointNoRevert.selector);
        end = _add(list, end, 1, Bonds.moveTokensNoRevert.selector);
        return end;
    }

    function _orchestrators(bytes4[] memory list, uint256 end) private pure returns (uint256) {
        end = _add(list, end, 6, Orchestrators.setRatesNoRevert.selector);
        end = _add(list, end, 14, Orchestrators.rewardNoRevert.selector);
        end = _add(list, end, 2, Orchestrators.setRewardCallerNoRevert.selector);
        end = _add(list, end, 3, Orchestrators.rewardForNoRevert.selector);
        end = _add(list, end, 3, Orchestrators.slashNoRevert.selector);
        end = _add(list, end, 14, Orchestrators.nextRoundNoRevert.selector);
        end = _add(list, end, 3, Orchestrators.mineNoRevert.selector);
        return end;
    }

    function _payments(bytes4[] memory list, uint256 end) private pure returns (uint256) {
        end = _add(list, end, 5, Payments.fundNoRevert.selector);
        end = _add(list, end, 2, Payments.fundForNoRevert.selector);
        end = _add(list, end, 2, Payments.unlockNoRevert.selector);
        end = _add(list, end, 1, Payments.cancelUnlockNoRevert.selector);
        end = _add(list, end, 3, Payments.withdrawNoRevert.selector);
        end = _add(list, end, 14, Payments.redeemNoRevert.selector);
        end = _add(list, end, 3, Payments.redeemBatchNoRevert.selector);
        return end;
    }

    function _owners(bytes4[] memory list, uint256 end) private pure returns (uint256) {
        end = _add(list, end, 2, Owners.setStakingParameterNoRevert.selector);
        end = _add(list, end, 1, Owners.setIssuanceParameterNoRevert.selector);
        end = _add(list, end, 1, Owners.setClockParameterNoRevert.selector);
        end = _add(list, end, 1, Owners.setPaymentParameterNoRevert.selector);
        end = _add(list, end, 1, Owners.setLIPUpgradeRoundNoRevert.selector);
        end = _add(list, end, 2, Owners.pauseNoRevert.selector);
        end = _add(list, end, 1, Owners.registerRoleNoRevert.selector);
        end = _add(list, end, 1, Owners.upgradeNoRevert.selector);
        end = _add(list, end, 1, Owners.handOverNoRevert.selector);
        return end;
    }

    function _trials(bytes4[] memory list, uint256 end) private pure returns (uint256) {
        end = _add(list, end, 4, Trials.bondMayRevert.selector);
        end = _add(list, end, 2, Trials.unbondMayRevert.selector);
        end = _add(list, end, 5, Trials.useLockMayRevert.selector);
        end = _add(list, end, 2, Trials.transferBondMayRevert.selector);
        end = _add(list, end, 1, Trials.withdrawFeesMayRevert.selector);
        end = _add(list, end, 2, Trials.setRatesMayRevert.selector);
        end = _add(list, end, 3, Trials.rewardMayRevert.selector);
        end = _add(list, end, 1, Trials.rewardForMayRevert.selector);
        end = _add(list, end, 1, Trials.slashMayRevert.selector);
        return end;
    }

    function _trespasses(bytes4[] memory list, uint256 end) private pure returns (uint256) {
        end = _add(list, end, 1, Trespasses.initializeRoundMayRevert.selector);
        end = _add(list, end, 5, Trespasses.leaveMayRevert.selector);
        end = _add(list, end, 1, Trespasses.fundWrongValueMayRevert.selector);
        end = _add(list, end, 2, Trespasses.redeemMayRevert.selector);
        end = _add(list, end, 2, Trespasses.redeemAgainMayRevert.selector);
        end = _add(list, end, 2, Trespasses.redeemBadTicketMayRevert.selector);
        end = _add(list, end, 2, Trespasses.trespassMayRevert.selector);
        end = _add(list, end, 1, Trespasses.usurpMayRevert.selector);
        return end;
    }

    function _add(bytes4[] memory list, uint256 end, uint256 weight, bytes4 selector)
        private
        pure
        returns (uint256)
    {
        for (uint256 i = 0; i < weight; ++i) {
            list[end + i] = selector;
        }
        return end + weight;
    }
}
