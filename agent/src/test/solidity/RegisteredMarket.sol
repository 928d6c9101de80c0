// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Registry} from "../../main/solidity/Registry.sol";
import {IRegistry} from "../../main/solidity/interfaces/IRegistry.sol";
import {Certificates} from "../../main/solidity/registry/Certificates.sol";
import {QuoteFixture} from "./QuoteFixture.sol";
import {Money} from "./tokens/Money.sol";

/// The market on the registry itself, which names the order book as an obligor before that exists.
abstract contract RegisteredMarket is QuoteFixture {
    uint64 internal constant CHALLENGE = 1 days;
    uint256 private constant BOND = 180;

    Registry internal registered;
    uint256 internal kgcKey;
    address internal kgc;

    function register(address foreseen) internal override {
        (kgcKey, kgc) = keyOf("kgc");
        address[] memory obligors = new address[](1);
        obligors[0] = foreseen;
        registered = new Registry(
            Registry.Terms({
                token: token,
                kgc: kgc,
                kgcParameters: "parameters",
                agency: agency,
                court: accountOf("court"),
                minBond: 100,
                bondPerKw: 18,
                longestChallenge: CHALLENGE,
                appealWindow: 3 days,
                rulingWindow: 7 days,
                obligors: obligors
            })
        );
        certify(seller, seller, IRegistry.Role.PILE, 1);
        certify(otherSeller, otherSeller, IRegistry.Role.PILE, 1);
        certify(buyer, buyer, IRegistry.Role.PILE, 1);
        certify(otherBuyer, otherBuyer, IRegistry.Role.USER, 1);
    }

    function registry() internal view override returns (IRegistry) {
        return registered;
    }

    /// Registers a party under the id that the fixture gives its first account, and pays its bond.
    function certify(address first, address account, IRegistry.Role role, uint16 version) internal {
        Money(address(token)).mint(account, BOND);
        vm.prank(account);
        token.approve(address(registered), BOND);
        Certificates.Certificate memory c = certificate(first, account, role, version);
        bytes memory signature = sign(kgcKey, registered.certificateDigest(c));
        vm.prank(account);
        registered.register(c, signature, "");
    }

    /// A pile's next account, as its first one wants it.
    function moveTo(address first, string memory name) internal returns (address account) {
        uint256 key;
        (key, account) = keyOf(name);
        Certificates.Certificate memory c = certificate(first, account, IRegistry.Role.PILE, 2);
        bytes memory signature = sign(kgcKey, registered.certificateDigest(c));
        bytes memory possession = sign(key, registered.possessionDigest(c));
        vm.prank(first);
        registered.register(c, signature, possession);
    }

    function certificate(address first, address account, IRegistry.Role role, uint16 version)
        private
        view
        returns (Certificates.Certificate memory c)
    {
        (c.id, c.role, c.account, c.keyVersion) = (pileOf(first), role, account, version);
        c.identityKey = new bytes(96);
        c.nodeKey = compressed();
        if (role == IRegistry.Role.PILE) (c.meterKey, c.ratedPowerW) = (compressed(), 10_000);
        (c.notBefore, c.notAfter) = (uint64(block.timestamp), uint64(block.timestamp) + 365 days);
    }

    function compressed() private view returns (bytes memory) {
        (uint256 x, uint256 y) = abi.decode(meterPublicKey, (uint256, uint256));
        return abi.encodePacked(uint8(2 + (y & 1)), x);
    }
}
