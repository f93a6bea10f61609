// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LivepeerToken} from "../../token/LivepeerToken.sol";

/// @title LivepeerToken__MutantBurnWithoutAllowance
/// @notice Planted fault (R7): the burner role is enough to destroy what others hold.
contract LivepeerToken__MutantBurnWithoutAllowance is LivepeerToken {
    function burnFrom(address _from, uint256 _amount) public override onlyRole(BURNER_ROLE) {
        _burn(_from, _amount);
        emit Burn(_from, _amount);
    }
}
