// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Registry} from "../../main/solidity/Registry.sol";
import {IRegistry} from "../../main/solidity/interfaces/IRegistry.sol";
import {Payouts} from "../../main/solidity/payments/Payouts.sol";
import {BondRule} from "../../main/solidity/registry/BondRule.sol";
import {Certificates} from "../../main/solidity/registry/Certificates.sol";
import {Verdicts} from "../../main/solidity/registry/Verdicts.sol";
import {RegistryFixture} from "./RegistryFixture.sol";

/// Coming in, changing, owing and leaving (P1-05, P1-10 to P1-12).
contract RegistryTest is RegistryFixture {
    function test_bondsOfTheTable() public view {
        assertEq(registry.bondFor(7_000), 126e6, "7 kW");
        assertEq(registry.bondFor(22_000), 396e6, "22 kW");
        assertEq(registry.bondFor(60_000), 1_080e6, "60 kW");
        assertEq(registry.bondFor(350_000), 6_300e6, "350 kW");
        assertEq(registry.bondFor(5_555), MIN_BOND, "below the minimum");
        assertEq(registry.bondFor(5_556), 100_008_000, "above the minimum");
    }

    /// What `market.BondRule` says, in its own words; up, to the unit.
    function testFuzz_bondIsTheLargerOfMinimumAndPower(uint64 watts) public view {
        uint256 power = bound(watts, 1, 10_000_000);
        uint256 exact = power * BOND_PER_KW;
        uint256 byPower = exact / 1000 + (exact % 1000 == 0 ? 0 : 1);
        assertEq(registry.bondFor(uint64(power)), byPower > MIN_BOND ? byPower : MIN_BOND, "bond");
    }

    function test_aFractionOfAUnitIsAUnit() public {
        Registry.Terms memory odd = terms();
        (odd.minBond, odd.bondPerKw) = (0, 1);
        assertEq(new Registry(odd).bondFor(1), 1, "1 W at 1 for a kW");
    }

    function test_aBondBeyondTheRangeOfALongIsRefused() public {
        vm.expectPartialRevert(BondRule.BondOutOfRange.selector);
        registry.bondFor(type(uint64).max);
        vm.expectRevert(BondRule.NoPower.selector);
        registry.bondFor(0);
    }

    function test_aCompanyRegistersItsPileAndLocksItsBond() public {
        registerCompany();
        uint256 before = money.balanceOf(company);
        registerPile(pileCertificate(22_000));
        assertEq(before - money.balanceOf(company), 396e6, "taken from the company");
        IRegistry.Party memory p = registry.party(PILE);
        assertEq(p.bond, 396e6, "bond");
        assertEq(p.account, pile, "the pile's own account");
        assertEq(p.owner, company, "the company's bond");
        assertEq(p.company, COMPANY, "registrar");
        assertTrue(registry.isActive(PILE), "active");
        (bytes32 id, IRegistry.Role role, uint64 power) = registry.activeParty(pile);
        assertEq(id, PILE, "id");
        assertEq(uint256(role), uint256(IRegistry.Role.PILE), "role");
        assertEq(power, 22_000, "power");
    }

    function test_aDriverNeedsNoBond() public {
        registerDriver();
        assertTrue(registry.isActive(DRIVER), "active");
        assertEq(bondOf(DRIVER), 0, "bond");
    }

    function test_whoHasGasMaySendWhatTheAccountSigned() public {
        Certificates.Certificate memory c = certificate(DRIVER, IRegistry.Role.USER, driver);
        bytes memory signature = certified(c);
        bytes memory possession = possessed(driverKey, c);
        vm.prank(stranger);
        registry.register(c, signature, possession);
        assertEq(registry.party(DRIVER).owner, driver, "the account's own");
    }

    function test_onlyTheCompanyRegistersItsPile() public {
        registerCompany();
        Certificates.Certificate memory c = pileCertificate(22_000);
        refused(pile, c, abi.encodeWithSelector(Registry.NotTheCompany.selector, pile));
        c.company = DRIVER;
        registerDriver();
        refused(driver, c, abi.encodeWithSelector(Registry.NotTheCompany.selector, driver));
    }

    /// P1-12: what the company signs is not signed by its pile.
    function test_theCompanyCannotShowItsPilesKey() public {
        registerCompany();
        Certificates.Certificate memory c = pileCertificate(22_000);
        bytes memory signature = certified(c);
        bytes memory possession = possessed(companyKey, c);
        vm.prank(company);
        vm.expectRevert(abi.encodeWithSelector(Certificates.NotSignedBy.selector, pile));
        registry.register(c, signature, possession);
    }

    function test_aProofForAnotherRequestProvesNothing() public {
        Certificates.Certificate memory c = certificate(DRIVER, IRegistry.Role.USER, driver);
        bytes memory signature = certified(c);
        for (uint256 i = 0; i < 4; i++) {
            Certificates.Certificate memory other = certificate(DRIVER, IRegistry.Role.USER, driver);
            if (i == 0) other.id = PILE;
            if (i == 1) other.role = IRegistry.Role.HUB;
            if (i == 2) other.nodeKey = pileCertificate(1).nodeKey;
            if (i == 3) other.ratedPowerW = 1;
            bytes memory possession = possessed(driverKey, other);
            vm.expectRevert(abi.encodeWithSelector(Certificates.NotSignedBy.selector, driver));
            registry.register(c, signature, possession);
        }
        vm.expectRevert(abi.encodeWithSelector(Certificates.NotSignedBy.selector, driver));
        registry.register(c, signature, "");
    }

    function test_aCertificateHoldsInItsTimeOnly() public {
        Certificates.Certificate memory c = certificate(DRIVER, IRegistry.Role.USER, driver);
        vm.warp(c.notBefore - 1);
        refused(driver, c, abi.encodeWithSelector(Certificates.NotYetValid.selector, c.notBefore));
        vm.warp(c.notAfter);
        refused(driver, c, abi.encodeWithSelector(Certificates.Expired.selector, c.notAfter));
        vm.warp(c.notAfter - 1);
        accepted(driver, c);
        assertTrue(registry.isActive(DRIVER), "its last second");
        vm.warp(c.notAfter);
        assertFalse(registry.isActive(DRIVER), "over");
    }

    function test_aCertificateForAnotherChainOrContractIsRefused() public {
        Certificates.Certificate memory c = certificate(DRIVER, IRegistry.Role.USER, driver);
        vm.chainId(5);
        bytes memory foreignChain = certified(c);
        vm.chainId(31_337);
        Registry other = new Registry(terms());
        bytes memory foreignContract = sign(kgcKey, other.certificateDigest(c));
        bytes memory forged = sign(driverKey, registry.certificateDigest(c));
        bytes memory good = certified(c);
        vm.startPrank(driver);
        bytes memory reason = abi.encodeWithSelector(Certificates.NotSignedBy.selector, kgc);
        vm.expectRevert(reason);
        registry.register(c, foreignChain, "");
        vm.expectRevert(reason);
        registry.register(c, foreignContract, "");
        vm.expectRevert(reason);
        registry.register(c, forged, "");
        vm.expectRevert(reason);
        registry.register(c, malleated(good), "");
        vm.expectRevert(reason);
        registry.register(c, bytes.concat(good, hex"00"), "");
        registry.register(c, good, "");
        vm.stopPrank();
    }

    function test_aChangedCertificateIsRefused() public {
        registerCompany();
        Certificates.Certificate memory c = pileCertificate(350_000);
        bytes memory signature = certified(c);
        c.ratedPowerW = 7_000;
        bytes memory possession = possessed(pileKey, c);
        vm.prank(company);
        vm.expectRevert(abi.encodeWithSelector(Certificates.NotSignedBy.selector, kgc));
        registry.register(c, signature, possession);
    }

    function test_whatIsMalformedIsRefusedWhoeverSignedIt() public {
        for (uint256 i = 0; i < 9; i++) {
            Certificates.Certificate memory c = certificate(DRIVER, IRegistry.Role.USER, driver);
            string memory what;
            if (i == 0) (c.id, what) = (0, "party");
            if (i == 1) (c.role, what) = (IRegistry.Role.NONE, "role");
            if (i == 2) (c.keyVersion, what) = (0, "keyVersion");
            if (i == 3) (c.identityKey, what) = (new bytes(48), "identityKey");
            if (i == 4) (c.nodeKey, what) = (new bytes(33), "nodeKey");
            if (i == 5) (c.meterKey, what) = (c.nodeKey, "meterKey");
            if (i == 6) (c.ratedPowerW, what) = (1, "ratedPowerW");
            if (i == 7) (c.company, what) = (COMPANY, "company");
            if (i == 8) (c.role, what) = (IRegistry.Role.PILE, "meterKey");
            refused(driver, c, abi.encodeWithSelector(Certificates.MalformedCertificate.selector, what));
        }
    }

    function test_aCertificateIsGoodForOneRegistration() public {
        registerDriver();
        Certificates.Certificate memory c = certificate(DRIVER, IRegistry.Role.USER, driver);
        refused(driver, c, abi.encodeWithSelector(Registry.OldKeyVersion.selector, 1, 1));
        leaves(DRIVER, driver);
        refused(driver, c, abi.encodeWithSelector(Registry.OldKeyVersion.selector, 1, 1));
        c.keyVersion = 2;
        accepted(driver, c);
    }

    function test_aReissueReplacesTheKeysAndTheOldOnesAreRefused() public {
        registerDriver();
        Certificates.Certificate memory c = certificate(DRIVER, IRegistry.Role.USER, driver);
        c.keyVersion = 3;
        c.nodeKey = abi.encodePacked(uint8(3), keccak256("new"));
        accepted(driver, c);
        assertEq(registry.party(DRIVER).nodeKey, keccak256(c.nodeKey), "new key");
        c.keyVersion = 2;
        refused(driver, c, abi.encodeWithSelector(Registry.OldKeyVersion.selector, 2, 3));
    }

    function test_aCompanyRotatesItsPilesAccount() public {
        registerCompany();
        registerPile(pileCertificate(22_000));
        uint256 before = money.balanceOf(company);
        address old = pile;
        (pileKey, pile) = keyOf("the pile's next key");
        Certificates.Certificate memory c = pileCertificate(22_000);
        c.keyVersion = 2;
        registerPile(c);
        assertEq(registry.idOf(pile), PILE, "new account");
        assertEq(registry.idOf(old), bytes32(0), "old account");
        assertEq(money.balanceOf(company), before, "the bond stays");
    }

    /// Nor can it by a company of the same name, once the real one has left.
    function test_aCompanyThatCameLaterDoesNotMoveItsPiles() public {
        registerCompany();
        registerPile(pileCertificate(22_000));
        leaves(COMPANY, company);
        (companyKey, company) = keyOf("impostor");
        Certificates.Certificate memory c = certificate(COMPANY, IRegistry.Role.COMPANY, company);
        c.keyVersion = 2;
        accepted(company, c);
        (pileKey, pile) = keyOf("the impostor's pile");
        c = pileCertificate(22_000);
        c.keyVersion = 2;
        refused(company, c, abi.encodeWithSelector(Registry.NotTheHolder.selector, company));
    }

    /// A centre that turned bad can't take over who is registered (P1-09).
    function test_theCentreAloneMovesNobodyToAnotherAccount() public {
        registerDriver();
        (uint256 thiefKey, address thief) = keyOf("thief");
        Certificates.Certificate memory c = certificate(DRIVER, IRegistry.Role.USER, thief);
        c.keyVersion = 2;
        refused(thief, c, abi.encodeWithSelector(Registry.NotTheHolder.selector, thief));
        bytes memory signature = certified(c);
        bytes memory possession = possessed(thiefKey, c);
        vm.prank(driver);
        registry.register(c, signature, possession);
        assertEq(registry.party(DRIVER).account, thief, "with the holder's consent it moves");
        assertEq(registry.party(DRIVER).owner, driver, "the bond's owner stays");
    }

    function test_aPartyKeepsItsRoleAndItsCompany() public {
        registerCompany();
        registerPile(pileCertificate(22_000));
        Certificates.Certificate memory c = pileCertificate(22_000);
        c.keyVersion = 2;
        c.company = 0;
        refused(pile, c, abi.encodeWithSelector(Registry.DifferentParty.selector, PILE));
        registerDriver();
        Certificates.Certificate memory d = certificate(DRIVER, IRegistry.Role.HUB, driver);
        d.keyVersion = 2;
        refused(driver, d, abi.encodeWithSelector(Registry.DifferentParty.selector, DRIVER));
    }

    function test_anAccountIsOnePartys() public {
        registerDriver();
        Certificates.Certificate memory c = certificate(keccak256("bob"), IRegistry.Role.USER, driver);
        refused(driver, c, abi.encodeWithSelector(Registry.AccountTaken.selector, driver, DRIVER));
    }

    function test_morePowerNeedsATopUpAndLessFreesNothing() public {
        registerCompany();
        registerPile(pileCertificate(22_000));
        uint256 before = money.balanceOf(company);
        Certificates.Certificate memory c = pileCertificate(60_000);
        c.keyVersion = 2;
        registerPile(c);
        assertEq(before - money.balanceOf(company), 684e6, "what was missing");
        c = pileCertificate(7_000);
        c.keyVersion = 3;
        registerPile(c);
        assertEq(bondOf(PILE), 1_080e6, "nothing is freed");
        vm.prank(company);
        money.approve(address(registry), 0);
        c = pileCertificate(350_000);
        c.keyVersion = 4;
        bytes memory signature = certified(c);
        bytes memory possession = possessed(pileKey, c);
        vm.prank(company);
        vm.expectRevert(
            abi.encodeWithSelector(
                IERC20Errors.ERC20InsufficientAllowance.selector, address(registry), 0, 6_300e6 - 1_080e6
            )
        );
        registry.register(c, signature, possession);
        assertEq(registry.party(PILE).ratedPowerW, 7_000, "unchanged without the money");
    }

    function test_anybodyTopsUp() public {
        registerCompany();
        registerPile(pileCertificate(22_000));
        fund(stranger, 5e6);
        vm.prank(stranger);
        registry.topUp(PILE, 5e6);
        assertEq(bondOf(PILE), 401e6, "more");
        vm.expectRevert(abi.encodeWithSelector(Registry.NotRegistered.selector, DRIVER));
        registry.topUp(DRIVER, 1);
    }

    function test_whoOwesStays() public {
        registerDriver();
        vm.startPrank(market);
        registry.raiseObligation(DRIVER);
        registry.raiseObligation(DRIVER);
        vm.stopPrank();
        assertEq(registry.obligationsFrom(DRIVER, market), 2, "raised");
        vm.expectRevert(abi.encodeWithSelector(Registry.OpenObligations.selector, DRIVER, 2));
        vm.prank(driver);
        registry.deregister(DRIVER);
        vm.startPrank(market);
        registry.lowerObligation(DRIVER);
        registry.lowerObligation(DRIVER);
        vm.expectRevert(abi.encodeWithSelector(Registry.NoObligation.selector, DRIVER, market));
        registry.lowerObligation(DRIVER);
        vm.stopPrank();
        vm.prank(driver);
        registry.deregister(DRIVER);
    }

    function test_onlyTheNamedContractsRaise() public {
        registerDriver();
        vm.expectRevert(abi.encodeWithSelector(Registry.NotAnObligor.selector, stranger));
        vm.prank(stranger);
        registry.raiseObligation(DRIVER);
        vm.prank(market);
        registry.raiseObligation(DRIVER);
        vm.expectRevert(abi.encodeWithSelector(Registry.NoObligation.selector, DRIVER, stranger));
        vm.prank(stranger);
        registry.lowerObligation(DRIVER);
        vm.expectRevert(abi.encodeWithSelector(Registry.NotActive.selector, PILE));
        vm.prank(market);
        registry.raiseObligation(PILE);
    }

    function test_obligationsOutliveTheCertificate() public {
        registerDriver();
        vm.prank(market);
        registry.raiseObligation(DRIVER);
        vm.warp(NOW + 366 days);
        vm.startPrank(market);
        vm.expectRevert(abi.encodeWithSelector(Registry.NotActive.selector, DRIVER));
        registry.raiseObligation(DRIVER);
        registry.lowerObligation(DRIVER);
        vm.stopPrank();
        vm.prank(driver);
        registry.deregister(DRIVER);
    }

    function test_theBondIsFreeAfterTheLongestChallenge() public {
        registerCompany();
        registerPile(pileCertificate(22_000));
        vm.expectRevert(abi.encodeWithSelector(Registry.NotTheHolder.selector, stranger));
        vm.prank(stranger);
        registry.deregister(PILE);
        vm.expectRevert(abi.encodeWithSelector(Registry.StillLocked.selector, PILE, 0));
        registry.release(PILE);
        vm.prank(company);
        registry.deregister(PILE);
        assertFalse(registry.isActive(PILE), "leaving");
        vm.warp(NOW + CHALLENGE - 1);
        vm.expectRevert(abi.encodeWithSelector(Registry.StillLocked.selector, PILE, NOW + CHALLENGE));
        registry.release(PILE);
        vm.warp(NOW + CHALLENGE);
        uint256 before = money.balanceOf(company);
        registry.release(PILE);
        assertEq(money.balanceOf(company) - before, 396e6, "whole");
        assertEq(registry.idOf(pile), bytes32(0), "forgotten");
        assertEq(registry.party(PILE).keyVersion, 1, "but for its key's version");
        vm.expectRevert(abi.encodeWithSelector(Registry.NotRegistered.selector, PILE));
        registry.release(PILE);
    }

    function test_whoLeavesTakesNothingNewOn() public {
        registerDriver();
        vm.prank(driver);
        registry.deregister(DRIVER);
        bytes memory leaving = abi.encodeWithSelector(Registry.Leaving.selector, DRIVER, NOW + CHALLENGE);
        vm.expectRevert(leaving);
        vm.prank(driver);
        registry.deregister(DRIVER);
        vm.expectRevert(leaving);
        registry.topUp(DRIVER, 1);
        Certificates.Certificate memory c = certificate(DRIVER, IRegistry.Role.USER, driver);
        c.keyVersion = 2;
        refused(driver, c, leaving);
    }

    function test_theCentreRevokesByTransactionOrBySignature() public {
        registerDriver();
        bytes memory signature = sign(kgcKey, registry.revocationDigest(DRIVER, 1));
        vm.expectRevert(abi.encodeWithSelector(Certificates.NotSignedBy.selector, kgc));
        registry.revoke(DRIVER, 2, signature);
        vm.expectRevert(abi.encodeWithSelector(Certificates.NotSignedBy.selector, kgc));
        registry.revoke(DRIVER, 1, malleated(signature));
        registry.revoke(DRIVER, 1, signature);
        registry.revoke(DRIVER, 1, signature);
        assertTrue(registry.isRevoked(DRIVER), "revoked");
        assertFalse(registry.isActive(DRIVER), "not active");
        vm.prank(kgc);
        registry.revoke(DRIVER, 4, "");
        Certificates.Certificate memory c = certificate(DRIVER, IRegistry.Role.USER, driver);
        c.keyVersion = 4;
        refused(driver, c, abi.encodeWithSelector(Registry.OldKeyVersion.selector, 4, 4));
        c.keyVersion = 5;
        accepted(driver, c);
        assertTrue(registry.isActive(DRIVER), "issued again");
        registry.revoke(DRIVER, 1, signature);
        assertEq(registry.revokedThrough(DRIVER), 4, "an old revocation undoes nothing");
    }

    function test_aRevokedPartyLeavesWithItsBond() public {
        registerCompany();
        registerPile(pileCertificate(22_000));
        vm.prank(kgc);
        registry.revoke(PILE, 1, "");
        leaves(PILE, company);
        assertEq(money.balanceOf(company), 1_000_000e6, "whole");
    }

    function test_theOwnerAssignsTheBond() public {
        registerCompany();
        registerPile(pileCertificate(22_000));
        vm.expectRevert(abi.encodeWithSelector(Registry.NotTheHolder.selector, pile));
        vm.prank(pile);
        registry.assignBond(PILE, pile);
        vm.prank(company);
        registry.assignBond(PILE, stranger);
        leaves(PILE, pile);
        assertEq(money.balanceOf(stranger), 396e6, "the new owner's");
    }

    function test_whatCannotBeMadeIsNotMade() public {
        Registry.Terms memory t = terms();
        t.court = t.agency;
        vm.expectRevert(abi.encodeWithSelector(Verdicts.BadJudges.selector, agency, agency));
        new Registry(t);
        t = terms();
        t.agency = t.kgc;
        vm.expectRevert(abi.encodeWithSelector(Verdicts.BadJudges.selector, kgc, court));
        new Registry(t);
        t = terms();
        t.appealWindow = 3 days - 1;
        vm.expectRevert(abi.encodeWithSelector(Verdicts.BadWindow.selector, 3 days - 1));
        new Registry(t);
        t = terms();
        t.rulingWindow = 1 days - 1;
        vm.expectRevert(abi.encodeWithSelector(Verdicts.BadWindow.selector, 1 days - 1));
        new Registry(t);
        t = terms();
        t.longestChallenge = 1 days - 1;
        vm.expectRevert(abi.encodeWithSelector(Verdicts.BadWindow.selector, 1 days - 1));
        new Registry(t);
        t = terms();
        t.longestChallenge = 90 days + 1;
        vm.expectRevert(abi.encodeWithSelector(Verdicts.BadWindow.selector, 90 days + 1));
        new Registry(t);
        t = terms();
        t.token = IERC20(stranger);
        vm.expectRevert(abi.encodeWithSelector(Payouts.NoToken.selector, stranger));
        new Registry(t);
        t = terms();
        t.obligors = new address[](1);
        vm.expectRevert(abi.encodeWithSelector(Registry.BadObligor.selector, address(0)));
        new Registry(t);
    }

    /// Who signed for a party when, also after it has other keys or none (P1-33).
    function test_theKeysOfEachTimeAreKept() public {
        registerDriver();
        address first = driver;
        vm.warp(NOW + 100);
        Certificates.Certificate memory c = certificate(DRIVER, IRegistry.Role.USER, stranger);
        (c.keyVersion, c.notAfter, c.identityKey) = (2, type(uint64).max, bytes.concat(hex"77", new bytes(95)));
        bytes memory signature = certified(c);
        (uint256 strangersKey,) = keyOf("stranger");
        bytes memory possession = possessed(strangersKey, c);
        vm.prank(first);
        registry.register(c, signature, possession);
        vm.warp(NOW + 200);
        vm.prank(kgc);
        registry.revoke(DRIVER, 2, "");
        vm.warp(NOW + 300);
        c.keyVersion = 3;
        accepted(stranger, c);
        vm.warp(NOW + 400);
        leaves(DRIVER, stranger);
        uint64 gone = uint64(block.timestamp);
        expectKeys(NOW - 1, address(0), IRegistry.Role.NONE);
        expectKeys(NOW, first, IRegistry.Role.USER);
        expectKeys(NOW + 99, first, IRegistry.Role.USER);
        expectKeys(NOW + 100, stranger, IRegistry.Role.USER);
        expectKeys(NOW + 199, stranger, IRegistry.Role.USER);
        expectKeys(NOW + 200, address(0), IRegistry.Role.USER);
        expectKeys(NOW + 299, address(0), IRegistry.Role.USER);
        expectKeys(NOW + 300, stranger, IRegistry.Role.USER);
        expectKeys(gone - 1, stranger, IRegistry.Role.USER);
        expectKeys(gone, address(0), IRegistry.Role.USER);
        expectKeys(type(uint64).max, address(0), IRegistry.Role.USER);
        assertEq(registry.keysAt(DRIVER, NOW).notAfter, NOW + 365 days, "end of the first certificate");
        assertEq(registry.keysAt(DRIVER, NOW + 100).notAfter, type(uint40).max, "as far as it goes");
        assertEq(registry.keysAt(DRIVER, NOW + 100).identityKey, keccak256(c.identityKey), "identity key");
        expectKeys(PILE, gone, address(0), IRegistry.Role.NONE);
    }

    function test_theLastKeysOfOneSecondCount() public {
        registerDriver();
        vm.prank(kgc);
        registry.revoke(DRIVER, 1, "");
        expectKeys(NOW, address(0), IRegistry.Role.USER);
        vm.prank(kgc);
        registry.revoke(PILE, 1, "");
        expectKeys(PILE, NOW, address(0), IRegistry.Role.NONE);
    }

    function expectKeys(uint64 time, address account, IRegistry.Role role) private view {
        expectKeys(DRIVER, time, account, role);
    }

    function expectKeys(bytes32 id, uint64 time, address account, IRegistry.Role role) private view {
        IRegistry.Keys memory keys = registry.keysAt(id, time);
        assertEq(keys.account, account, "account");
        assertEq(uint256(keys.role), uint256(role), "role");
    }

    function accepted(address by, Certificates.Certificate memory c) private {
        bytes memory signature = certified(c);
        vm.prank(by);
        registry.register(c, signature, "");
    }

    function refused(address by, Certificates.Certificate memory c, bytes memory reason) private {
        bytes memory signature = certified(c);
        bytes memory possession = c.account == pile ? possessed(pileKey, c) : bytes("");
        vm.prank(by);
        vm.expectRevert(reason);
        registry.register(c, signature, possession);
    }

    function leaves(bytes32 id, address by) private {
        vm.prank(by);
        registry.deregister(id);
        vm.warp(registry.party(id).unlockAt);
        registry.release(id);
    }
}
