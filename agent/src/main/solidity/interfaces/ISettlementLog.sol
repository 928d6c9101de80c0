// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @notice What the parties to a match say was delivered and owed (P1-33), for contracts that pay.
interface ISettlementLog {
    /// @dev CLAIMED: one side's word, the other's time to answer is running. UNOPPOSED: that time has
    /// passed without an answer; still one side's word. CONTESTED: each side says something else.
    /// AGREED: both signed the same, and nothing changes it.
    enum Status {
        NONE,
        CLAIMED,
        UNOPPOSED,
        CONTESTED,
        AGREED
    }

    /// @notice What is known of a match between two parties.
    /// @param matchId of the matched quotes
    /// @param seller the id in the registry, like buyer
    /// @return status of the match
    /// @return energyMwh what was delivered, in mWh: of the agreed certificate, else of the first claim
    /// @return amount what is due, in the token's smallest unit
    /// @return digest EIP-712 struct hash of that certificate
    function settlementOf(
        bytes32 matchId,
        bytes32 seller,
        bytes32 buyer
    ) external view returns (Status status, uint64 energyMwh, uint64 amount, bytes32 digest);
}
