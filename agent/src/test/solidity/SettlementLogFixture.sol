// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {SettlementLog} from "../../main/solidity/SettlementLog.sol";
import {MultiSignature} from "../../main/solidity/bls/MultiSignature.sol";
import {IRegistry} from "../../main/solidity/interfaces/IRegistry.sol";
import {Certificates} from "../../main/solidity/registry/Certificates.sol";
import {Settlements} from "../../main/solidity/settlement/Settlements.sol";
import {RegistryFixture} from "./RegistryFixture.sol";
import {Vector} from "./Vector.sol";

/// A settlement that Java signed, its parties registered with the keys it was signed with, and a log.
abstract contract SettlementLogFixture is RegistryFixture, Vector {
    uint64 internal constant WINDOW = 1 days;

    SettlementLog internal log;
    Settlements.Settlement internal s;
    MultiSignature.Signer[] internal signers;

    function setUp() public virtual override {
        load();
        super.setUp();
        log = new SettlementLog(registry, WINDOW);
        s = settlement();
        registerCompany();
        Certificates.Certificate memory p = pileCertificate(22_000);
        p.identityKey = bytesOf("seller_y");
        registerPile(p);
        Certificates.Certificate memory d = certificate(DRIVER, IRegistry.Role.USER, driver);
        d.identityKey = bytesOf("buyer_y");
        bytes memory signature = certified(d);
        vm.prank(driver);
        registry.register(d, signature, "");
        signers.push(MultiSignature.Signer("alice", bytesOf("buyer_point")));
        signers.push(MultiSignature.Signer("pile-1", bytesOf("seller_point")));
        vm.warp(s.settledAt + 60);
    }

    function bySeller(Settlements.Settlement memory of_) internal view returns (bytes memory) {
        return sign(pileKey, log.settlementDigest(of_));
    }

    function byBuyer(Settlements.Settlement memory of_) internal view returns (bytes memory) {
        return sign(driverKey, log.settlementDigest(of_));
    }
}
