// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IBondingManager} from "../../contracts/interfaces/IBondingManager.sol";
import {IBondingVotes} from "../../contracts/interfaces/IBondingVotes.sol";
import {IController} from "../../contracts/interfaces/IController.sol";
import {ILivepeerToken} from "../../contracts/interfaces/ILivepeerToken.sol";
import {IMinter} from "../../contracts/interfaces/IMinter.sol";
import {IRoundsManager} from "../../contracts/interfaces/IRoundsManager.sol";
import {ITicketBroker} from "../../contracts/interfaces/ITicketBroker.sol";
import {ContractIds} from "../../contracts/libraries/ContractIds.sol";

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";

// What is deployed by name here has to be compiled.
import "./Artifacts.sol";
import {Cast, Parameters, Protocol, Target} from "./Protocol.sol";
import {VM} from "./Vm.sol";

/// @title Deployment
/// @notice The whole protocol, deployed and wired in the order of a fresh network: what simulation/protocol.py does,
/// and the money and roles that simulation/world.py gives out.
abstract contract Deployment {
    bytes20 private constant COMMIT = bytes20(keccak256("revision under test"));
    bytes32 private constant MINTER_ROLE = keccak256("MINTER_ROLE");
    bytes32 private constant BURNER_ROLE = keccak256("BURNER_ROLE");
    uint256 private constant DEPLOYER_LPT = 500_000 ether;
    uint256 private constant FAUCET_LPT = 6_343_700 ether;
    uint256 private constant FAUCET_REQUEST_LPT = 10 ether;
    uint256 private constant FAUCET_WAIT_HOURS = 1;

    /// LPT of each staker.
    uint256 internal constant ENDOWMENT = 10_000 ether;
    /// Wei of everybody who pays; some thousand deposits of the largest size.
    uint256 internal constant PURSE_WEI = 2 ** 96;

    Protocol private _protocol;
    Cast private _cast;

    /// @dev Accounts of names, as the stage of the simulation has them; keys are hashes of the names.
    function _assemble(uint256 stakers, uint256 gateways) internal {
        _cast.owner = _actor("deployer");
        _cast.attacker = _actor("attacker");
        for (uint256 i = 1; i <= stakers; ++i) {
            _cast.stakers.push(_actor(string.concat("staker ", _digit(i))));
        }
        for (uint256 i = 1; i <= gateways; ++i) {
            string memory name = string.concat("gateway ", _digit(i));
            _cast.gateways.push(_actor(name));
            _cast.gatewayKeys.push(_keyOf(name));
        }
    }

    /// @dev Deploys, registers, sets parameters, hands out roles and money, unpauses and initializes the first round.
    function _deploy(Parameters memory given) internal returns (Protocol memory, Cast memory) {
        VM.startPrank(_cast.owner);
        _deployContracts(given);
        _setParameters(given);
        _deployFaucet();
        VM.stopPrank();
        _handOut();
        VM.startPrank(_cast.owner);
        _protocol.controller.unpause();
        VM.roll(given.roundLengthBlocks);
        _protocol.rounds.initializeRound();
        VM.stopPrank();
        return (_protocol, _cast);
    }

    function _deployContracts(Parameters memory given) private {
        IController controller = IController(VM.deployCode("Controller.sol:Controller"));
        _protocol.controller = controller;
        _protocol.minter = IMinter(
            VM.deployCode(
                "Minter.sol:Minter",
                abi.encode(
                    controller, given.inflationPpb, given.inflationChangePpb, given.targetBondingRatePpb
                )
            )
        );
        _register(ContractIds.MINTER, address(_protocol.minter));
        _protocol.token = ILivepeerToken(VM.deployCode("LivepeerToken.sol:LivepeerToken"));
        _register(ContractIds.LIVEPEER_TOKEN, address(_protocol.token));

        address broker =
            _deployBehindProxy("TicketBroker", ContractIds.TICKET_BROKER, ContractIds.TICKET_BROKER_TARGET);
        _protocol.broker = ITicketBroker(broker);
        _register(ContractIds.JOBS_MANAGER, broker);
        _protocol.manager = IBondingManager(
            _deployBehindProxy(
                "BondingManager", ContractIds.BONDING_MANAGER, ContractIds.BONDING_MANAGER_TARGET
            )
        );
        _protocol.votes = IBondingVotes(
            _deployBehindProxy("BondingVotes", ContractIds.BONDING_VOTES, ContractIds.BONDING_VOTES_TARGET)
        );
        _protocol.rounds = IRoundsManager(
            _deployBehindProxy("RoundsManager", ContractIds.ROUNDS_MANAGER, ContractIds.ROUNDS_MANAGER_TARGET)
        );
        _deployBehindProxy(
            "ServiceRegistry", ContractIds.SERVICE_REGISTRY, ContractIds.SERVICE_REGISTRY_TARGET
        );
        VM.deployCode("Governor.sol:Governor");
        _protocol.treasury = VM.deployCode("Placeholder__Mock.sol:Placeholder__Mock");
        _register(ContractIds.TREASURY, _protocol.treasury);
        _register(ContractIds.L2_LPT_DATA_CACHE, VM.deployCode("DummyL2LPTDataCache.sol:DummyL2LPTDataCache"));
        _labelAll();
    }

    function _setParameters(Parameters memory given) private {
        _protocol.manager.setUnbondingPeriod(given.unbondingPeriodRounds);
        _protocol.manager.setNumActiveTranscoders(given.poolSize);
        _protocol.manager.setTreasuryRewardCutRate(given.treasuryRewardCutRateRay);
        _protocol.rounds.setRoundLength(given.roundLengthBlocks);
        _protocol.rounds.setRoundLockAmount(given.roundLockAmountPpm);
        _protocol.broker.setUnlockPeriod(given.unlockPeriodRounds);
        _protocol.broker.setTicketValidityPeriod(given.ticketValidityPeriodRounds);
    }

    function _deployFaucet() private {
        ILivepeerToken token = _protocol.token;
        _protocol.faucet = VM.deployCode(
            "LivepeerTokenFaucet.sol:LivepeerTokenFaucet",
            abi.encode(token, FAUCET_REQUEST_LPT, FAUCET_WAIT_HOURS)
        );
        _register(ContractIds.LIVEPEER_TOKEN_FAUCET, _protocol.faucet);
        _cast.verifier = VM.deployCode("Placeholder__Mock.sol:Placeholder__Mock");
        _cast.migrator = VM.deployCode("Placeholder__Mock.sol:Placeholder__Mock");
        _register(ContractIds.VERIFIER, _cast.verifier);
        _register(ContractIds.L2_MIGRATOR, _cast.migrator);

        IAccessControl roles = IAccessControl(address(token));
        roles.grantRole(MINTER_ROLE, _cast.owner);
        token.mint(_protocol.faucet, FAUCET_LPT);
        token.mint(_cast.owner, DEPLOYER_LPT);
        token.mint(_cast.migrator, ENDOWMENT);
        for (uint256 i = 0; i < _cast.stakers.length; ++i) {
            token.mint(_cast.stakers[i], ENDOWMENT);
        }
        roles.revokeRole(MINTER_ROLE, _cast.owner);
        roles.grantRole(MINTER_ROLE, address(_protocol.minter));
        roles.grantRole(BURNER_ROLE, address(_protocol.minter));
    }

    /// @dev Allowances for the BondingManager, and ETH.
    function _handOut() private {
        for (uint256 i = 0; i < _cast.stakers.length; ++i) {
            _equip(_cast.stakers[i]);
        }
        for (uint256 i = 0; i < _cast.gateways.length; ++i) {
            VM.deal(_cast.gateways[i], PURSE_WEI);
        }
        _equip(_cast.migrator);
    }

    function _equip(address account) private {
        VM.deal(account, PURSE_WEI);
        VM.prank(account);
        _protocol.token.approve(address(_protocol.manager), type(uint256).max);
    }

    function _register(bytes32 id, address contractAddress) private {
        _protocol.controller.setContractInfo(id, contractAddress, COMMIT);
    }

    /// @dev Registers the target first, then the proxy. A copy of the target is for upgrades.
    function _deployBehindProxy(string memory name, bytes32 id, bytes32 targetId)
        private
        returns (address proxy)
    {
        string memory artifact = string.concat(name, ".sol:", name);
        bytes memory controller = abi.encode(_protocol.controller);
        address target = VM.deployCode(artifact, controller);
        proxy = VM.deployCode("ManagerProxy.sol:ManagerProxy", abi.encode(_protocol.controller, targetId));
        _register(targetId, target);
        _register(id, proxy);
        _cast.targets.push(Target(targetId, target));
        _cast.targets.push(Target(targetId, VM.deployCode(artifact, controller)));
    }

    function _labelAll() private {
        VM.label(address(_protocol.controller), "Controller");
        VM.label(address(_protocol.minter), "Minter");
        VM.label(address(_protocol.token), "LivepeerToken");
        VM.label(address(_protocol.broker), "TicketBroker");
        VM.label(address(_protocol.manager), "BondingManager");
        VM.label(address(_protocol.votes), "BondingVotes");
        VM.label(address(_protocol.rounds), "RoundsManager");
        VM.label(_protocol.treasury, "treasury");
    }

    function _actor(string memory name) private returns (address account) {
        account = VM.addr(_keyOf(name));
        VM.label(account, name);
    }

    function _keyOf(string memory name) private pure returns (uint256) {
        return uint256(keccak256(bytes(name)));
    }

    function _digit(uint256 number) private pure returns (string memory) {
        return string(abi.encodePacked(bytes1(uint8(48 + number))));
    }
}
