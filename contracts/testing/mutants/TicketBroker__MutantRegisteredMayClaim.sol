// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ReserveLib} from "../../libraries/ReserveLib.sol";
import {TicketBroker} from "../../payments/TicketBroker.sol";

/// @title TicketBroker__MutantRegisteredMayClaim
/// @notice Planted fault (P6): whoever is registered may claim, active in the round or not.
contract TicketBroker__MutantRegisteredMayClaim is TicketBroker {
    constructor(address _controller) TicketBroker(_controller) {}

    function _claimable(
        address claimant,
        uint256 fundsRemaining,
        uint256 claimedByAll,
        uint256 claimedByClaimant
    ) internal view override returns (uint256) {
        if (!_bondingManager().isRegisteredTranscoder(claimant)) {
            return 0;
        }
        return ReserveLib.claimableDown(
            fundsRemaining, claimedByAll, claimedByClaimant, _bondingManager().currentRoundActiveSetSize()
        );
    }
}
