// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title GovernorTarget__Mock
/// @notice What the calls of a staged update can meet.
contract GovernorTarget__Mock {
    event Called(address caller, uint256 number, uint256 value);

    error Refused(uint256 number);

    uint256 public number;
    address private _callbackTo;
    bytes private _callbackData;

    function setNumber(uint256 number_) external payable {
        number = number_;
        emit Called(msg.sender, number_, msg.value);
    }

    function refuse(uint256 number_) external pure {
        revert Refused(number_);
    }

    function refuseWithReason(string calldata reason) external pure {
        revert(reason);
    }

    function refuseSilently() external pure {
        // solhint-disable-next-line reason-string, gas-custom-errors
        revert();
    }

    function setCallback(address to, bytes calldata data) external {
        _callbackTo = to;
        _callbackData = data;
    }

    /// @notice Calls what `setCallback` named, once, and reverts with what that reverted with.
    function callBack() external {
        address to = _callbackTo;
        _callbackTo = address(0);
        ++number;
        (bool success, bytes memory result) = to.call(_callbackData);
        if (!success) {
            assembly ("memory-safe") {
                revert(add(result, 0x20), mload(result))
            }
        }
    }
}
