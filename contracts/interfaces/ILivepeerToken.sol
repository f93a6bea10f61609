// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @title ILivepeerToken
/// @notice LPT on L2: an ERC-20 token with permits (ERC-2612) and two roles, keccak256("MINTER_ROLE") and
/// keccak256("BURNER_ROLE"). The Minter and the L2 gateway of the bridge mint, only the gateway burns. Holders cannot
/// burn on L2.
/// @dev Errors are those of OpenZeppelin's ERC20, ERC20Permit and AccessControl. None of its functions answers false:
/// what cannot be done reverts.
interface ILivepeerToken is IERC20 {
    /// @notice Emitted after Transfer when `amount` is minted to `to`.
    event Mint(address indexed to, uint256 amount);

    /// @notice Emitted after Transfer when `amount` of the tokens of `burner` is burnt.
    event Burn(address indexed burner, uint256 amount);

    /// @notice Mints `_amount` to `_to`.
    /// @dev Needs the minter role.
    function mint(address _to, uint256 _amount) external;

    /// @notice Burns `_amount` of the caller's tokens.
    /// @dev Needs the burner role.
    function burn(uint256 _amount) external;

    /// @notice Burns `_amount` of the tokens of `_from`, against an allowance of `_from` for the caller.
    /// @dev Needs the burner role and the allowance, even where the caller is `_from`.
    function burnFrom(address _from, uint256 _amount) external;

    /// @notice Raises the caller's allowance for `spender` by `addedValue`; returns true.
    function increaseAllowance(address spender, uint256 addedValue) external returns (bool);

    /// @notice Lowers the caller's allowance for `spender` by `subtractedValue`; returns true.
    /// @dev Reverts with ERC20InsufficientAllowance when there is less.
    function decreaseAllowance(address spender, uint256 subtractedValue) external returns (bool);
}
