// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice SHA-512 (FIPS 180-4), for which the EVM has no precompile: some 28,000 gas for 128 bytes.
library Sha512 {
    bytes private constant ROUND_CONSTANTS =
        hex"428a2f98d728ae227137449123ef65cdb5c0fbcfec4d3b2fe9b5dba58189dbbc"
        hex"3956c25bf348b53859f111f1b605d019923f82a4af194f9bab1c5ed5da6d8118"
        hex"d807aa98a303024212835b0145706fbe243185be4ee4b28c550c7dc3d5ffb4e2"
        hex"72be5d74f27b896f80deb1fe3b1696b19bdc06a725c71235c19bf174cf692694"
        hex"e49b69c19ef14ad2efbe4786384f25e30fc19dc68b8cd5b5240ca1cc77ac9c65"
        hex"2de92c6f592b02754a7484aa6ea6e4835cb0a9dcbd41fbd476f988da831153b5"
        hex"983e5152ee66dfaba831c66d2db43210b00327c898fb213fbf597fc7beef0ee4"
        hex"c6e00bf33da88fc2d5a79147930aa72506ca6351e003826f142929670a0e6e70"
        hex"27b70a8546d22ffc2e1b21385c26c9264d2c6dfc5ac42aed53380d139d95b3df"
        hex"650a73548baf63de766a0abb3c77b2a881c2c92e47edaee692722c851482353b"
        hex"a2bfe8a14cf10364a81a664bbc423001c24b8b70d0f89791c76c51a30654be30"
        hex"d192e819d6ef5218d69906245565a910f40e35855771202a106aa07032bbd1b8"
        hex"19a4c116b8d2d0c81e376c085141ab532748774cdf8eeb9934b0bcb5e19b48a8"
        hex"391c0cb3c5c95a634ed8aa4ae3418acb5b9cca4f7763e373682e6ff3d6b2b8a3"
        hex"748f82ee5defb2fc78a5636f43172f6084c87814a1f0ab728cc702081a6439ec"
        hex"90befffa23631e28a4506cebde82bde9bef9a3f7b2c67915c67178f2e372532b"
        hex"ca273eceea26619cd186b8c721c0c207eada7dd6cde0eb1ef57d4f7fee6ed178"
        hex"06f067aa72176fba0a637dc5a2c898a6113f9804bef90dae1b710b35131c471b"
        hex"28db77f523047d8432caab7b40c724933c9ebe0a15c9bebc431d67c49c100d4c"
        hex"4cc5d4becb3e42b6597f299cfc657e2a5fcb6fab3ad6faec6c44198c4a475817";
    bytes private constant INITIAL =
        hex"6a09e667f3bcc908bb67ae8584caa73b3c6ef372fe94f82ba54ff53a5f1d36f1"
        hex"510e527fade682d19b05688c2b3e6c1f1f83d9abfb41bd6b5be0cd19137e2179";

    /// @return high the first 32 of the 64 bytes
    /// @return low the last 32
    function hash(bytes memory message) internal pure returns (bytes32 high, bytes32 low) {
        uint256 padding = 128 - ((message.length + 17) % 128);
        bytes memory padded = abi.encodePacked(message, hex"80", new bytes(padding % 128), uint128(message.length * 8));
        bytes memory k = ROUND_CONSTANTS;
        uint256[8] memory state;
        bytes memory initial = INITIAL;
        for (uint256 i = 0; i < 8; i++) {
            uint256 word;
            assembly ("memory-safe") {
                word := shr(192, mload(add(add(initial, 32), mul(i, 8))))
            }
            state[i] = word;
        }
        uint256[80] memory schedule;
        for (uint256 offset = 0; offset < padded.length; offset += 128) {
            _expand(padded, offset, k, schedule);
            _compress(schedule, state);
        }
        high = bytes32((state[0] << 192) | (state[1] << 128) | (state[2] << 64) | state[3]);
        low = bytes32((state[4] << 192) | (state[5] << 128) | (state[6] << 64) | state[7]);
    }

    /// @dev Leaves W_t + K_t in the schedule: the sum is all that the rounds need.
    function _expand(
        bytes memory padded,
        uint256 offset,
        bytes memory k,
        uint256[80] memory schedule
    ) private pure {
        assembly ("memory-safe") {
            let source := add(add(padded, 32), offset)
            for { let i := 0 } lt(i, 16) { i := add(i, 1) } {
                mstore(add(schedule, shl(5, i)), shr(192, mload(add(source, shl(3, i)))))
            }
            // A rotation of 64 bits is a shift of the word written twice.
            for { let p := add(schedule, 512) } lt(p, add(schedule, 2560)) { p := add(p, 32) } {
                let x := mload(sub(p, 480))
                let two := or(shl(64, x), x)
                let sum := xor(xor(shr(1, two), shr(8, two)), shr(7, x))
                x := mload(sub(p, 64))
                two := or(shl(64, x), x)
                sum := add(and(sum, 0xffffffffffffffff), and(xor(xor(shr(19, two), shr(61, two)), shr(6, x)), 0xffffffffffffffff))
                sum := add(sum, add(mload(sub(p, 512)), mload(sub(p, 224))))
                mstore(p, and(sum, 0xffffffffffffffff))
            }
            k := add(k, 32)
            for { let p := schedule } lt(p, add(schedule, 2560)) { p := add(p, 32) } {
                mstore(p, add(mload(p), shr(192, mload(k))))
                k := add(k, 8)
            }
        }
    }

    function _compress(uint256[80] memory schedule, uint256[8] memory state) private pure {
        assembly ("memory-safe") {
            let a := mload(state)
            let b := mload(add(state, 32))
            let c := mload(add(state, 64))
            let d := mload(add(state, 96))
            let e := mload(add(state, 128))
            let f := mload(add(state, 160))
            let g := mload(add(state, 192))
            let h := mload(add(state, 224))
            let end := add(schedule, 2560)
            for { } lt(schedule, end) { schedule := add(schedule, 32) } {
                let t := or(shl(64, e), e)
                h := add(h, and(xor(xor(shr(14, t), shr(18, t)), shr(41, t)), 0xffffffffffffffff))
                h := add(add(h, xor(g, and(e, xor(f, g)))), mload(schedule))
                t := or(shl(64, a), a)
                t := and(xor(xor(shr(28, t), shr(34, t)), shr(39, t)), 0xffffffffffffffff)
                t := add(add(t, h), or(and(a, or(b, c)), and(b, c)))
                d := and(add(d, h), 0xffffffffffffffff)
                h := g
                g := f
                f := e
                e := d
                d := c
                c := b
                b := a
                a := and(t, 0xffffffffffffffff)
            }
            mstore(state, and(add(mload(state), a), 0xffffffffffffffff))
            mstore(add(state, 32), and(add(mload(add(state, 32)), b), 0xffffffffffffffff))
            mstore(add(state, 64), and(add(mload(add(state, 64)), c), 0xffffffffffffffff))
            mstore(add(state, 96), and(add(mload(add(state, 96)), d), 0xffffffffffffffff))
            mstore(add(state, 128), and(add(mload(add(state, 128)), e), 0xffffffffffffffff))
            mstore(add(state, 160), and(add(mload(add(state, 160)), f), 0xffffffffffffffff))
            mstore(add(state, 192), and(add(mload(add(state, 192)), g), 0xffffffffffffffff))
            mstore(add(state, 224), and(add(mload(add(state, 224)), h), 0xffffffffffffffff))
        }
    }
}
