// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Handler} from "./handler/Handler.sol";
import {Catalogue} from "./invariants/Catalogue.sol";
import {Deployment} from "./stage/Deployment.sol";
import {Cast, Parameters, Protocol} from "./stage/Protocol.sol";
import {VM} from "./stage/Vm.sol";

/// @title WholeProtocolTest
/// @notice Random actions of eight people on the whole protocol, and the catalogue of invariants after each.
contract WholeProtocolTest is Deployment {
    /// @dev What Foundry reads from `targetSelectors`.
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    Handler public handler;
    Catalogue public catalogue;

    function setUp() public {
        _assemble({stakers: 6, gateways: 2});
        Parameters memory parameters = Parameters({
            inflationPpb: 218_500,
            inflationChangePpb: 500,
            targetBondingRatePpb: 500_000_000,
            roundLengthBlocks: 40,
            roundLockAmountPpm: 100_000,
            unbondingPeriodRounds: 2,
            poolSize: 3,
            treasuryRewardCutRateRay: 1e26,
            unlockPeriodRounds: 2,
            ticketValidityPeriodRounds: 2
        });
        (Protocol memory protocol, Cast memory cast) = _deploy(parameters);
        handler = Handler(VM.deployCode("Handler.sol:Handler", abi.encode(protocol, cast)));
        catalogue = Catalogue(VM.deployCode("Catalogue.sol:Catalogue", abi.encode(handler, protocol, cast)));
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function targetSelectors() public view returns (FuzzSelector[] memory targets) {
        targets = new FuzzSelector[](1);
        targets[0] = FuzzSelector(address(handler), handler.weightedSelectors());
    }

    /// @notice One function for all, since Foundry runs a campaign of its own for each.
    function invariant_catalogue() public view {
        catalogue.check();
    }
}
