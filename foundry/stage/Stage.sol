// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IBondingManager} from "../../contracts/interfaces/IBondingManager.sol";
import {IBondingVotes} from "../../contracts/interfaces/IBondingVotes.sol";
import {IController} from "../../contracts/interfaces/IController.sol";
import {ILivepeerToken} from "../../contracts/interfaces/ILivepeerToken.sol";
import {IMinter} from "../../contracts/interfaces/IMinter.sol";
import {IRoundsManager} from "../../contracts/interfaces/IRoundsManager.sol";
import {ITicketBroker} from "../../contracts/interfaces/ITicketBroker.sol";

import {Cast, Protocol, Target} from "./Protocol.sol";

/// @dev The record of a delegator; same words as the tuple of IBondingManager.getDelegator.
struct DelegatorRecord {
    uint256 bondedAmount;
    uint256 fees;
    address delegate;
    uint256 delegatedAmount;
    uint256 startRound;
    uint256 lastClaimRound;
    uint256 nextUnbondingLockId;
}

/// @dev The record of an orchestrator; same words as the tuple of IBondingManager.getTranscoder.
struct OrchestratorRecord {
    uint256 lastRewardRound;
    uint256 rewardCut;
    uint256 feeShare;
    uint256 lastActiveStakeUpdateRound;
    uint256 activationRound;
    uint256 deactivationRound;
    uint256 activeCumulativeRewards;
    uint256 cumulativeRewards;
    uint256 cumulativeFees;
    uint256 lastFeeRound;
}

/// @dev A tuple of static values and a struct of them are encoded alike.
interface IRecords {
    function getDelegator(address delegator) external view returns (DelegatorRecord memory);
    function getTranscoder(address transcoder) external view returns (OrchestratorRecord memory);
}

/// @title Stage
/// @notice The contracts and the accounts, for whoever acts on them or looks at them, and how a claim fails.
abstract contract Stage {
    /// @notice A claim of docs/invariants.md does not hold.
    /// @param claim Id and claim.
    error InvariantBroken(string claim, address account, uint256 found, uint256 required);

    /// @dev `deactivationRound` of an orchestrator in the pool.
    uint256 internal constant NEVER = type(uint256).max;
    uint256 internal constant RAY = 1e27;
    uint256 internal constant PPB = 1e9;
    uint256 internal constant PPM = 1e6;

    IController internal immutable controller;
    IMinter internal immutable minter;
    ILivepeerToken internal immutable token;
    ITicketBroker internal immutable broker;
    IBondingManager internal immutable manager;
    IRecords internal immutable records;
    IBondingVotes internal immutable votes;
    IRoundsManager internal immutable rounds;
    address internal immutable treasury;
    address internal immutable faucet;
    address internal immutable deployer;
    address internal immutable attacker;
    address internal immutable verifier;
    address internal immutable migrator;

    address[] internal stakers;
    address[] internal gateways;
    uint256[] internal gatewayKeys;
    Target[] internal targets;
    /// Whoever may have a bond, or be pointed at by one.
    address[] internal accounts;
    /// Whoever may have escrow.
    address[] internal holders;

    constructor(Protocol memory protocol, Cast memory cast) {
        controller = protocol.controller;
        minter = protocol.minter;
        token = protocol.token;
        broker = protocol.broker;
        manager = protocol.manager;
        records = IRecords(address(protocol.manager));
        votes = protocol.votes;
        rounds = protocol.rounds;
        treasury = protocol.treasury;
        faucet = protocol.faucet;
        deployer = cast.owner;
        attacker = cast.attacker;
        verifier = cast.verifier;
        migrator = cast.migrator;
        for (uint256 i = 0; i < cast.stakers.length; ++i) {
            stakers.push(cast.stakers[i]);
            accounts.push(cast.stakers[i]);
        }
        for (uint256 i = 0; i < cast.gateways.length; ++i) {
            gateways.push(cast.gateways[i]);
            gatewayKeys.push(cast.gatewayKeys[i]);
            holders.push(cast.gateways[i]);
        }
        for (uint256 i = 0; i < cast.targets.length; ++i) {
            targets.push(cast.targets[i]);
        }
        accounts.push(cast.attacker);
        accounts.push(cast.migrator);
        accounts.push(address(0));
        holders.push(address(0));
    }

    // --- claims ---

    function _holds(bool holds, string memory claim, address account, uint256 found, uint256 required)
        internal
        pure
    {
        if (!holds) revert InvariantBroken(claim, account, found, required);
    }

    function _equal(uint256 found, uint256 required, string memory claim) internal pure {
        _holds(found == required, claim, address(0), found, required);
    }

    function _atMost(uint256 found, uint256 limit, string memory claim) internal pure {
        _holds(found <= limit, claim, address(0), found, limit);
    }

    // --- readings ---

    function _delegated(address account) internal view returns (uint256) {
        return manager.transcoderTotalStake(account);
    }

    function _pendingStake(address account) internal view returns (uint256) {
        return manager.pendingStake(account, 0);
    }

    function _pendingFees(address account) internal view returns (uint256) {
        return manager.pendingFees(account, 0);
    }
}
