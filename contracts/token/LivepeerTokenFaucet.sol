// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ILivepeerToken} from "../interfaces/ILivepeerToken.sol";
import {ILivepeerTokenFaucet} from "../interfaces/ILivepeerTokenFaucet.sol";

/// @title LivepeerTokenFaucet
/// @notice See ILivepeerTokenFaucet.
contract LivepeerTokenFaucet is ILivepeerTokenFaucet {
    /// @inheritdoc ILivepeerTokenFaucet
    address public immutable token;
    /// @inheritdoc ILivepeerTokenFaucet
    uint256 public immutable requestAmount;
    /// @inheritdoc ILivepeerTokenFaucet
    uint256 public immutable requestWait;

    /// @inheritdoc ILivepeerTokenFaucet
    address public owner;
    /// @inheritdoc ILivepeerTokenFaucet
    mapping(address => uint256) public nextValidRequest;
    /// @inheritdoc ILivepeerTokenFaucet
    mapping(address => bool) public isWhitelisted;

    constructor(address _token, uint256 _requestAmount, uint256 _requestWait) {
        token = _token;
        requestAmount = _requestAmount;
        requestWait = _requestWait;
        owner = msg.sender;
    }

    modifier onlyOwner() {
        require(msg.sender == owner, CallerNotOwner(msg.sender, owner));
        _;
    }

    /// @inheritdoc ILivepeerTokenFaucet
    function addToWhitelist(address _addr) external onlyOwner {
        isWhitelisted[_addr] = true;
    }

    /// @inheritdoc ILivepeerTokenFaucet
    function removeFromWhitelist(address _addr) external onlyOwner {
        isWhitelisted[_addr] = false;
    }

    /// @inheritdoc ILivepeerTokenFaucet
    function request() external {
        if (!isWhitelisted[msg.sender]) {
            uint256 earliest = nextValidRequest[msg.sender];
            require(block.timestamp >= earliest, RequestTooEarly(msg.sender, block.timestamp, earliest));
            nextValidRequest[msg.sender] = block.timestamp + requestWait * 1 hours;
        }
        // The answer need not be read: LPT reverts where another token would answer false.
        ILivepeerToken(token).transfer(msg.sender, requestAmount);
        emit Request(msg.sender, requestAmount);
    }

    /// @inheritdoc ILivepeerTokenFaucet
    function transferOwnership(address newOwner) external onlyOwner {
        require(newOwner != address(0), NewOwnerIsZero());
        emit OwnershipTransferred(owner, newOwner);
        owner = newOwner;
    }
}
