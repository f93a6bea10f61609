// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ERC20Burnable} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Burnable.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

import {ILivepeerToken} from "../interfaces/ILivepeerToken.sol";

/// @title LivepeerToken
/// @notice See ILivepeerToken. On a live network the token exists already; this one is for all others.
/// @dev Overrides that only call their parent keep the deployed names of parameters, which clients decode by.
contract LivepeerToken is ERC20Burnable, ERC20Permit, AccessControl, ILivepeerToken {
    bytes32 internal constant MINTER_ROLE = keccak256("MINTER_ROLE");
    bytes32 internal constant BURNER_ROLE = keccak256("BURNER_ROLE");

    constructor() ERC20("Livepeer Token", "LPT") ERC20Permit("Livepeer Token") {
        _grantRole(DEFAULT_ADMIN_ROLE, msg.sender);
    }

    // --- supply ---

    /// @inheritdoc ILivepeerToken
    function mint(address _to, uint256 _amount) external onlyRole(MINTER_ROLE) {
        _mint(_to, _amount);
        emit Mint(_to, _amount);
    }

    /// @inheritdoc ILivepeerToken
    function burn(uint256 _amount) public override(ERC20Burnable, ILivepeerToken) onlyRole(BURNER_ROLE) {
        super.burn(_amount);
        emit Burn(msg.sender, _amount);
    }

    /// @inheritdoc ILivepeerToken
    function burnFrom(address _from, uint256 _amount)
        public
        virtual
        override(ERC20Burnable, ILivepeerToken)
        onlyRole(BURNER_ROLE)
    {
        super.burnFrom(_from, _amount);
        emit Burn(_from, _amount);
    }

    // --- transfers and allowances ---

    /// @inheritdoc IERC20
    function transfer(address to, uint256 amount) public override(ERC20, IERC20) returns (bool) {
        return super.transfer(to, amount);
    }

    /// @inheritdoc IERC20
    function transferFrom(address from, address to, uint256 amount)
        public
        override(ERC20, IERC20)
        returns (bool)
    {
        return super.transferFrom(from, to, amount);
    }

    /// @inheritdoc IERC20
    function approve(address spender, uint256 amount) public override(ERC20, IERC20) returns (bool) {
        return super.approve(spender, amount);
    }

    /// @inheritdoc ILivepeerToken
    function increaseAllowance(address spender, uint256 addedValue) external returns (bool) {
        _approve(msg.sender, spender, allowance(msg.sender, spender) + addedValue);
        return true;
    }

    /// @inheritdoc ILivepeerToken
    function decreaseAllowance(address spender, uint256 subtractedValue) external returns (bool) {
        uint256 current = allowance(msg.sender, spender);
        require(subtractedValue <= current, ERC20InsufficientAllowance(spender, current, subtractedValue));
        _approve(msg.sender, spender, current - subtractedValue);
        return true;
    }

    // --- roles ---

    /// @inheritdoc AccessControl
    function renounceRole(bytes32 role, address account) public override {
        super.renounceRole(role, account);
    }
}
