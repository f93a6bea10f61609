// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ContractIds} from "../../contracts/libraries/ContractIds.sol";
import {Target} from "../stage/Protocol.sol";
import {Payments} from "./Payments.sol";

/// @title Owners
/// @notice What the owner of the Controller does (simulation/actions/owners.py).
abstract contract Owners is Payments {
    uint256 private constant LARGEST_POOL = 5;
    uint256 private constant SHORTEST_ROUND = 20;
    uint256 private constant LONGEST_ROUND = 60;

    function setStakingParameterNoRevert(uint256 kind, uint256 seed) external inNextBlock {
        kind %= 4;
        bytes memory data;
        if (kind == 0) {
            data = abi.encodeCall(manager.setUnbondingPeriod, (uint64(_within(seed, 1, 3))));
        } else if (kind == 1) {
            uint256 rate = [RAY / 10, 0, 7, RAY][seed % 4];
            data = abi.encodeCall(manager.setTreasuryRewardCutRate, (rate));
        } else if (kind == 2) {
            uint256 ceiling = [uint256(0), 1, token.balanceOf(treasury) + 1 ether][seed % 3];
            data = abi.encodeCall(manager.setTreasuryBalanceCeiling, (ceiling));
        } else {
            uint256 size = manager.getTranscoderPoolMaxSize() + 1;
            if (size > LARGEST_POOL) return;
            data = abi.encodeCall(manager.setNumActiveTranscoders, (size));
        }
        _asOwner(address(manager), data);
    }

    function setIssuanceParameterNoRevert(uint256 kind, uint256 seed) external inNextBlock {
        bytes memory data = kind % 2 == 0
            ? abi.encodeCall(minter.setTargetBondingRate, ([uint256(PPB / 2), 0, PPB][seed % 3]))
            : abi.encodeCall(minter.setInflationChange, ([uint256(500), 0, 1_000_000][seed % 3]));
        _asOwner(address(minter), data);
    }

    function setClockParameterNoRevert(uint256 kind, uint256 seed) external inNextBlock {
        if (kind % 2 == 0) {
            uint256 length = rounds.roundLength();
            length = seed % 2 == 0 ? length + 9 : length - 9;
            if (length < SHORTEST_ROUND || length > LONGEST_ROUND) return;
            _asOwner(address(rounds), abi.encodeCall(rounds.setRoundLength, (length)));
            _rollTo(_blockNumber);
        } else {
            _asOwner(address(rounds), abi.encodeCall(rounds.setRoundLockAmount, (_share(seed))));
        }
    }

    function setPaymentParameterNoRevert(uint256 kind, uint256 seed) external inNextBlock {
        bytes memory data = kind % 2 == 0
            ? abi.encodeCall(broker.setUnlockPeriod, (_within(seed, 1, 3)))
            : abi.encodeCall(broker.setTicketValidityPeriod, (_within(seed, 1, 3)));
        _asOwner(address(broker), data);
    }

    function setLIPUpgradeRoundNoRevert(uint256 lip, uint256 round) external inNextBlock {
        lip %= 3;
        if (rounds.lipUpgradeRound(lip) != 0) return;
        _asOwner(address(rounds), abi.encodeCall(rounds.setLIPUpgradeRound, (lip, round)));
        _equal(rounds.lipUpgradeRound(lip), round, "ROUND-6 an upgrade round is the one that was set");
    }

    function pauseNoRevert(uint256 seed) external inNextBlock {
        // Most runs should not stand still for long.
        if (controller.paused()) _asOwner(address(controller), abi.encodeCall(controller.unpause, ()));
        else if (seed % 3 == 0) _asOwner(address(controller), abi.encodeCall(controller.pause, ()));
    }

    /// @notice Takes a role away, or gives it back.
    function registerRoleNoRevert(uint256 seed) external inNextBlock {
        (bytes32 id, address holder) =
            seed % 2 == 0 ? (ContractIds.VERIFIER, verifier) : (ContractIds.L2_MIGRATOR, migrator);
        _register(id, (seed / 2) % 3 == 0 ? address(0) : holder);
    }

    /// @notice Puts another copy of the code behind a proxy; nothing may change by that.
    function upgradeNoRevert(uint256 seed) external inNextBlock {
        Target memory target = targets[seed % targets.length];
        bytes32 was = _fingerprint();
        _register(target.id, target.code);
        _holds(_fingerprint() == was, "AUTH-6 an upgrade keeps every value", target.code, 0, 0);
    }

    /// @notice Gives the Controller to somebody, or back.
    function handOverNoRevert(uint256 seed) external inNextBlock {
        address newOwner = seed % 2 == 0 ? deployer : _staker(seed / 2);
        _asOwner(address(controller), abi.encodeCall(controller.transferOwnership, (newOwner)));
    }

    function _register(bytes32 id, address contractAddress) private {
        _asOwner(
            address(controller), abi.encodeCall(controller.setContractInfo, (id, contractAddress, bytes20(0)))
        );
    }

    function _asOwner(address to, bytes memory data) private {
        _must(_call(controller.owner(), to, 0, data));
    }

    /// @dev What accounts and senders have, in one word.
    function _fingerprint() private view returns (bytes32 hash) {
        for (uint256 i = 0; i < accounts.length; ++i) {
            address account = accounts[i];
            hash = keccak256(
                abi.encode(
                    hash,
                    _recordOf(account),
                    _orchestrator(account),
                    _pendingStake(account),
                    _pendingFees(account),
                    votes.getVotes(account)
                )
            );
        }
        for (uint256 i = 0; i < holders.length; ++i) {
            hash = keccak256(abi.encode(hash, _escrow(holders[i])));
        }
        (uint256 round, bool isInitialized, bool isLocked) = rounds.currentRoundState();
        return keccak256(abi.encode(hash, round, isInitialized, isLocked, manager.getFirstTranscoderInPool()));
    }
}
