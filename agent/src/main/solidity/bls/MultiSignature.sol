// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Bls12381} from "./Bls12381.sol";
import {Sha512} from "./Sha512.sol";

/// @notice Verifies the short sequential multi-signature (P1-15 to P1-17) to the bit as the program's
/// `identity.MultiSignature` makes it:
///
///     h   = H2(H(L) ‖ m)             to G1
///     ι_i = H(ID_i, y_i, H(L))       SHA-512 modulo q
///     e(S, P) = e(h, Σ ι_i · y_i)
///
/// @dev That the keys are their parties' is the caller's to know (P1-10).
library MultiSignature {
    /// @param name of the party: 1 to 64 bytes of ASCII
    /// @param key y: a point of G2, 256 bytes
    struct Signer {
        string name;
        bytes key;
    }

    uint256 internal constant MOST_SIGNERS = 8;

    bytes private constant SIGNATURE = "CHARGEPILE-V1-SIG-BLS12381G1_XMD:SHA-256_SSWU_RO_";
    bytes private constant COEFFICIENT = "CHARGEPILE-V1-ID-BLS12381G1_XMD:SHA-256_SSWU_RO_";
    bytes private constant SIGNERS = "CHARGEPILE-V1-SIGNERS-BLS12381G1_XMD:SHA-256_SSWU_RO_";

    error BadSignerCount(uint256 count);
    error BadName(string name);
    /// @dev A set has one form: sorted by name, no party and no key twice.
    error NotSorted(string name);
    error KeyTwice(string name);

    /// @notice The signers' keys in their compressed form of 96 bytes, which is hashed.
    function compressed(Signer[] memory signers) internal pure returns (bytes[] memory keys) {
        keys = new bytes[](signers.length);
        for (uint256 i = 0; i < signers.length; i++) keys[i] = Bls12381.compressG2(signers[i].key);
    }

    /// @notice H(L).
    /// @param keys {compressed} of the same signers
    function setHash(Signer[] memory signers, bytes[] memory keys) internal pure returns (bytes32) {
        _checkSet(signers, keys);
        bytes memory set = abi.encodePacked(_text(SIGNERS), uint16(signers.length));
        for (uint256 i = 0; i < signers.length; i++) {
            set = bytes.concat(set, _text(bytes(signers[i].name)), keys[i]);
        }
        return sha256(set);
    }

    /// @notice ι, which stands where the paper has the number ID.
    function coefficient(string memory name, bytes memory key, bytes32 set) internal pure returns (uint256 iota) {
        bytes memory input = bytes.concat(_text(COEFFICIENT), _text(bytes(name)), key, set);
        while (iota == 0) {
            (bytes32 high, bytes32 low) = Sha512.hash(input);
            iota = _modOrder(uint256(high), uint256(low));
            if (iota == 0) input = bytes.concat(high, low); // never seen
        }
    }

    /// @notice Whether all of the set have signed the message.
    /// @param keys {compressed} of the same signers
    /// @param signature S: a point of G1, 128 bytes
    function verify(
        Signer[] memory signers,
        bytes[] memory keys,
        bytes memory message,
        bytes memory signature
    ) internal view returns (bool) {
        Bls12381.checkLength(signature, Bls12381.G1_BYTES);
        bytes32 set = setHash(signers, keys);
        bytes memory terms;
        for (uint256 i = 0; i < signers.length; i++) {
            uint256 iota = coefficient(signers[i].name, keys[i], set);
            terms = abi.encodePacked(terms, signers[i].key, iota);
        }
        bytes memory sum = Bls12381.sumG2(terms);
        bytes memory h = Bls12381.hashToG1(bytes.concat(set, message), SIGNATURE);
        return Bls12381.verify(signature, h, sum);
    }

    function _checkSet(Signer[] memory signers, bytes[] memory keys) private pure {
        if (signers.length == 0 || signers.length > MOST_SIGNERS) revert BadSignerCount(signers.length);
        for (uint256 i = 0; i < signers.length; i++) {
            uint256 length = bytes(signers[i].name).length;
            if (length == 0 || length > 64) revert BadName(signers[i].name);
            if (i > 0 && !_precedes(bytes(signers[i - 1].name), bytes(signers[i].name))) {
                revert NotSorted(signers[i].name);
            }
            for (uint256 j = 0; j < i; j++) {
                if (keccak256(keys[j]) == keccak256(keys[i])) revert KeyTwice(signers[i].name);
            }
        }
    }

    /// @dev Text after a byte that has its length.
    function _text(bytes memory value) private pure returns (bytes memory) {
        return bytes.concat(bytes1(uint8(value.length)), value);
    }

    /// @dev 64 bytes as a number modulo q.
    function _modOrder(uint256 high, uint256 low) private pure returns (uint256) {
        uint256 q = Bls12381.ORDER;
        uint256 twoTo256 = addmod(type(uint256).max, 1, q);
        return addmod(mulmod(high, twoTo256, q), low, q);
    }

    function _precedes(bytes memory a, bytes memory b) private pure returns (bool) {
        uint256 shorter = a.length < b.length ? a.length : b.length;
        for (uint256 i = 0; i < shorter; i++) {
            if (a[i] != b[i]) return a[i] < b[i];
        }
        return a.length < b.length;
    }
}
