// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev What went in and out, as the actions asked for it or as the token's supply and balances show it; never read
/// from the records that the invariants compare with it.
struct Books {
    /// LPT: bonds paid and rewards minted.
    uint256 lptIn;
    /// LPT: stake withdrawn, treasury rewards, penalties.
    uint256 lptOut;
    /// LPT minted since the round was initialized.
    uint256 mintedInRound;
    /// Wei paid into deposits and reserves.
    uint256 fundedWei;
    /// Wei that tickets took out of deposits and reserves, which became fees.
    uint256 paidByTicketsWei;
    /// Wei of deposits and reserves withdrawn.
    uint256 withdrawnWei;
    /// Wei of fees withdrawn.
    uint256 feesOutWei;
}

interface IBooks {
    function books() external view returns (Books memory);
}
