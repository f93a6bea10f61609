// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IBondingManager} from "../../contracts/interfaces/IBondingManager.sol";
import {IBondingVotes} from "../../contracts/interfaces/IBondingVotes.sol";
import {IController} from "../../contracts/interfaces/IController.sol";
import {ILivepeerToken} from "../../contracts/interfaces/ILivepeerToken.sol";
import {IMinter} from "../../contracts/interfaces/IMinter.sol";
import {IRoundsManager} from "../../contracts/interfaces/IRoundsManager.sol";
import {ITicketBroker} from "../../contracts/interfaces/ITicketBroker.sol";

/// @dev What a deployment is given; names and units are those of the setters and constructors.
struct Parameters {
    uint256 inflationPpb;
    uint256 inflationChangePpb;
    uint256 targetBondingRatePpb;
    uint256 roundLengthBlocks;
    uint256 roundLockAmountPpm;
    uint64 unbondingPeriodRounds;
    uint256 poolSize;
    uint256 treasuryRewardCutRateRay;
    uint256 unlockPeriodRounds;
    uint256 ticketValidityPeriodRounds;
}

/// @dev The protocol as deployed; every contract at its proxy where it has one.
struct Protocol {
    IController controller;
    IMinter minter;
    ILivepeerToken token;
    ITicketBroker broker;
    IBondingManager manager;
    IBondingVotes votes;
    IRoundsManager rounds;
    /// Only holds what it is given.
    address treasury;
    address faucet;
}

/// @dev Code that can be put behind a proxy: the one of the deployment, or a copy of it.
struct Target {
    bytes32 id;
    address code;
}

/// @dev Who acts.
struct Cast {
    address owner;
    /// Accounts with LPT: orchestrators, delegators, and all between.
    address[] stakers;
    /// Accounts that pay with tickets, and the keys that they sign with.
    address[] gateways;
    uint256[] gatewayKeys;
    /// Somebody without LPT or role.
    address attacker;
    /// The contract that slashes.
    address verifier;
    /// The contract that bonds for others as they could themselves.
    address migrator;
    Target[] targets;
}
