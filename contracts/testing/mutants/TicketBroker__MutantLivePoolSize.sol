// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ReserveLib} from "../../libraries/ReserveLib.sol";
import {TicketBroker} from "../../payments/TicketBroker.sol";
import {Round} from "../../types/Round.sol";

/// @title TicketBroker__MutantLivePoolSize
/// @notice Planted fault (P5): the reserve is divided by the live size of the pool, and the difference is not saturated.
contract TicketBroker__MutantLivePoolSize is TicketBroker {
    using ReserveLib for ReserveLib.Claimed;

    constructor(address _controller) TicketBroker(_controller) {}

    function _claimable(
        address claimant,
        Round currentRound,
        uint256 fundsRemaining,
        ReserveLib.Claimed memory claimedByAll,
        ReserveLib.Claimed memory claimedByClaimant
    ) internal view override returns (uint256) {
        if (!_bondingManager().isActiveTranscoder(claimant)) {
            return 0;
        }
        uint256 funds = fundsRemaining + claimedByAll.inRound(currentRound);
        return funds / _bondingManager().getTranscoderPoolSize() - claimedByClaimant.inRound(currentRound);
    }
}
