// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Settlements} from "../../main/solidity/settlement/Settlements.sol";
import {Test} from "./foundry/Test.sol";

/// A settlement as the Java program encoded and signed it: `OnChainSettlementTest` holds the file to that.
abstract contract Vector is Test {
    string private json;

    function load() internal {
        json = vm.readFile("src/test/resources/chargepile/agent/identity/onchain.json");
        vm.chainId(uintOf("chainId"));
    }

    function settlement() internal view returns (Settlements.Settlement memory) {
        Settlements.Side memory side =
            Settlements.Side(uint64(uintOf("energyMwh")), uint64(uintOf("pricePerKwh")), uint64(uintOf("amount")));
        return Settlements.Settlement({
            channelContract: addressOf("channelContract"),
            channelId: bytes32Of("channelId"),
            session: bytes16(bytesOf("session")),
            cycle: uint64(uintOf("cycle")),
            matchId: bytes32Of("matchId"),
            seller: keccak256(bytes(vm.parseJsonString(json, ".seller"))),
            buyer: keccak256(bytes(vm.parseJsonString(json, ".buyer"))),
            sold: side,
            bought: side,
            meterStart: uint64(uintOf("meterStart")),
            meterEnd: uint64(uintOf("meterEnd")),
            meterRoot: bytes32Of("meterRoot"),
            finalSeq: uint64(uintOf("finalSeq")),
            settledAt: uint64(uintOf("settledAt")),
            expiry: uint64(uintOf("expiry"))
        });
    }

    function addressOf(string memory name) internal view returns (address) {
        return vm.parseJsonAddress(json, string.concat(".", name));
    }

    function bytesOf(string memory name) internal view returns (bytes memory) {
        return vm.parseJsonBytes(json, string.concat(".", name));
    }

    function bytes32Of(string memory name) internal view returns (bytes32) {
        return vm.parseJsonBytes32(json, string.concat(".", name));
    }

    function uintOf(string memory name) internal view returns (uint256) {
        return vm.parseJsonUint(json, string.concat(".", name));
    }
}
