// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice A payer's promise: I have paid `cumulative` in all over this channel, in my direction.
/// `seq` and `evidence` (a hash of the meter record that it pays for) are the parties' own business; the larger
/// `cumulative` is the later voucher.
struct Voucher {
    bytes32 channelId;
    address payer;
    uint128 cumulative;
    uint64 seq;
    bytes32 evidence;
}

/// @notice A voucher that counts only if the preimage of `hashlock` (SHA-256 of 32 bytes) is registered in a block
/// whose time is before `expiry` (unix seconds). `cumulative` includes the locked amount.
struct ConditionalVoucher {
    bytes32 channelId;
    address payer;
    uint128 cumulative;
    uint64 seq;
    bytes32 evidence;
    bytes32 hashlock;
    uint64 expiry;
}

/// @notice The agreement of both parties that these were the last payments, and that they are paid out at once, until
/// `deadline` (unix seconds, inclusive). It names what each has paid in all rather than the payouts, so that a deposit in
/// between makes it neither void nor somebody's loss.
struct CooperativeClose {
    bytes32 channelId;
    uint128 paidByA;
    uint128 paidByB;
    uint64 deadline;
}

/// @title EIP-712 struct hashes of what the parties of a voucher channel sign
/// @notice Each type has a hash of its own, so none can be taken for another.
library Vouchers {
    bytes32 private constant VOUCHER =
        keccak256("Voucher(bytes32 channelId,address payer,uint128 cumulative,uint64 seq,bytes32 evidence)");
    bytes32 private constant CONDITIONAL_VOUCHER = keccak256(
        "ConditionalVoucher(bytes32 channelId,address payer,uint128 cumulative,uint64 seq,bytes32 evidence,bytes32 hashlock,uint64 expiry)"
    );
    bytes32 private constant HOLD = keccak256("Hold(bytes32 channelId,bytes32 voucher)");
    bytes32 private constant COOPERATIVE_CLOSE =
        keccak256("CooperativeClose(bytes32 channelId,uint128 paidByA,uint128 paidByB,uint64 deadline)");

    function hash(Voucher calldata v) internal pure returns (bytes32) {
        return keccak256(abi.encode(VOUCHER, v.channelId, v.payer, v.cumulative, v.seq, v.evidence));
    }

    function hash(ConditionalVoucher calldata v) internal pure returns (bytes32) {
        return keccak256(
            abi.encode(
                CONDITIONAL_VOUCHER, v.channelId, v.payer, v.cumulative, v.seq, v.evidence, v.hashlock, v.expiry
            )
        );
    }

    /// Of the payee's consent that its channel waits for this lock; `voucher` is that one's struct hash.
    function hashHold(ConditionalVoucher calldata v) internal pure returns (bytes32) {
        return keccak256(abi.encode(HOLD, v.channelId, hash(v)));
    }

    function hash(CooperativeClose calldata c) internal pure returns (bytes32) {
        return keccak256(abi.encode(COOPERATIVE_CLOSE, c.channelId, c.paidByA, c.paidByB, c.deadline));
    }
}
