// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Bls12381} from "../../main/solidity/bls/Bls12381.sol";
import {MultiSignature} from "../../main/solidity/bls/MultiSignature.sol";
import {Sha512} from "../../main/solidity/bls/Sha512.sol";
import {Test} from "./foundry/Test.sol";
import {Vector} from "./Vector.sol";

/// A caller between test and library, so that a refusal can be expected.
contract Verifier {
    function verify(MultiSignature.Signer[] memory signers, bytes memory message, bytes memory signature)
        external
        view
        returns (bool)
    {
        return MultiSignature.verify(signers, MultiSignature.compressed(signers), message, signature);
    }

    function setHash(MultiSignature.Signer[] memory signers) external pure returns (bytes32) {
        return MultiSignature.setHash(signers, MultiSignature.compressed(signers));
    }

    function coefficient(string memory name, bytes memory key, bytes32 set) external pure returns (uint256) {
        return MultiSignature.coefficient(name, key, set);
    }

    function hashToG1(bytes memory message, bytes memory domain) external view returns (bytes memory) {
        return Bls12381.hashToG1(message, domain);
    }

    function compressG2(bytes memory point) external pure returns (bytes memory) {
        return Bls12381.compressG2(point);
    }

    function sha512(bytes memory message) external pure returns (bytes32, bytes32) {
        return Sha512.hash(message);
    }
}

