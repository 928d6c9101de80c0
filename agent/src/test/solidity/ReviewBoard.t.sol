// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {OrderBook} from "../../main/solidity/OrderBook.sol";
import {ReviewBoard} from "../../main/solidity/ReviewBoard.sol";
import {OrderTerms} from "../../main/solidity/market/OrderTerms.sol";
import {Publications} from "../../main/solidity/market/Publications.sol";
import {Facts, Factor, Limits, LineLimit, Rule, Veto} from "../../main/solidity/market/ReviewRules.sol";
import {MarketFixture} from "./MarketFixture.sol";

/// P2-09, P2-10, P2-19: the rules at their boundaries, in their order, with the numbers of the Java model's
/// ReviewBoardTest.
contract ReviewBoardTest is MarketFixture {
    function test_whatJustFitsEveryRuleIsApproved() public {
        assertEq(uint256(broken(usual())), uint256(Rule.NONE), "nothing is broken");
        approve(usual());
    }

    // ---------------------------------------------------------------------------------------------------- rules

    function test_r1BothAreRegisteredAndNotSuspended() public {
        Facts memory facts = fitting();
        facts.sellerActive = false;
        assertBroken(Rule.R1, usual(), facts);
        facts = fitting();
        facts.buyerActive = false;
        assertBroken(Rule.R1, usual(), facts);
        OrderTerms memory terms = establish(usual());
        parties.suspend(buyer);
        assertRejected(Rule.R1, terms);
    }

    function test_r2TheEnergyFitsTheRatedPower() public {
        Facts memory facts = fitting();
        facts.ratedPowerW = 9_999;
        assertBroken(Rule.R2, usual(), facts);
        assertBroken(Rule.R2, withEnergy(usual(), 10_001), fitting());
        assertBroken(Rule.R2, withEnergy(usual(), 0), fitting());
        // a watt-hour more than nothing in a second is 3600 W
        OrderTerms memory terms = withEnergy(usual(), 1);
        terms.end = terms.start + 1;
        facts.ratedPowerW = 3_599;
        assertBroken(Rule.R2, terms, facts);
        facts.ratedPowerW = 3_600;
        assertBroken(Rule.NONE, terms, facts);
    }

    function test_r3TheDeliveryIsNeitherTooSoonNorTooFar() public {
        vm.warp(NOW + 1);
        assertBroken(Rule.R3, usual(), fitting());
        vm.warp(NOW - 1);
        assertBroken(Rule.R3, usual(), fitting());
        vm.warp(NOW);
        assertBroken(Rule.NONE, usual(), fitting());
    }

    function test_r4ThePriceIsBetweenFloorAndCap() public {
        assertPrice(Rule.NONE, 600);
        assertPrice(Rule.R4, 599);
        assertPrice(Rule.NONE, 800);
        assertPrice(Rule.R4, 801);
    }

    function test_r5TheFeederHasRoomInEverySlot() public {
        limitFeeders(9_999);
        assertBroken(Rule.R5, usual(), fitting());
        limitFeeders(15_000);
        approve(by(otherSeller, within(withEnergy(usual(), 2_500), 30, 60)));
        approve(usual());
        // 10 kW and 5 kW from half past twelve on
        assertBroken(Rule.R5, by(stranger, within(withEnergy(usual(), 1), 59, 60)), fitting());
        assertBroken(Rule.NONE, by(stranger, within(withEnergy(usual(), 250), 15, 30)), fitting());
        assertEq(board.feederPromised(FEEDER, false, NOON + 30 minutes), 15_000, "full");
        assertEq(board.feederPromised(FEEDER, false, NOON + 30 minutes - 1), 10_000, "not before");
        assertEq(board.feederPromised(FEEDER, false, NOON - 1), 0, "not before");
        assertEq(board.feederPromised(FEEDER, false, NOON + 1 hours), 0, "not after");
    }

    function test_r5AnUnknownFeederBearsNothingAndDirectionsAreNotSetOff() public {
        OrderTerms memory unknown = usual();
        unknown.feeder = "unknown";
        assertBroken(Rule.R5, unknown, fitting());
        approve(exported(usual()));
        assertBroken(Rule.R5, exported(by(otherSeller, usual())), fitting());
        assertBroken(Rule.NONE, by(otherSeller, usual()), fitting());
    }

    function test_r6ThePileIsThatOfThePartyThatMeters() public {
        OrderTerms memory terms = usual();
        terms.pile = pileOf(otherSeller);
        assertRejected(Rule.R2, establish(terms));
    }

    function test_r6APileHasOneCableForBothDirections() public {
        limitFeeders(100_000);
        approve(withEnergy(exported(usual()), 6_000));
        OrderTerms memory back = withEnergy(usual(), 4_001);
        back.pile = pileOf(buyer);
        assertBroken(Rule.R6, back, fitting());
        withEnergy(back, 4_000);
        assertBroken(Rule.NONE, back, fitting());
    }

    function test_r6ThePileIsPromisedForNoMoreThanItsPower() public {
        limitFeeders(100_000);
        approve(withEnergy(usual(), 6_000));
        assertBroken(Rule.R6, elsewhere(withEnergy(usual(), 4_001)), fitting());
        assertBroken(Rule.NONE, elsewhere(withEnergy(usual(), 4_000)), fitting());
    }

    function test_r7TheEscrowsHoldWhatTheOrderNeeds() public {
        assertEscrows(Rule.NONE, 3500, 500);
        assertEscrows(Rule.R7, 3499, 500);
        assertEscrows(Rule.R7, 3500, 499);
    }

    function test_r8TheTypeConvertsToTheOrdersEnergy() public {
        assertTyped(Rule.R8, ELECTRICITY, 1, 0);
        assertTyped(Rule.R8, ELECTRICITY, 1, 10_001);
        assertTyped(Rule.R8, ELECTRICITY, 2, 10_000);
        assertTyped(Rule.R8, "steam", 1, 10_000);
        assertTyped(Rule.NONE, ELECTRICITY, 1, 10_000);
    }

    function test_r8AnotherTableChangesNoOrder() public {
        OrderTerms memory steam = usual();
        (steam.energyType, steam.quantity, steam.tableVersion) = ("steam", 15_001, 2);
        bytes32[] memory types = new bytes32[](1);
        Factor[] memory factors = new Factor[](1);
        (types[0], factors[0]) = ("steam", Factor(2, 3));
        vm.expectRevert(Publications.NotTheAgency.selector);
        board.publishTable(types, types, factors);
        vm.startPrank(agency);
        board.publishTable(types, types, factors);
        // 10000.67 Wh, rounded down
        assertBroken(Rule.NONE, steam, fitting());
        factors[0] = Factor(1, 1);
        board.publishTable(types, types, factors);
        assertBroken(Rule.NONE, steam, fitting());
        assertBroken(Rule.NONE, usual(), fitting());
        factors[0] = Factor(1, 0);
        vm.expectRevert(Publications.BadTable.selector);
        board.publishTable(types, types, factors);
        vm.stopPrank();
    }

    function test_r9NoLineIsOverloaded() public {
        LineLimit[] memory lines = publishLine(9_999);
        assertEq(uint256(board.firstBroken(usual(), fitting(), lines)), uint256(Rule.R9), "overloaded");
        limitFeeders(100_000);
        lines = publishLine(10_000);
        // The other feeder relieves the line, but whoever loads it may stay away.
        approve(by(otherSeller, elsewhere(withEnergy(usual(), 8_000))), lines);
        approve(usual(), lines);
        OrderTerms memory more = by(stranger, elsewhere(withEnergy(usual(), 2_001)));
        assertEq(uint256(board.firstBroken(more, fitting(), lines)), uint256(Rule.R9), "overloaded the other way");
        more = by(stranger, elsewhere(withEnergy(usual(), 2_000)));
        assertEq(uint256(board.firstBroken(more, fitting(), lines)), uint256(Rule.NONE), "just fits");
    }

    function test_r9TheLinesAreThoseInForce() public {
        publishLine(10_000);
        OrderTerms memory terms = establish(usual());
        bytes32 inForce = keccak256(abi.encode(line(10_000)));
        vm.prank(agency);
        vm.expectRevert(abi.encodeWithSelector(ReviewBoard.OtherLines.selector, inForce));
        board.review(book, terms, noLines());
    }

    function test_r10TheFeesAreThePublishedOnes() public {
        OrderTerms memory terms = usual();
        terms.gridBp = 299;
        assertBroken(Rule.R10, terms, fitting());
        terms = usual();
        terms.agencyBp = 51;
        assertBroken(Rule.R10, terms, fitting());
        terms = usual();
        terms.grid = stranger;
        assertBroken(Rule.R10, terms, fitting());
        terms = usual();
        terms.agency = stranger;
        assertRejected(Rule.R10, establish(terms));
    }

    function test_theFirstBrokenRuleIsTheReason() public {
        OrderTerms memory wrong = withEnergy(usual(), 20_000);
        (wrong.start, wrong.end) = (NOON + 9 hours, NOON + 10 hours);
        Facts memory facts = fitting();
        (facts.sellerActive, facts.ratedPowerW) = (false, 1);
        assertBroken(Rule.R1, wrong, facts);
        facts.sellerActive = true;
        assertBroken(Rule.R2, wrong, facts);
        facts.ratedPowerW = 99_000;
        assertBroken(Rule.R3, wrong, facts);
    }

    // ---------------------------------------------------------------------------------------------- who and when

    function test_aRejectionSaysWhyAndRefundsBoth() public {
        OrderTerms memory terms = usual();
        terms.feeder = "unknown";
        assertRejected(Rule.R5, establish(terms));
        assertOwed(3500, 500, 0, 0);
    }

    function test_aVetoHasAReasonThatIsLoggedAndPromisesNothing() public {
        OrderTerms memory terms = establish(usual());
        vm.expectEmit(address(board));
        emit ReviewBoard.Vetoed(address(book), keyOf(terms), agency, Veto.MAINTENANCE);
        vm.expectEmit(address(book));
        emit OrderBook.Rejected(keyOf(terms), 17);
        vm.prank(agency);
        board.veto(book, terms, Veto.MAINTENANCE);
        assertStatus(OrderBook.Status.REJECTED, terms);
        assertOwed(3500, 500, 0, 0);
        approve(usual());
    }

    function test_onlyTheAgencyReviews() public {
        OrderTerms memory terms = establish(usual());
        address[3] memory others = [stranger, grid, deputy];
        for (uint256 i = 0; i < others.length; ++i) {
            vm.startPrank(others[i]);
            vm.expectRevert(ReviewBoard.NotTheReviewer.selector);
            board.review(book, terms, noLines());
            vm.expectRevert(ReviewBoard.NotTheReviewer.selector);
            board.veto(book, terms, Veto.LEGAL_ORDER);
            vm.stopPrank();
        }
    }

    function test_nobodyReviewsItsOwnOrders() public {
        OrderTerms memory grids = by(grid, usual());
        fund(grid);
        parties.register(grid, 10_000);
        establish(grids);
        vm.startPrank(agency);
        vm.expectRevert(ReviewBoard.OwnOrder.selector);
        board.review(book, grids, noLines());
        vm.expectRevert(ReviewBoard.OwnOrder.selector);
        board.veto(book, grids, Veto.LEGAL_ORDER);
        vm.stopPrank();
        vm.prank(grid);
        vm.expectRevert(ReviewBoard.OwnOrder.selector);
        board.review(book, grids, noLines());
        vm.prank(stranger);
        vm.expectRevert(ReviewBoard.NotTheReviewer.selector);
        board.review(book, grids, noLines());
        vm.prank(deputy);
        board.review(book, grids, noLines());
        assertStatus(OrderBook.Status.APPROVED, grids);
    }

    function test_theDeputyReviewsNoOrderOfItsOwn() public {
        OrderTerms memory terms = by(grid, usual());
        terms.buyer = deputy;
        vm.prank(deputy);
        vm.expectRevert(ReviewBoard.OwnOrder.selector);
        board.review(book, terms, noLines());
    }

    function test_anOrderIsReviewedOnce() public {
        OrderTerms memory terms = approve(usual());
        bytes memory again = abi.encodeWithSelector(ReviewBoard.AlreadyReviewed.selector, keyOf(terms));
        vm.startPrank(agency);
        vm.expectRevert(again);
        board.review(book, terms, noLines());
        vm.expectRevert(again);
        board.veto(book, terms, Veto.MAINTENANCE);
        vm.stopPrank();
        assertEq(board.feederPromised(FEEDER, false, NOON), 10_000, "promised once");
    }

    function test_whatIsReleasedIsFreeAgainOnce() public {
        OrderTerms memory terms = approve(usual());
        vm.prank(stranger);
        board.release(terms);
        assertEq(board.feederPromised(FEEDER, false, NOON), 10_000, "only its book releases it");
        vm.startPrank(address(book));
        board.release(terms);
        board.release(terms);
        vm.stopPrank();
        assertEq(board.feederPromised(FEEDER, false, NOON), 0, "free");
        assertBroken(Rule.NONE, usual(), fitting());
    }

    // --------------------------------------------------------------------------------------------- publications

    function test_limitsComeIntoForceAfterTheNotice() public {
        Limits memory dear = limits();
        (dear.floor, dear.gridBp) = (400, 0);
        vm.expectRevert(Publications.NotTheAgency.selector);
        board.publishLimits(dear, noLines());
        vm.prank(agency);
        board.publishLimits(dear, noLines());
        assertEq(board.limitsInForce().floor, 300, "not yet");
        vm.warp(NOW + 1 days - 1);
        assertEq(board.limitsInForce().floor, 300, "not yet");
        vm.warp(NOW + 1 days);
        assertEq(board.limitsInForce().floor, 400, "now");
        vm.prank(agency);
        board.publishLimits(limits(), noLines());
        assertEq(board.limitsInForce().floor, 400, "until the next");
        vm.warp(NOW + 2 days);
        assertEq(board.limitsInForce().floor, 300, "the next");
    }

    function test_feedersToo() public {
        publishFeeders(5_000);
        assertEq(board.feederLimit(FEEDER), 10_000, "not yet");
        vm.warp(NOW + 1 days);
        assertEq(board.feederLimit(FEEDER), 5_000, "now");
        vm.expectRevert(Publications.NotTheAgency.selector);
        board.publishFeeders(new bytes32[](0), new uint32[](0));
    }

    function test_limitsThatMakeNoSenseAreRefused() public {
        Limits memory bad = limits();
        bad.horizon = bad.lead;
        assertBadLimits(bad, noLines());
        bad = limits();
        bad.floor = bad.cap + 1;
        assertBadLimits(bad, noLines());
        bad = limits();
        bad.gridBp = 9_951;
        assertBadLimits(bad, noLines());
        bad = limits();
        bad.horizon = 1001 * 15 minutes;
        assertBadLimits(bad, noLines());
        LineLimit[] memory lines = line(1);
        (lines[0].feeders[0], lines[0].feeders[1]) = (FEEDER, FEEDER);
        assertBadLimits(limits(), lines);
        lines[0].feeders = new bytes32[](1);
        assertBadLimits(limits(), lines);
    }

    function test_aBoardIsMadeOfPartiesThatDiffer() public {
        address[] memory affiliates = new address[](1);
        affiliates[0] = deputy;
        vm.expectRevert(ReviewBoard.BadSetup.selector);
        new ReviewBoard(registry(), agency, deputy, grid, affiliates, 15 minutes, 1 days, limits());
        affiliates[0] = otherSeller;
        vm.expectRevert(ReviewBoard.BadSetup.selector);
        new ReviewBoard(registry(), agency, agency, grid, affiliates, 15 minutes, 1 days, limits());
        vm.expectRevert(Publications.BadPublisher.selector);
        new ReviewBoard(registry(), agency, deputy, grid, affiliates, 15 minutes, 30 days + 1, limits());
        board = new ReviewBoard(registry(), agency, deputy, grid, affiliates, 15 minutes, 0, limits());
        assertTrue(board.isOfAgency(otherSeller), "an affiliate");
        assertFalse(board.isOfAgency(deputy), "the deputy");
    }

    // --------------------------------------------------------------------------------------------------- inside

    function fitting() private pure returns (Facts memory) {
        return Facts(true, true, 10_000, 1e6, 1e6);
    }

    function broken(OrderTerms memory terms) private view returns (Rule) {
        return board.firstBroken(terms, fitting(), noLines());
    }

    function assertBroken(Rule rule, OrderTerms memory terms, Facts memory facts) private view {
        assertEq(uint256(board.firstBroken(terms, facts, noLines())), uint256(rule), "rule");
    }

    function assertRejected(Rule rule, OrderTerms memory terms) private {
        vm.expectEmit(address(board));
        emit ReviewBoard.Reviewed(address(book), keyOf(terms), agency, rule);
        vm.prank(agency);
        board.review(book, terms, noLines());
        assertStatus(OrderBook.Status.REJECTED, terms);
        assertEq(
            uint256(board.outcomeOf(address(book), keyOf(terms))), uint256(ReviewBoard.Outcome.REJECTED), "outcome"
        );
    }

    function assertPrice(Rule rule, uint64 doubledPrice) private {
        OrderTerms memory terms = usual();
        terms.doubledPrice = doubledPrice;
        assertBroken(rule, terms, fitting());
    }

    function assertEscrows(Rule rule, uint64 buyers, uint64 sellers) private {
        Facts memory facts = fitting();
        (facts.escrowBuyer, facts.escrowSeller) = (buyers, sellers);
        assertBroken(rule, usual(), facts);
    }

    function assertTyped(Rule rule, bytes32 energyType, uint32 version, uint64 quantity) private {
        OrderTerms memory terms = usual();
        (terms.energyType, terms.tableVersion, terms.quantity) = (energyType, version, quantity);
        assertBroken(rule, terms, fitting());
    }

    function assertBadLimits(Limits memory bad, LineLimit[] memory lines) private {
        vm.prank(agency);
        vm.expectRevert(Publications.BadLimits.selector);
        board.publishLimits(bad, lines);
    }

    function approve(OrderTerms memory terms, LineLimit[] memory lines) private {
        establish(terms);
        vm.prank(agency);
        board.review(book, terms, lines);
        assertStatus(OrderBook.Status.APPROVED, terms);
    }

    function by(address otherOne, OrderTerms memory terms) private pure returns (OrderTerms memory) {
        (terms.seller, terms.pile) = (otherOne, pileOf(otherOne));
        return terms;
    }

    function elsewhere(OrderTerms memory terms) private pure returns (OrderTerms memory) {
        terms.feeder = OTHER_FEEDER;
        return terms;
    }

    function within(OrderTerms memory terms, uint40 from, uint40 to) private pure returns (OrderTerms memory) {
        (terms.start, terms.end) = (NOON + from * 1 minutes, NOON + to * 1 minutes);
        return terms;
    }

    function limitFeeders(uint32 watts) private {
        vm.warp(NOW - 1 days);
        publishFeeders(watts);
        vm.warp(NOW);
    }

    function publishLine(uint64 limit) private returns (LineLimit[] memory lines) {
        lines = line(limit);
        vm.warp(NOW - 1 days);
        vm.prank(agency);
        board.publishLimits(limits(), lines);
        vm.warp(NOW);
    }

    /// A line that the feeder loads watt by watt, and the other relieves.
    function line(uint64 limit) private pure returns (LineLimit[] memory lines) {
        lines = new LineLimit[](1);
        lines[0] = LineLimit("line", limit, new bytes32[](2), new int64[](2));
        (lines[0].feeders[0], lines[0].microPerWatt[0]) = (FEEDER, 1e6);
        (lines[0].feeders[1], lines[0].microPerWatt[1]) = (OTHER_FEEDER, -1e6);
    }
}
