// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {OrderBook} from "../../main/solidity/OrderBook.sol";
import {ReviewBoard} from "../../main/solidity/ReviewBoard.sol";
import {OrderTerms} from "../../main/solidity/market/OrderTerms.sol";
import {Publications} from "../../main/solidity/market/Publications.sol";
import {Limits, LineLimit, Rule, Veto} from "../../main/solidity/market/ReviewRules.sol";
import {ReviewFixture} from "./ReviewFixture.sol";

/// P2-03, P2-08, P2-09, P2-19: who reviews, once, and what the agency publishes.
contract ReviewBoardTest is ReviewFixture {
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
        parties.register(grid, 10_000);
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

    function assertBadSetup(ReviewBoard.Setup memory bad, bytes4 why) private {
        vm.expectRevert(why);
        new ReviewBoard(bad, limits());
    }
}
