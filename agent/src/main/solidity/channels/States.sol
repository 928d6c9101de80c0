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

/// @title EIP-712 struct hash of a revocable channel's state
library States {
    bytes32 private constant STATE = keccak256(
        "State(bytes32 channelId,uint64 version,uint128 balanceA,uint128 balanceB,bytes32 revocationA,bytes32 revocationB)"
    );

    function hash(State calldata s) internal pure returns (bytes32) {
        return keccak256(
            abi.encode(STATE, s.channelId, s.version, s.balanceA, s.balanceB, s.revocationA, s.revocationB)
        );
    }
}
