// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {OrderBook} from "../../main/solidity/OrderBook.sol";
import {ReviewBoard} from "../../main/solidity/ReviewBoard.sol";
import {IOrderBook} from "../../main/solidity/interfaces/IOrderBook.sol";
import {Escrow, OrderTerms} from "../../main/solidity/market/OrderTerms.sol";
import {Publications} from "../../main/solidity/market/Publications.sol";
import {Limits, LineLimit, Rule, Veto} from "../../main/solidity/market/ReviewRules.sol";
import {ReviewFixture} from "./ReviewFixture.sol";

/// A book that has any money anybody wants.
contract LyingBook {
    bytes32 private immutable partner;

    constructor(bytes32 partner_) {
        partner = partner_;
    }

    function escrowOf(bytes32) external pure returns (Escrow memory) {
        return Escrow(type(uint64).max, type(uint64).max);
    }

    function partnerOf(bytes32) external view returns (bytes32) {
        return partner;
    }

    function approve(OrderTerms calldata) external {}
}

/// P2-03, P2-04, P2-09, P2-19: who reviews, once, and what the agency publishes.
contract ReviewBoardTest is ReviewFixture {
    bytes32 private affiliate;
    address private elsewhere_;

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
            board.review(book, terms, enclosed());
            vm.expectRevert(ReviewBoard.NotTheReviewer.selector);
            board.veto(book, terms, Veto.LEGAL_ORDER);
            vm.stopPrank();
        }
    }

    function test_nobodyReviewsItsOwnOrders() public {
        OrderTerms memory grids = by(grid, usual());
        fund(grid);
        registerPile(grid, 10_000);
        hang(grid, FEEDER);
        establish(grids);
        vm.startPrank(agency);
        vm.expectRevert(ReviewBoard.OwnOrder.selector);
        board.review(book, grids, enclosed());
        vm.expectRevert(ReviewBoard.OwnOrder.selector);
        board.veto(book, grids, Veto.LEGAL_ORDER);
        vm.stopPrank();
        vm.prank(grid);
        vm.expectRevert(ReviewBoard.OwnOrder.selector);
        board.review(book, grids, enclosed());
        vm.prank(stranger);
        vm.expectRevert(ReviewBoard.NotTheReviewer.selector);
        board.review(book, grids, enclosed());
        vm.prank(deputy);
        board.review(book, grids, enclosed());
        assertStatus(OrderBook.Status.APPROVED, grids);
    }

    function test_theDeputyReviewsNoOrderOfItsOwn() public {
        OrderTerms memory terms = by(grid, usual());
        terms.buyer = deputy;
        vm.prank(deputy);
        vm.expectRevert(ReviewBoard.OwnOrder.selector);
        board.review(book, terms, enclosed());
    }

    /// P2-19: who is of the agency stays so, whatever account it moves to, before the order and after.
    function test_anAffiliateIsKnownByItsIdNotItsAccount() public {
        (affiliate, elsewhere_) = (pileOf(seller), accountOf("pile-1's next account"));
        deploy();
        publishFeeders(10_000);
        hang(seller, FEEDER);
        fund(buyer);
        parties.move(seller, elsewhere_);
        fund(elsewhere_);
        OrderTerms memory terms = usual();
        terms.seller = elsewhere_;
        assertForTheDeputy(establish(terms));
        assertTrue(board.isAffiliate(pileOf(seller)), "an affiliate");
    }

    /// Nor does the deputy review as somebody else what it has agreed to itself.
    function test_theDeputyIsKnownByItsIdToo() public {
        address before = accountOf("the deputy's account of before");
        registerPile(before, 10_000);
        hang(before, FEEDER);
        fund(before);
        registerPile(grid, 10_000);
        fund(grid);
        OrderTerms memory terms = by(before, usual());
        terms.buyer = grid;
        establish(terms);
        parties.move(before, deputy);
        vm.prank(deputy);
        vm.expectRevert(ReviewBoard.OwnOrder.selector);
        board.review(book, terms, enclosed());
    }

    /// A book that nobody knows has said what it likes of its escrow, and would fill the feeder.
    function test_onlyOrdersOfTheBoardsBooksAreReviewed() public {
        OrderTerms memory terms = usual();
        IOrderBook fake = IOrderBook(address(new LyingBook(pileOf(buyer))));
        bytes memory not = abi.encodeWithSelector(ReviewBoard.NotABook.selector, address(fake));
        vm.startPrank(agency);
        vm.expectRevert(not);
        board.review(fake, terms, enclosed());
        vm.expectRevert(not);
        board.veto(fake, terms, Veto.MAINTENANCE);
        vm.stopPrank();
        assertEq(board.feederPromised(FEEDER, false, NOON), 0, "nothing is promised");
    }

    function test_anOrderIsReviewedOnce() public {
        OrderTerms memory terms = approve(usual());
        bytes memory again = abi.encodeWithSelector(ReviewBoard.AlreadyReviewed.selector, keyOf(terms));
        vm.startPrank(agency);
        vm.expectRevert(again);
        board.review(book, terms, enclosed());
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
        assertEq(board.feederPublished(FEEDER).from, NOW + 1 days, "from then on");
        assertEq(board.feederLimit(FEEDER), 10_000, "not yet");
        vm.warp(NOW + 1 days);
        assertEq(board.feederLimit(FEEDER), 5_000, "now");
        vm.expectRevert(Publications.NotTheAgency.selector);
        board.publishFeeders(new bytes32[](0), new uint32[](0));
        vm.startPrank(agency);
        vm.expectRevert(Publications.BadLimits.selector);
        board.publishFeeders(new bytes32[](1), new uint32[](1));
        vm.expectRevert(Publications.BadLimits.selector);
        board.publishFeeders(new bytes32[](1), new uint32[](0));
        vm.stopPrank();
    }

    function test_onWhichFeederAPileHangsToo() public {
        vm.expectRevert(Publications.NotTheAgency.selector);
        board.publishPiles(new bytes32[](0), new bytes32[](0));
        vm.prank(agency);
        vm.expectRevert(Publications.BadLimits.selector);
        board.publishPiles(new bytes32[](1), new bytes32[](0));
        vm.expectEmit(address(board));
        emit Publications.PilePublished(pileOf(seller), OTHER_FEEDER, NOW + 1 days);
        hang(seller, OTHER_FEEDER);
        Publications.Pile memory pile = board.pilePublished(pileOf(seller));
        assertEq(pile.feeder, FEEDER, "not yet");
        assertEq(pile.next, OTHER_FEEDER, "the next");
        vm.warp(NOW + 12 hours);
        hang(seller, "feeder-3");
        assertEq(board.pilePublished(pileOf(seller)).feeder, FEEDER, "still");
        vm.warp(NOW + 36 hours);
        hang(seller, FEEDER);
        assertEq(board.pilePublished(pileOf(seller)).feeder, "feeder-3", "the one that came into force");
    }

    /// What was not there takes nothing from anybody.
    function test_whatIsPublishedForTheFirstTimeHoldsAtOnce() public {
        vm.expectEmit(address(board));
        emit Publications.PilePublished(pileOf(stranger), FEEDER, NOW);
        hang(stranger, FEEDER);
        bytes32[] memory names = new bytes32[](1);
        uint32[] memory watts = new uint32[](1);
        (names[0], watts[0]) = ("feeder-3", 7_000);
        vm.prank(agency);
        board.publishFeeders(names, watts);
        assertEq(board.feederLimit("feeder-3"), 7_000, "at once");
        watts[0] = 8_000;
        vm.prank(agency);
        board.publishFeeders(names, watts);
        assertEq(board.feederLimit("feeder-3"), 7_000, "with notice");
    }

    function test_whatIsPublishedCanBeRead() public {
        Limits memory dear = limits();
        dear.floor = 400;
        vm.prank(agency);
        board.publishLimits(dear, line(1));
        Publications.Published memory all = board.published();
        assertEq(all.limits.floor, 300, "in force");
        assertEq(all.next.floor, 400, "the next");
        assertEq(all.from, NOW + 1 days, "from then on");
        assertEq(all.nextLinesHash, keccak256(abi.encode(line(1))), "lines");
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
        bad = limits();
        bad.maxToleranceBp = 10_001;
        assertBadLimits(bad, noLines());
        bad = limits();
        bad.minDefaultRate = 1 << 63;
        assertBadLimits(bad, noLines());
        bad = limits();
        bad.minEnergyWh = 1 << 63;
        assertBadLimits(bad, noLines());
        bad = limits();
        bad.minWindow = 1 hours + 1;
        assertBadLimits(bad, noLines());
        LineLimit[] memory lines = line(1);
        (lines[0].feeders[0], lines[0].feeders[1]) = (FEEDER, FEEDER);
        assertBadLimits(limits(), lines);
        lines[0].feeders = new bytes32[](1);
        assertBadLimits(limits(), lines);
    }

    function test_aBoardIsMadeOfPartiesThatDiffer() public {
        ReviewBoard.Setup memory bad = setup(new address[](0));
        bad.deputy = agency;
        assertBadSetup(bad, ReviewBoard.BadSetup.selector);
        bad.deputy = grid;
        assertBadSetup(bad, ReviewBoard.BadSetup.selector);
        bad = setup(new address[](0));
        bad.affiliates = new bytes32[](1);
        assertBadSetup(bad, ReviewBoard.BadSetup.selector);
    }

    function test_aNoticeIsLongEnoughToBeReadAndEnds() public {
        ReviewBoard.Setup memory bad = setup(new address[](0));
        bad.notice = 1 hours - 1;
        assertBadSetup(bad, Publications.BadPublisher.selector);
        bad.notice = 30 days + 1;
        assertBadSetup(bad, Publications.BadPublisher.selector);
        bad.notice = 1 hours;
        assertEq(new ReviewBoard(bad, limits()).notice(), 1 hours, "notice");
    }

    function setup(address[] memory books) internal view override returns (ReviewBoard.Setup memory all) {
        all = super.setup(books);
        if (affiliate == 0) return all;
        all.affiliates = new bytes32[](1);
        all.affiliates[0] = affiliate;
    }

    function assertForTheDeputy(OrderTerms memory terms) private {
        vm.prank(agency);
        vm.expectRevert(ReviewBoard.OwnOrder.selector);
        board.review(book, terms, enclosed());
        vm.prank(deputy);
        board.review(book, terms, enclosed());
        assertStatus(OrderBook.Status.APPROVED, terms);
    }

    function assertBadSetup(ReviewBoard.Setup memory bad, bytes4 why) private {
        vm.expectRevert(why);
        new ReviewBoard(bad, limits());
    }
}
