// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Certificates} from "../../main/solidity/registry/Certificates.sol";
import {RegistryFixture} from "./RegistryFixture.sol";
import {SettlementLogFixture} from "./SettlementLogFixture.sol";

/// What each step costs as a transaction of its own, with OpenZeppelin's ERC-20; kept in snapshots/Registry.json.
/// forge-config: default.isolate = true
contract RegistryGasTest is RegistryFixture {
    function setUp() public override {
        super.setUp();
        money.mint(address(registry), 1);
        registerCompany();
    }

    function test_aPilesLife() public {
        registerPile(pileCertificate(22_000));
        vm.snapshotGasLastCall("Registry", "register a pile with its bond");
        Certificates.Certificate memory c = pileCertificate(60_000);
        c.keyVersion = 2;
        registerPile(c);
        vm.snapshotGasLastCall("Registry", "raise its power with a top-up");
        vm.prank(market);
        registry.raiseObligation(PILE);
        vm.snapshotGasLastCall("Registry", "raise an obligation");
        vm.prank(market);
        registry.lowerObligation(PILE);
        vm.snapshotGasLastCall("Registry", "lower an obligation");
        vm.prank(company);
        registry.deregister(PILE);
        vm.snapshotGasLastCall("Registry", "deregister");
        vm.warp(NOW + CHALLENGE);
        registry.release(PILE);
        vm.snapshotGasLastCall("Registry", "release the bond");
    }

    function test_aDriver() public {
        registerDriver();
        vm.snapshotGasLastCall("Registry", "register a driver");
        bytes memory signature = sign(kgcKey, registry.revocationDigest(DRIVER, 1));
        registry.revoke(DRIVER, 1, signature);
        vm.snapshotGasLastCall("Registry", "revoke by signature");
    }

    function test_aVerdict() public {
        registerDriver();
        registerPile(pileCertificate(22_000));
        bytes memory signature = complained(100e6, keccak256("evidence"));
        vm.prank(agency);
        registry.accuse(PILE, 100e6, DRIVER, keccak256("evidence"), signature);
        vm.snapshotGasLastCall("Registry", "accuse");
        vm.warp(NOW + APPEAL);
        registry.conclude(PILE);
        vm.snapshotGasLastCall("Registry", "conclude, with a payment");
    }
}

/// The same of a settlement; kept in snapshots/SettlementLog.json.
/// forge-config: default.isolate = true
contract SettlementLogGasTest is SettlementLogFixture {
    function test_both() public {
        log.present(s, bySeller(s), byBuyer(s));
        vm.snapshotGasLastCall("SettlementLog", "present a certificate of both");
        bytes memory signature = bytesOf("S2");
        log.attest(s, signers, signature);
        vm.snapshotGasLastCall("SettlementLog", "attest a certificate of two by EIP-2537");
    }

    function test_one() public {
        log.present(s, bySeller(s), "");
        vm.snapshotGasLastCall("SettlementLog", "present a claim");
        log.present(s, "", byBuyer(s));
        vm.snapshotGasLastCall("SettlementLog", "agree to a claim");
    }
}
