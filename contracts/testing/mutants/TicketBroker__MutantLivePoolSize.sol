// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TicketBroker} from "../../payments/TicketBroker.sol";

/// @title TicketBroker__MutantLivePoolSize
/// @notice Planted fault (P5): the reserve is divided by the live size of the pool, and the difference may underflow.
contract TicketBroker__MutantLivePoolSize is TicketBroker {
    constructor(address _controller) TicketBroker(_controller) {}

    function _claimable(
        address claimant,
        uint256 fundsRemaining,
        uint256 claimedByAll,
        uint256 claimedByClaimant
    ) internal view override returns (uint256) {
        if (!_bondingManager().isActiveTranscoder(claimant)) {
            return 0;
        }
        uint256 funds = fundsRemaining + claimedByAll;
        return funds / _bondingManager().getTranscoderPoolSize() - claimedByClaimant;
    }
}
