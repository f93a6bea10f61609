// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ReserveLib} from "../../libraries/ReserveLib.sol";
import {TicketBroker} from "../../payments/TicketBroker.sol";
import {Round} from "../../types/Round.sol";

/// @title TicketBroker__MutantNoShareCap
/// @notice Planted fault (P8): one recipient may draw the whole reserve.
contract TicketBroker__MutantNoShareCap is TicketBroker {
    constructor(address _controller) TicketBroker(_controller) {}

    function _claimable(
        address,
        Round,
        uint256 fundsRemaining,
        ReserveLib.Claimed memory,
        ReserveLib.Claimed memory
    ) internal pure override returns (uint256) {
        return fundsRemaining;
    }
}
