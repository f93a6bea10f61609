// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ContractIds} from "../../contracts/libraries/ContractIds.sol";
import {OrchestratorRecord} from "../stage/Stage.sol";
import {Choices} from "./Choices.sol";

/// @title Orchestrators
/// @notice What orchestrators do and what is done to them, and the clock, which anybody may wind
/// (simulation/actions/orchestrators.py).
abstract contract Orchestrators is Choices {
    function setRatesNoRevert(uint256 senderSeed, uint256 rewardCutSeed, uint256 feeShareSeed)
        external
        whileRunning
    {
        address sender = _stakerWho(senderSeed, _maySetRates);
        if (sender == address(0) || rounds.currentRoundLocked()) return;
        uint256 rewardCut = _share(rewardCutSeed);
        uint256 feeShare = _share(feeShareSeed);
        _must(_tell(sender, abi.encodeCall(manager.transcoder, (rewardCut, feeShare))));
        OrchestratorRecord memory record = _orchestrator(sender);
        _equal(record.rewardCut, rewardCut, "EARN-8 the reward cut is the one that was set");
        _equal(record.feeShare, feeShare, "EARN-9 the fee share is the one that was set");
    }

    function rewardNoRevert(uint256 senderSeed) external whileRunning {
        address sender = _stakerWho(senderSeed, _mayReward);
        if (sender != address(0)) _must(_reward(sender, sender));
    }

    function setRewardCallerNoRevert(uint256 senderSeed, uint256 callerSeed) external whileRunning {
        address caller = accounts[callerSeed % accounts.length];
        _must(_tell(_staker(senderSeed), abi.encodeCall(manager.setRewardCaller, (caller))));
    }

    function rewardForNoRevert(uint256 orchestratorSeed) external whileRunning {
        address account = _stakerWho(orchestratorSeed, _mayBeRewardedByAnother);
        if (account != address(0)) _must(_reward(manager.transcoderToRewardCaller(account), account));
    }

    function slashNoRevert(
        uint256 accountSeed,
        uint256 finderSeed,
        uint256 shareSeed,
        uint256 finderShareSeed
    ) external whileRunning {
        if (controller.getContract(ContractIds.VERIFIER) != verifier) return;
        address account =
            accountSeed % 2 == 0 ? _stakerWho(accountSeed / 2, _isInPool) : _anybody(accountSeed / 2);
        address finder = accounts[finderSeed % accounts.length];
        _must(_slash(verifier, account, finder, _share(shareSeed), _share(finderShareSeed)));
    }

    /// @notice To the first block of a later round, mostly the next one; it is initialized there, or left out.
    function nextRoundNoRevert(uint256 seed) external {
        uint256 ahead = seed % 6 == 0 ? 2 + (seed / 6) % 3 : 1;
        uint256 first = rounds.currentRoundStartBlock() + ahead * rounds.roundLength();
        _checkTimeIsNeutral(first);
        if (seed % 7 != 0 && !controller.paused()) _must(_initializeRound(_anybody(seed)));
    }

    function mineNoRevert(uint256 blocks) external {
        _checkTimeIsNeutral(_blockNumber + _within(blocks, 1, rounds.roundLength() / 3 + 1));
    }

    function _checkTimeIsNeutral(uint256 blockNumber) private {
        (uint256 stake, uint256 fees) = _pending();
        _rollTo(blockNumber);
        (uint256 stakeAfter, uint256 feesAfter) = _pending();
        _equal(stakeAfter, stake, "EARN-7 blocks alone change nobody's pending stake");
        _equal(feesAfter, fees, "EARN-7 blocks alone change nobody's pending fees");
    }
}
