// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Registry} from "../../main/solidity/Registry.sol";
import {SettlementLog} from "../../main/solidity/SettlementLog.sol";
import {IRegistry} from "../../main/solidity/interfaces/IRegistry.sol";
import {Certificates} from "../../main/solidity/registry/Certificates.sol";
import {RegistryFixture} from "./RegistryFixture.sol";
import {Vector} from "./Vector.sol";

/// What the Java program signs as EIP-712 data is what the contracts ask for, at the addresses it names.
contract ChainFormsTest is RegistryFixture, Vector {
    SettlementLog private log;

    function setUp() public override {
        load();
        super.setUp();
        kgc = addressOf("kgc");
        address there = addressOf("registry");
        registry = new Registry(terms());
        vm.etch(there, address(registry).code);
        registry = Registry(there);
        log = new SettlementLog(registry, 1 days);
        vm.etch(addressOf("log"), address(log).code);
        log = SettlementLog(addressOf("log"));
    }

    function test_digestsAreThoseOfJava() public view {
        assertEq(registry.certificateDigest(pileOfJava()), bytes32Of("certificateDigest"), "certificate");
        assertEq(registry.possessionDigest(pileOfJava()), bytes32Of("possessionDigest"), "possession");
        assertEq(log.settlementDigest(settlement()), bytes32Of("settlementDigest"), "settlement");
        assertEq(complaint(), bytes32Of("complaintDigest"), "complaint");
    }

    /// Centre and account have signed as the contract asks: all that is missing is the company.
    function test_signaturesOfJavaHold() public {
        Certificates.Certificate memory c = pileOfJava();
        c.company = 0;
        bytes memory possession = bytesOf("possessionSignature");
        bytes memory signature = bytesOf("certificateSignature");
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(Certificates.NotSignedBy.selector, kgc));
        registry.register(c, signature, possession);
        c.company = COMPANY;
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(Registry.NotTheCompany.selector, stranger));
        registry.register(c, signature, possession);
    }

    function test_settlementAndComplaintAreSignedByTheAccount() public view {
        assertEq(signer(log.settlementDigest(settlement()), "settlementSignature"), addressOf("account"), "settlement");
        assertEq(signer(complaint(), "complaintSignature"), addressOf("account"), "complaint");
    }

    function signer(bytes32 digest, string memory name) private view returns (address) {
        bytes memory signature = bytesOf(name);
        (bytes32 r, bytes32 s, uint8 v) = (bytes32(0), bytes32(0), uint8(signature[64]));
        assembly ("memory-safe") {
            r := mload(add(signature, 32))
            s := mload(add(signature, 64))
        }
        return ecrecover(digest, v, r, s);
    }

    /// Of the seller, about the buyer.
    function complaint() private view returns (bytes32) {
        return registry.complaintDigest(
            settlement().buyer, uint128(uintOf("amount")), settlement().seller, bytes32Of("evidence")
        );
    }

    function pileOfJava() private view returns (Certificates.Certificate memory c) {
        c.id = PILE;
        c.role = IRegistry.Role.PILE;
        c.company = COMPANY;
        c.account = addressOf("account");
        c.identityKey = bytesOf("seller_y");
        c.nodeKey = bytesOf("nodeKey");
        c.meterKey = bytesOf("meterKey");
        c.ratedPowerW = uint64(uintOf("ratedPowerW"));
        c.keyVersion = uint16(uintOf("keyVersion"));
        c.notBefore = uint64(uintOf("notBefore"));
        c.notAfter = uint64(uintOf("notAfter"));
    }
}