/// The multi-signature on chain, on what the Java program signed (P1-15, P1-19; EIP-2537).
contract MultiSignatureTest is Test, Vector {
    bytes private constant RFC_DOMAIN = "QUUX-V01-CS02-with-BLS12381G1_XMD:SHA-256_SSWU_RO_";

    Verifier private verifier;
    MultiSignature.Signer[] private signers;
    bytes private m;
    bytes private s2;

    function setUp() public {
        verifier = new Verifier();
        load();
        signers.push(MultiSignature.Signer("alice", bytesOf("buyer_point")));
        signers.push(MultiSignature.Signer("pile-1", bytesOf("seller_point")));
        m = bytesOf("m");
        s2 = bytesOf("S2");
    }

    function test_whatJavaSignedHolds() public view {
        assertTrue(verifier.verify(signers, m, s2), "both signed");
    }

    function test_eachStepIsThatOfJava() public view {
        assertEq(keccak256(verifier.compressG2(signers[0].key)), keccak256(bytesOf("buyer_y")), "y of alice");
        assertEq(keccak256(verifier.compressG2(signers[1].key)), keccak256(bytesOf("seller_y")), "y of pile-1");
        bytes32 set = verifier.setHash(signers);
        assertEq(set, bytes32Of("L"), "H(L)");
        assertEq(bytes32(verifier.coefficient("alice", bytesOf("buyer_y"), set)), bytes32Of("buyer_iota"), "iota");
        assertEq(bytes32(verifier.coefficient("pile-1", bytesOf("seller_y"), set)), bytes32Of("seller_iota"), "iota");
    }

    function test_theFirstSignatureAloneIsNotThatOfBoth() public view {
        assertFalse(verifier.verify(signers, m, bytesOf("S1")), "only alice");
    }

    function testFuzz_noOtherMessage(uint256 position, uint8 change) public view {
        vm.assume(change != 0);
        bytes memory other = bytes.concat(m);
        uint256 index = bound(position, 0, other.length - 1);
        other[index] = bytes1(uint8(other[index]) ^ change);
        assertFalse(verifier.verify(signers, other, s2), "another message");
    }

    function test_noOtherSignerOfThatKey() public {
        signers[0].name = "alicf";
        assertFalse(verifier.verify(signers, m, s2), "another name");
    }

    function test_keysSwappedSignNothing() public {
        bytes memory alices = signers[0].key;
        signers[0].key = signers[1].key;
        signers[1].key = alices;
        assertFalse(verifier.verify(signers, m, s2), "swapped");
    }

    function test_theIdentityIsNobodysSignature() public view {
        assertFalse(verifier.verify(signers, m, new bytes(128)), "S = O");
    }

    function test_aSetHasOneForm() public {
        MultiSignature.Signer memory alice = signers[0];
        signers[0] = signers[1];
        signers[1] = alice;
        vm.expectRevert(abi.encodeWithSelector(MultiSignature.NotSorted.selector, "alice"));
        verifier.verify(signers, m, s2);
        signers[0] = signers[1];
        vm.expectRevert(abi.encodeWithSelector(MultiSignature.NotSorted.selector, "alice"));
        verifier.verify(signers, m, s2);
        signers[1].name = "alice2";
        vm.expectRevert(abi.encodeWithSelector(MultiSignature.KeyTwice.selector, "alice2"));
        verifier.verify(signers, m, s2);
        signers.pop();
        signers.pop();
        vm.expectRevert(abi.encodeWithSelector(MultiSignature.BadSignerCount.selector, 0));
        verifier.verify(signers, m, s2);
    }

    function test_aPointOffTheCurveIsRefused() public {
        bytes memory off = bytes.concat(s2);
        off[127] = bytes1(uint8(off[127]) ^ 1);
        vm.expectRevert(abi.encodeWithSelector(Bls12381.BadPoint.selector, address(0x0f)));
        verifier.verify(signers, m, off);
        signers[0].key[255] = bytes1(uint8(signers[0].key[255]) ^ 1);
        vm.expectRevert(abi.encodeWithSelector(Bls12381.BadPoint.selector, address(0x0e)));
        verifier.verify(signers, m, s2);
    }

    function test_aPointOfAnotherLengthIsRefused() public {
        vm.expectRevert(abi.encodeWithSelector(Bls12381.BadLength.selector, 127, 128));
        verifier.verify(signers, m, new bytes(127));
        signers[0].key.pop();
        vm.expectRevert(abi.encodeWithSelector(Bls12381.BadLength.selector, 255, 256));
        verifier.verify(signers, m, s2);
    }

    /// On a chain without EIP-2537 the addresses are empty accounts: calls succeed and answer nothing.
    function test_whereNoPrecompileAnswersNothingHolds() public {
        for (uint160 i = 0; i < 4; i++) {
            address precompile = [address(0x0e), address(0x10), address(0x0b), address(0x0f)][i];
            vm.mockCall(precompile, "", "");
            vm.expectRevert(abi.encodeWithSelector(Bls12381.PrecompileAbsent.selector, precompile));
            verifier.verify(signers, m, s2);
            vm.clearMockedCalls();
        }
    }

    function test_hashesToTheCurveAsRfc9380() public view {
        // RFC 9380, J.9.1
        assertPoint(
            verifier.hashToG1("", RFC_DOMAIN),
            hex"052926add2207b76ca4fa57a8734416c8dc95e24501772c814278700eed6d1e4e8cf62d9c09db0fac349612b759e79a1",
            hex"08ba738453bfed09cb546dbb0783dbb3a5f1f566ed67bb6be0e8c67e2e81a4cc68ee29813bb7994998f3eae0c9c6a265"
        );
        assertPoint(
            verifier.hashToG1("abc", RFC_DOMAIN),
            hex"03567bc5ef9c690c2ab2ecdf6a96ef1c139cc0b2f284dca0a9a7943388a49a3aee664ba5379a7655d3c68900be2f6903",
            hex"0b9c15f3fe6e5cf4211f346271d7b01c8f3b28be689c8429c85b67af215533311f0b8dfaaa154fa6b88176c229f2885d"
        );
    }

    function test_sha512AsFips180() public view {
        assertHash(
            "abc",
            hex"ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
            hex"2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"
        );
        assertHash(
            "",
            hex"cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce"
            hex"47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e"
        );
        assertHash(
            "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
            hex"8e959b75dae313da8cf4f72814fc143f8f7779c6eb9f7fa17299aeadb6889018"
            hex"501d289e4900f7e4331b99dec4b5433ac7d329eeb6dd26545e96e55b874be909"
        );
    }

    function assertHash(bytes memory message, bytes memory expected) private view {
        (bytes32 high, bytes32 low) = verifier.sha512(message);
        assertEq(keccak256(bytes.concat(high, low)), keccak256(expected), "SHA-512");
    }

    function assertPoint(bytes memory point, bytes memory x, bytes memory y) private pure {
        bytes16 zeros;
        assertEq(keccak256(point), keccak256(bytes.concat(zeros, x, zeros, y)), "point");
    }
}
