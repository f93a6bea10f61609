// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BondingVotes} from "../bonding/BondingVotes.sol";

/// @title BondingVotes__Harness
/// @notice BondingVotes whose two answers about the start of a round are its arguments, so that a test sees what the
/// functions of ERC-5805 ask for.
contract BondingVotes__Harness is BondingVotes {
    constructor(address _controller) BondingVotes(_controller) {}

    /// @dev 1000 times the round, and the account.
    function getVotesAndDelegateAtRoundStart(address _account, uint256 _round)
        public
        pure
        override
        returns (uint256 votes, address delegateAddress)
    {
        return (1000 * _round, _account);
    }

    /// @dev 10 times the round.
    function getTotalActiveStakeAt(uint256 _round) public pure override returns (uint256) {
        return 10 * _round;
    }
}
