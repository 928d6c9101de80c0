// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice The secp256k1 key of a pile's meter, of which the registry has the hash of the compressed form.
library MeterKeys {
    uint256 private constant FIELD = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEFFFFFC2F;
    uint256 private constant BYTES = 64;

    /// @dev The key is not the one that is registered.
    error OtherMeterKey(bytes32 registered);

    /// @param key uncompressed: both coordinates, 64 bytes
    /// @param registered keccak256 of the compressed key, 33 bytes
    /// @return the account that signs with this key
    function accountOf(bytes calldata key, bytes32 registered) internal pure returns (address) {
        if (key.length != BYTES) revert OtherMeterKey(registered);
        (uint256 x, uint256 y) = abi.decode(key, (uint256, uint256));
        // x and the parity that is hashed leave one y
        bool onCurve = x < FIELD && y < FIELD
            && mulmod(y, y, FIELD) == addmod(mulmod(x, mulmod(x, x, FIELD), FIELD), 7, FIELD);
        bytes32 hash = keccak256(abi.encodePacked(uint8(2 + (y & 1)), x));
        if (!onCurve || hash != registered) revert OtherMeterKey(registered);
        return address(uint160(uint256(keccak256(key))));
    }
}
