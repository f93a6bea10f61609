// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

// The functions are named after what they do and are called by tests only.
// solhint-disable use-natspec

/// @title BondingVotesTable__Mock
/// @notice What the LivepeerGovernor asks of BondingVotes, from a table that the test writes: powers that the real one
/// never gives, too.
contract BondingVotesTable__Mock {
    struct Power {
        uint256 votes;
        address delegate;
        bool isSet;
    }

    error FutureLookup(uint256 queryRound, uint256 maxAllowed);
    error NoClock();

    uint48 private _round;
    bool private _isStopped;
    uint256 private _totalSupply;
    mapping(address account => mapping(uint256 round => Power)) private _powers;

    function setRound(uint48 round) external {
        _round = round;
    }

    /// @notice Lets the clock revert, or run again.
    function setStopped(bool isStopped) external {
        _isStopped = isStopped;
    }

    function setTotalSupply(uint256 totalSupply) external {
        _totalSupply = totalSupply;
    }

    /// @notice Sets what `account` has at the end of `round` and of all later ones for which nothing else is set.
    function setPower(address account, uint256 round, uint256 votes, address delegate) external {
        _powers[account][round] = Power(votes, delegate, true);
    }

    function clock() public view returns (uint48) {
        require(!_isStopped, NoClock());
        return _round;
    }

    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE() external view returns (string memory) {
        require(!_isStopped, NoClock());
        return "mode=livepeer_round";
    }

    function getPastVotes(address account, uint256 round) external view returns (uint256) {
        return _powerAt(account, round).votes;
    }

    function getVotesAndDelegateAtRoundStart(address account, uint256 round)
        external
        view
        returns (uint256, address)
    {
        Power memory power = _powerAt(account, round - 1);
        return (power.votes, power.delegate);
    }

    function getPastTotalSupply(uint256 round) external view returns (uint256) {
        require(round < clock(), FutureLookup(round, clock() - 1));
        return _totalSupply;
    }

    function _powerAt(address account, uint256 round) private view returns (Power memory power) {
        require(round < clock(), FutureLookup(round, clock() - 1));
        while (!_powers[account][round].isSet && round > 0) --round;
        return _powers[account][round];
    }
}
