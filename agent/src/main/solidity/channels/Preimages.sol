// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title When a preimage became public
/// @notice For every channel of this contract, and read by hops of a payment from the event (P2-17).
abstract contract Preimages {
    /// @notice The time of the block that first held the preimage of a hash lock; 0: none has.
    mapping(bytes32 hashlock => uint64 time) public registeredAt;

    event PreimageRegistered(bytes32 indexed hashlock, bytes32 preimage);

    /// @notice Makes a preimage public. Again changes nothing.
    function registerPreimage(bytes32 preimage) public {
        bytes32 hashlock = sha256(abi.encode(preimage));
        if (registeredAt[hashlock] != 0) return;
        registeredAt[hashlock] = uint64(block.timestamp);
        emit PreimageRegistered(hashlock, preimage);
    }
}
