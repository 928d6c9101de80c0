// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice How the deposits are split at one version. Each party may close with it, as long as it has not revealed the
/// preimage (32 bytes) of its own revocation hash (SHA-256) of this version.
struct State {
    bytes32 channelId;
    uint64 version;
    uint128 balanceA;
    uint128 balanceB;
    bytes32 revocationA;
    bytes32 revocationB;
}

/// @notice The agreement of both parties to be paid this at once, until `deadline` (unix seconds, inclusive). The payouts
/// are the deposits, to which nothing is added once the channel is open.
struct AgreedPayouts {
    bytes32 channelId;
    uint128 payoutA;
    uint128 payoutB;
    uint64 deadline;
}

/// @title EIP-712 struct hashes of what the parties of a revocable channel sign
library States {
    bytes32 private constant STATE = keccak256(
        "State(bytes32 channelId,uint64 version,uint128 balanceA,uint128 balanceB,bytes32 revocationA,bytes32 revocationB)"
    );
    bytes32 private constant AGREED_PAYOUTS =
        keccak256("AgreedPayouts(bytes32 channelId,uint128 payoutA,uint128 payoutB,uint64 deadline)");

    function hash(State calldata s) internal pure returns (bytes32) {
        return keccak256(
            abi.encode(STATE, s.channelId, s.version, s.balanceA, s.balanceB, s.revocationA, s.revocationB)
        );
    }

    function hash(AgreedPayouts calldata p) internal pure returns (bytes32) {
        return keccak256(abi.encode(AGREED_PAYOUTS, p.channelId, p.payoutA, p.payoutB, p.deadline));
    }
}
