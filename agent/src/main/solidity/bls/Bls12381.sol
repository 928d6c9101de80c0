// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice BLS12-381 by the precompiles of EIP-2537: hashing to G1 (RFC 9380, suite
/// BLS12381G1_XMD:SHA-256_SSWU_RO_), sums of keys in G2, and the pairing check.
/// @dev Points are uncompressed as the EIP has them: field elements of 64 bytes, of which the first 16
/// are zero; a G1 point has 128 bytes, a G2 point x.c0, x.c1, y.c0, y.c1 in 256. The precompiles check
/// that coordinates are reduced and points on the curve; the multiplication and the pairing, that they
/// are in the group of order q too.
library Bls12381 {
    uint256 internal constant G1_BYTES = 128;
    uint256 internal constant G2_BYTES = 256;
    /// @notice q, the order of the groups.
    uint256 internal constant ORDER = 0x73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001;

    address private constant MODEXP = address(0x05);
    address private constant G1_ADD = address(0x0b);
    address private constant G2_MSM = address(0x0e);
    address private constant PAIRING_CHECK = address(0x0f);
    address private constant MAP_FP_TO_G1 = address(0x10);

    uint256 private constant FIELD_BYTES = 64;
    bytes private constant MODULUS =
        hex"000000000000000000000000000000001a0111ea397fe69a4b1ba7b6434bacd7"
        hex"64774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaab";
    /// @dev -P, with P the generator of G2.
    bytes private constant NEGATIVE_GENERATOR =
        hex"00000000000000000000000000000000024aa2b2f08f0a91260805272dc51051"
        hex"c6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8"
        hex"0000000000000000000000000000000013e02b6052719f607dacd3a088274f65"
        hex"596bd0d09920b61ab5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7e"
        hex"000000000000000000000000000000000d1b3cc2c7027888be51d9ef691d77bc"
        hex"b679afda66c73f17f9ee3837a55024f78c71363275a75d75d86bab79f74782aa"
        hex"0000000000000000000000000000000013fa4d4a0ad8b1ce186ed5061789213d"
        hex"993923066dddaf1040bc3ff59f825c78df74f2d75467e25e0f55f8a00fa030ed";
    /// @dev (p - 1) / 2, by which the compressed form tells y from -y: 16 and 32 bytes.
    uint256 private constant HALF_HIGH = 0x0d0088f51cbff34d258dd3db21a5d66b;
    uint256 private constant HALF_LOW = 0xb23ba5c279c2895fb39869507b587b120f55ffff58a9ffffdcff7fffffffd555;

    /// @dev The chain has no such precompile: the call succeeded, and nothing answered.
    error PrecompileAbsent(address precompile);
    /// @dev The precompile refused its input: no field elements, or no points of the group.
    error BadPoint(address precompile);
    error BadLength(uint256 bytes_, uint256 expected);

    /// @notice A point of G1 whose logarithm nobody knows.
    /// @param domain separation tag, 1 to 255 bytes
    function hashToG1(bytes memory message, bytes memory domain) internal view returns (bytes memory) {
        bytes memory uniform = _expand(message, domain);
        return
            _call(
                G1_ADD,
                bytes.concat(
                    _call(MAP_FP_TO_G1, _reduce(uniform, 0), G1_BYTES),
                    _call(MAP_FP_TO_G1, _reduce(uniform, FIELD_BYTES), G1_BYTES)
                ),
                G1_BYTES
            );
    }

    /// @notice The sum of points, each times its scalar.
    /// @param terms points of 256 bytes, each followed by its scalar of 32
    function sumG2(bytes memory terms) internal view returns (bytes memory) {
        return _call(G2_MSM, terms, G2_BYTES);
    }

    /// @notice Whether e(signature, P) = e(hash, key). False when one of the three is the identity.
    function verify(bytes memory signature, bytes memory hash, bytes memory key) internal view returns (bool) {
        if (isIdentity(signature) || isIdentity(hash) || isIdentity(key)) return false;
        bytes memory input = bytes.concat(signature, NEGATIVE_GENERATOR, hash, key);
        return abi.decode(_call(PAIRING_CHECK, input, 32), (uint256)) == 1;
    }

    /// @notice The identity is all zeros.
    function isIdentity(bytes memory point) internal pure returns (bool) {
        return keccak256(point) == keccak256(new bytes(point.length));
    }

    /// @notice The compressed form of a G2 point: 96 bytes, x.c1 and x.c0 with flags in the head.
    /// @dev Of what is no point it is no point's; the precompile that gets the point finds out.
    function compressG2(bytes memory point) internal pure returns (bytes memory compressed) {
        checkLength(point, G2_BYTES);
        compressed = new bytes(96);
        bool c1IsZero = _word(point, 192) == 0 && _word(point, 224) == 0;
        bool larger = _isLarger(point, c1IsZero ? 128 : 192);
        assembly ("memory-safe") {
            let from := add(point, 32)
            let to := add(compressed, 32)
            mcopy(to, add(from, 80), 48)
            mcopy(add(to, 48), add(from, 16), 48)
            mstore8(to, or(byte(0, mload(to)), or(0x80, shl(5, larger))))
        }
    }

    function checkLength(bytes memory given, uint256 expected) internal pure {
        if (given.length != expected) revert BadLength(given.length, expected);
    }

    /// @dev expand_message_xmd with SHA-256 to 128 bytes (RFC 9380, 5.3.1).
    function _expand(bytes memory message, bytes memory domain) private pure returns (bytes memory) {
        bytes memory tag = bytes.concat(domain, bytes1(uint8(domain.length)));
        bytes32 b0 = sha256(abi.encodePacked(new bytes(64), message, uint16(128), uint8(0), tag));
        bytes32 b1 = sha256(abi.encodePacked(b0, uint8(1), tag));
        bytes32 b2 = sha256(abi.encodePacked(b0 ^ b1, uint8(2), tag));
        bytes32 b3 = sha256(abi.encodePacked(b0 ^ b2, uint8(3), tag));
        bytes32 b4 = sha256(abi.encodePacked(b0 ^ b3, uint8(4), tag));
        return abi.encodePacked(b1, b2, b3, b4);
    }

    /// @dev 64 bytes as a number modulo p: its first power.
    function _reduce(bytes memory uniform, uint256 offset) private view returns (bytes memory) {
        bytes memory input =
            abi.encodePacked(
                FIELD_BYTES,
                uint256(1),
                FIELD_BYTES,
                _word(uniform, offset),
                _word(uniform, offset + 32),
                uint8(1),
                MODULUS
            );
        return _call(MODEXP, input, FIELD_BYTES);
    }

    /// @dev Where nothing is, a call succeeds without an answer: the answer's length is what tells.
    function _call(address precompile, bytes memory input, uint256 length) private view returns (bytes memory) {
        (bool success, bytes memory answer) = precompile.staticcall(input);
        if (!success) revert BadPoint(precompile);
        if (answer.length != length) revert PrecompileAbsent(precompile);
        return answer;
    }

    function _isLarger(bytes memory point, uint256 offset) private pure returns (bool) {
        (uint256 high, uint256 low) = (_word(point, offset), _word(point, offset + 32));
        return high > HALF_HIGH || (high == HALF_HIGH && low > HALF_LOW);
    }

    function _word(bytes memory from, uint256 offset) private pure returns (uint256 word) {
        assembly ("memory-safe") {
            word := mload(add(add(from, 32), offset))
        }
    }
}
