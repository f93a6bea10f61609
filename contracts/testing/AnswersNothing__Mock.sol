// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title AnswersNothing__Mock
/// @notice Takes every call and answers it with no data, as some wallets do.
contract AnswersNothing__Mock {
    fallback() external payable {}
}
