// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

// The contracts that Deployment deploys by name.
import {BondingManager} from "../../contracts/bonding/BondingManager.sol";
import {BondingVotes} from "../../contracts/bonding/BondingVotes.sol";
import {Governor} from "../../contracts/governance/Governor.sol";
import {TicketBroker} from "../../contracts/payments/TicketBroker.sol";
import {Controller} from "../../contracts/registry/Controller.sol";
import {ManagerProxy} from "../../contracts/registry/ManagerProxy.sol";
import {ServiceRegistry} from "../../contracts/registry/ServiceRegistry.sol";
import {RoundsManager} from "../../contracts/rounds/RoundsManager.sol";
import {DummyL2LPTDataCache} from "../../contracts/testing/DummyL2LPTDataCache.sol";
import {Placeholder__Mock} from "../../contracts/testing/Placeholder__Mock.sol";
import {LivepeerToken} from "../../contracts/token/LivepeerToken.sol";
import {LivepeerTokenFaucet} from "../../contracts/token/LivepeerTokenFaucet.sol";
import {Minter} from "../../contracts/token/Minter.sol";
