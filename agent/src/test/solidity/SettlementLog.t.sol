// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {SettlementLog} from "../../main/solidity/SettlementLog.sol";
import {Bls12381} from "../../main/solidity/bls/Bls12381.sol";
import {MultiSignature} from "../../main/solidity/bls/MultiSignature.sol";
import {IRegistry} from "../../main/solidity/interfaces/IRegistry.sol";
import {ISettlementLog} from "../../main/solidity/interfaces/ISettlementLog.sol";
import {Certificates} from "../../main/solidity/registry/Certificates.sol";
import {Settlements} from "../../main/solidity/settlement/Settlements.sol";
import {SettlementLogFixture} from "./SettlementLogFixture.sol";

/// Settlement certificates on chain (P1-02, P1-06, P1-33).
contract SettlementLogTest is SettlementLogFixture {
    function test_whatBothSignedIsAgreed() public {
        log.present(s, bySeller(s), byBuyer(s));
        expect(ISettlementLog.Status.AGREED, s);
    }

    function test_twiceIsAsOnce() public {
        log.present(s, bySeller(s), byBuyer(s));
        vm.recordLogs();
        log.present(s, bySeller(s), byBuyer(s));
        log.present(s, "", "");
        vm.warp(s.expiry + 1);
        log.present(s, "", "");
        assertEq(vm.getRecordedLogs().length, 0, "nothing happens");
        expect(ISettlementLog.Status.AGREED, s);
    }

    function test_oncePerMatch() public {
        log.present(s, bySeller(s), byBuyer(s));
        Settlements.Settlement memory other = with(1_000);
        (bytes memory seller, bytes memory buyer) = (bySeller(other), byBuyer(other));
        vm.expectRevert(abi.encodeWithSelector(SettlementLog.AgreedOtherwise.selector, structHash(s)));
        log.present(other, seller, buyer);
        expect(ISettlementLog.Status.AGREED, s);
    }

    function test_unequalSidesAreRefusedWhoeverSigned() public {
        for (uint256 i = 0; i < 3; i++) {
            Settlements.Settlement memory other = s;
            if (i == 0) other.bought = Settlements.Side(s.sold.energyMwh - 1, s.sold.pricePerKwh, s.sold.amount);
            if (i == 1) other.bought = Settlements.Side(s.sold.energyMwh, s.sold.pricePerKwh + 1, s.sold.amount);
            if (i == 2) other.bought = Settlements.Side(s.sold.energyMwh, s.sold.pricePerKwh, s.sold.amount - 1);
            refused(other, abi.encodeWithSelector(Settlements.UnequalSides.selector));
        }
    }

    function test_whatCannotBeIsRefusedWhoeverSigned() public {
        for (uint256 i = 0; i < 6; i++) {
            Settlements.Settlement memory other = s;
            string memory what;
            if (i == 0) (other.matchId, what) = (0, "matchId");
            if (i == 1) (other.channelContract, what) = (address(0), "channelContract");
            if (i == 2) (other.finalSeq, what) = (1 << 63, "number");
            if (i == 3) (other.meterEnd, what) = (other.meterStart - 1, "meter");
            if (i == 4) (other.settledAt, what) = (other.expiry, "expiry");
            if (i == 5) (other.buyer, what) = (other.seller, "parties");
            refused(other, abi.encodeWithSelector(Settlements.Malformed.selector, what));
        }
        Settlements.Settlement memory more = s;
        more.meterEnd = s.meterStart + s.sold.energyMwh - 1;
        refused(
            more,
            abi.encodeWithSelector(Settlements.MoreThanMetered.selector, s.sold.energyMwh, s.sold.energyMwh - 1)
        );
    }

    function test_inItsTimeOnly() public {
        vm.warp(s.settledAt - 1);
        refused(s, abi.encodeWithSelector(SettlementLog.NotYetSettled.selector, s.settledAt));
        vm.warp(s.expiry);
        refused(s, abi.encodeWithSelector(SettlementLog.Expired.selector, s.expiry));
    }

    function test_anyFieldThatIsChangedBreaksTheSignatures() public {
        (bytes memory seller, bytes memory buyer) = (bySeller(s), byBuyer(s));
        for (uint256 i = 0; i < 10; i++) {
            Settlements.Settlement memory other = s;
            if (i == 0) other.matchId = keccak256("another match");
            if (i == 1) other.channelContract = stranger;
            if (i == 2) other.channelId = keccak256("another channel");
            if (i == 3) other.session = bytes16(keccak256("another session"));
            if (i == 4) other.cycle++;
            if (i == 5) (other.sold.energyMwh, other.bought.energyMwh) = (1, 1);
            if (i == 6) (other.sold.amount, other.bought.amount) = (1, 1);
            if (i == 7) other.meterEnd++;
            if (i == 8) other.finalSeq--;
            if (i == 9) other.expiry++;
            vm.expectRevert(abi.encodeWithSelector(SettlementLog.NotSignedBy.selector, pile));
            log.present(other, seller, buyer);
        }
    }

    function test_signaturesOfNobodyElse() public {
        (bytes memory seller, bytes memory buyer) = (bySeller(s), byBuyer(s));
        bytes memory notThePile = abi.encodeWithSelector(SettlementLog.NotSignedBy.selector, pile);
        vm.expectRevert(notThePile);
        log.present(s, buyer, buyer);
        vm.expectRevert(notThePile);
        log.present(s, malleated(seller), buyer);
        bytes memory companys = sign(companyKey, log.settlementDigest(s));
        vm.expectRevert(notThePile);
        log.present(s, companys, buyer);
        vm.expectRevert(abi.encodeWithSelector(SettlementLog.NotSignedBy.selector, driver));
        log.present(s, seller, bytes.concat(buyer, hex"00"));
        vm.expectRevert(SettlementLog.Unsigned.selector);
        log.present(s, "", "");
        expectNothing();
    }

    function test_ofAnotherChainOrContractIsRefused() public {
        SettlementLog other = new SettlementLog(registry, WINDOW);
        bytes memory foreign = sign(pileKey, other.settlementDigest(s));
        bytes memory buyer = byBuyer(s);
        vm.expectRevert(abi.encodeWithSelector(SettlementLog.NotSignedBy.selector, pile));
        log.present(s, foreign, buyer);
        bytes memory seller = bySeller(s);
        vm.chainId(5);
        vm.expectRevert(abi.encodeWithSelector(SettlementLog.NotSignedBy.selector, pile));
        log.present(s, seller, buyer);
    }

    function test_onlyDriversAndPilesWhoAreRegistered() public {
        Settlements.Settlement memory other = s;
        other.buyer = keccak256("nobody");
        refused(other, abi.encodeWithSelector(SettlementLog.NotRegistered.selector, other.buyer));
        other.buyer = COMPANY;
        refused(
            other, abi.encodeWithSelector(SettlementLog.WrongRole.selector, COMPANY, IRegistry.Role.COMPANY)
        );
    }

    function test_aKeyThatWasRevokedBeforeSignsNothing() public {
        vm.warp(s.settledAt);
        vm.prank(kgc);
        registry.revoke(PILE, 1, "");
        vm.warp(s.settledAt + 60);
        refused(s, abi.encodeWithSelector(SettlementLog.NoKeyThen.selector, PILE, s.settledAt));
    }

    function test_whatWasSignedInTimeOutlivesTheNextKeys() public {
        (bytes memory seller, bytes memory buyer) = (bySeller(s), byBuyer(s));
        driverMoves();
        log.present(s, seller, buyer);
        expect(ISettlementLog.Status.AGREED, s);
        log.attest(s, signers, bytesOf("S2"));
        assertTrue(log.entryOf(s.matchId, s.seller, s.buyer).attested, "attested by the keys of then");
    }

    function test_whatWasSignedInTimeOutlivesARevocation() public {
        (bytes memory seller, bytes memory buyer) = (bySeller(s), byBuyer(s));
        vm.prank(kgc);
        registry.revoke(PILE, 1, "");
        log.present(s, seller, buyer);
        expect(ISettlementLog.Status.AGREED, s);
    }

    function test_whatWasSignedInTimeOutlivesADeparture() public {
        Settlements.Settlement memory lasting = s;
        lasting.expiry += 30 days;
        (bytes memory seller, bytes memory buyer) = (bySeller(lasting), byBuyer(lasting));
        pileLeaves();
        log.present(lasting, seller, buyer);
        expect(ISettlementLog.Status.AGREED, lasting);
    }

    /// The honest side alone can at least say what was, though the other is gone.
    function test_aClaimNeedsNoneOfTheAbsentSide() public {
        Settlements.Settlement memory lasting = s;
        lasting.expiry += 30 days;
        bytes memory buyer = byBuyer(lasting);
        pileLeaves();
        log.present(lasting, "", buyer);
        expect(ISettlementLog.Status.CLAIMED, lasting);
    }

    /// Whoever has got an old key speaks for nobody; the party itself may speak of what was before.
    function test_oneSidesWordIsByItsKeyOfNow() public {
        bytes memory old = byBuyer(s);
        driverMoves();
        vm.expectRevert(abi.encodeWithSelector(SettlementLog.NotItsKeyNow.selector, DRIVER));
        log.present(s, "", old);
        log.present(s, "", byBuyer(s));
        expect(ISettlementLog.Status.CLAIMED, s);
    }

    function test_aRevokedOrDepartedSideSaysNothingAlone() public {
        Settlements.Settlement memory lasting = s;
        lasting.expiry += 30 days;
        bytes memory seller = bySeller(lasting);
        uint256 before = vm.snapshotState();
        vm.prank(kgc);
        registry.revoke(PILE, 1, "");
        vm.expectRevert(abi.encodeWithSelector(SettlementLog.NotItsKeyNow.selector, PILE));
        log.present(lasting, seller, "");
        vm.revertToState(before);
        pileLeaves();
        vm.expectRevert(abi.encodeWithSelector(SettlementLog.NotItsKeyNow.selector, PILE));
        log.present(lasting, seller, "");
    }

    /// The driver has the next version of its keys, with another account and another y.
    function driverMoves() private {
        address old = driver;
        (driverKey, driver) = keyOf("the driver's next key");
        Certificates.Certificate memory c = certificate(DRIVER, IRegistry.Role.USER, driver);
        c.keyVersion = 2;
        bytes memory signature = certified(c);
        bytes memory possession = possessed(driverKey, c);
        vm.prank(old);
        registry.register(c, signature, possession);
    }

    function pileLeaves() private {
        vm.prank(company);
        registry.deregister(PILE);
        vm.warp(registry.party(PILE).unlockAt);
        registry.release(PILE);
    }

    function test_certifiedWhenItSettled() public {
        uint64 notAfter = registry.party(DRIVER).notAfter;
        Settlements.Settlement memory late = s;
        (late.settledAt, late.expiry) = (notAfter - 1, notAfter + 1 days);
        vm.warp(notAfter + 10);
        log.present(late, bySeller(late), byBuyer(late));
        late.matchId = keccak256("a later match");
        late.settledAt = notAfter;
        refused(late, abi.encodeWithSelector(SettlementLog.NoLongerCertified.selector, PILE, notAfter));
    }

    /// One side alone opens the other's time to answer, and does no more (P1-33).
    function test_oneSidesWordIsAClaim() public {
        log.present(s, bySeller(s), "");
        expect(ISettlementLog.Status.CLAIMED, s);
        log.present(s, bySeller(s), "");
        vm.warp(block.timestamp + WINDOW);
        expect(ISettlementLog.Status.UNOPPOSED, s);
    }

    function test_theOtherSideAgreesToAClaim() public {
        log.present(s, "", byBuyer(s));
        vm.warp(block.timestamp + WINDOW + 1 hours);
        vm.warp(s.expiry - 1);
        log.present(s, bySeller(s), "");
        expect(ISettlementLog.Status.AGREED, s);
    }

    /// Else the other side's silence could be arranged by claiming in the last second.
    function test_aClaimOfTheLastSecondIsAgreedToAfterIt() public {
        vm.warp(s.expiry - 1);
        log.present(s, bySeller(s), "");
        vm.warp(s.expiry + 1);
        Settlements.Settlement memory other = with(5_000);
        refused(other, abi.encodeWithSelector(SettlementLog.Expired.selector, s.expiry));
        log.present(s, "", byBuyer(s));
        expect(ISettlementLog.Status.AGREED, s);
    }

    function test_aCounterOfTheLastSecondIsAgreedToAfterIt() public {
        Settlements.Settlement memory lasting = s;
        lasting.expiry += 30 days;
        vm.warp(s.expiry - 1);
        log.present(lasting, bySeller(lasting), "");
        Settlements.Settlement memory less = with(5_000);
        log.present(less, "", byBuyer(less));
        vm.warp(less.expiry);
        log.present(less, bySeller(less), byBuyer(less));
        expect(ISettlementLog.Status.AGREED, less);
    }

    function test_theOtherSideContestsAClaimInTime() public {
        log.present(s, bySeller(s), "");
        Settlements.Settlement memory less = with(5_000);
        log.present(less, "", byBuyer(less));
        expect(ISettlementLog.Status.CONTESTED, s);
        Settlements.Settlement memory evenLess = with(4_000);
        bytes memory buyer = byBuyer(evenLess);
        vm.expectRevert(abi.encodeWithSelector(SettlementLog.SaidOtherwise.selector, structHash(less)));
        log.present(evenLess, "", buyer);
        log.present(less, bySeller(less), "");
        expect(ISettlementLog.Status.AGREED, less);
    }

    function test_aSideSaysOneThing() public {
        log.present(s, bySeller(s), "");
        Settlements.Settlement memory more = with(22_000_000 - 1);
        bytes memory seller = bySeller(more);
        vm.expectRevert(abi.encodeWithSelector(SettlementLog.SaidOtherwise.selector, structHash(s)));
        log.present(more, seller, "");
    }

    function test_whoIsLateContestsNothing() public {
        Settlements.Settlement memory lasting = s;
        lasting.expiry += 30 days;
        log.present(lasting, bySeller(lasting), "");
        uint64 windowEnds = uint64(block.timestamp) + WINDOW;
        vm.warp(windowEnds);
        Settlements.Settlement memory less = with(5_000);
        less.expiry += 30 days;
        bytes memory buyer = byBuyer(less);
        vm.expectRevert(abi.encodeWithSelector(SettlementLog.WindowClosed.selector, windowEnds));
        log.present(less, "", buyer);
    }

    function test_whatBothSignedStandsAboveEveryClaim() public {
        log.present(s, bySeller(s), "");
        Settlements.Settlement memory less = with(5_000);
        log.present(less, "", byBuyer(less));
        Settlements.Settlement memory both = with(7_000);
        log.present(both, bySeller(both), byBuyer(both));
        expect(ISettlementLog.Status.AGREED, both);
    }

    /// Two others who agree on this match id take it from nobody.
    function test_strangersStandInNobodysWay() public {
        (uint256 bobKey, address bob) = keyOf("bob");
        Certificates.Certificate memory c = certificate(keccak256("bob"), IRegistry.Role.USER, bob);
        bytes memory signature = certified(c);
        vm.warp(s.settledAt);
        vm.prank(bob);
        registry.register(c, signature, "");
        Settlements.Settlement memory squat = s;
        squat.seller = c.id;
        bytes memory bobs = sign(bobKey, log.settlementDigest(squat));
        log.present(squat, bobs, byBuyer(squat));
        expectNothing();
        log.present(s, bySeller(s), byBuyer(s));
        expect(ISettlementLog.Status.AGREED, s);
    }

    /// The Java program's multi-signature, verified by the precompiles (P1-19, EIP-2537).
    function test_theMultiSignatureIsVerifiedOnChain() public {
        bytes memory signature = bytesOf("S2");
        vm.expectRevert(abi.encodeWithSelector(SettlementLog.NotAgreed.selector, structHash(s)));
        log.attest(s, signers, signature);
        log.present(s, bySeller(s), byBuyer(s));
        log.attest(s, signers, signature);
        assertTrue(log.entryOf(s.matchId, s.seller, s.buyer).attested, "attested");
        log.attest(s, signers, signature);
    }

    function test_mIsThatOfJava() public view {
        assertEq(keccak256(this.encode(settlement())), keccak256(bytesOf("m")), "m");
    }

    function encode(Settlements.Settlement calldata of_) external view returns (bytes memory) {
        return Settlements.encode(of_, "pile-1", "alice");
    }

    function test_noOtherSignersSettlementOrChain() public {
        bytes memory signature = bytesOf("S2");
        bytes memory first = bytesOf("S1");
        log.present(s, bySeller(s), byBuyer(s));
        vm.expectRevert(SettlementLog.BadMultiSignature.selector);
        log.attest(s, signers, first);
        signers[0].name = "bob";
        vm.expectRevert(abi.encodeWithSelector(SettlementLog.NotTheRegisteredKey.selector, "bob"));
        log.attest(s, signers, signature);
        signers[0].name = "alice";
        signers[0].key = bytesOf("seller_point");
        vm.expectRevert(abi.encodeWithSelector(SettlementLog.NotTheRegisteredKey.selector, "alice"));
        log.attest(s, signers, signature);
        signers[0] = signers[1];
        signers.pop();
        vm.expectRevert(abi.encodeWithSelector(SettlementLog.NotASigner.selector, DRIVER));
        log.attest(s, signers, signature);
    }

    function test_aMultiSignatureOnOtherTermsAttestsNothing() public {
        Settlements.Settlement memory other = with(1_000);
        bytes memory signature = bytesOf("S2");
        log.present(other, bySeller(other), byBuyer(other));
        vm.expectRevert(SettlementLog.BadMultiSignature.selector);
        log.attest(other, signers, signature);
    }

    function test_whereNoPrecompileAnswersNothingIsAttested() public {
        bytes memory signature = bytesOf("S2");
        log.present(s, bySeller(s), byBuyer(s));
        vm.mockCall(address(0x0f), "", "");
        vm.expectRevert(abi.encodeWithSelector(Bls12381.PrecompileAbsent.selector, address(0x0f)));
        log.attest(s, signers, signature);
        assertFalse(log.entryOf(s.matchId, s.seller, s.buyer).attested, "not attested");
    }

    function test_whatCannotBeMadeIsNotMade() public {
        vm.expectRevert(abi.encodeWithSelector(SettlementLog.NoRegistry.selector, stranger));
        new SettlementLog(IRegistry(stranger), WINDOW);
        vm.expectRevert(abi.encodeWithSelector(SettlementLog.BadWindow.selector, 1 hours - 1));
        new SettlementLog(registry, 1 hours - 1);
    }

    function with(uint64 energyMwh) private view returns (Settlements.Settlement memory other) {
        other = s;
        other.sold.energyMwh = energyMwh;
        other.bought.energyMwh = energyMwh;
    }

    function structHash(Settlements.Settlement memory of_) private view returns (bytes32) {
        return this.hashOf(of_);
    }

    function hashOf(Settlements.Settlement calldata of_) external pure returns (bytes32) {
        return Settlements.hash(of_);
    }

    function refused(Settlements.Settlement memory of_, bytes memory reason) private {
        (bytes memory seller, bytes memory buyer) = (bySeller(of_), byBuyer(of_));
        vm.expectRevert(reason);
        log.present(of_, seller, buyer);
    }

    function expect(ISettlementLog.Status expected, Settlements.Settlement memory of_) private view {
        (ISettlementLog.Status status, uint64 energy, uint64 amount, bytes32 digest) =
            log.settlementOf(of_.matchId, of_.seller, of_.buyer);
        assertEq(uint256(status), uint256(expected), "status");
        assertEq(energy, of_.sold.energyMwh, "energy");
        assertEq(amount, of_.sold.amount, "amount");
        assertEq(digest, structHash(of_), "digest");
    }

    function expectNothing() private view {
        (ISettlementLog.Status status,,,) = log.settlementOf(s.matchId, s.seller, s.buyer);
        assertEq(uint256(status), uint256(ISettlementLog.Status.NONE), "nothing is recorded");
    }
}
