// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {OfferBoard} from "../../main/solidity/OfferBoard.sol";
import {OrderBook} from "../../main/solidity/OrderBook.sol";
import {Deadlines, Timing} from "../../main/solidity/market/Deadlines.sol";
import {OrderTerms, Terms} from "../../main/solidity/market/OrderTerms.sol";
import {QuoteBook} from "../../main/solidity/QuoteBook.sol";
import {IRegistry} from "../../main/solidity/interfaces/IRegistry.sol";
import {ReviewBoard} from "../../main/solidity/ReviewBoard.sol";
import {Limits, Veto} from "../../main/solidity/market/ReviewRules.sol";
import {Metering} from "../../main/solidity/market/Settlement.sol";
import {Till} from "../../main/solidity/market/Till.sol";
import {MarketFixture} from "./MarketFixture.sol";

/// A registry that was made without a thought of this book.
contract NoObligors {
    function isObligor(address) external pure returns (bool) {
        return false;
    }
}

/// P2-06 to P2-12, P2-19: an order's life on the chain, with the numbers of the Java model's OrderTest.
contract OrderBookTest is MarketFixture {
    // ------------------------------------------------------------------------------------------------- request

    function test_theRequestLocksThePriceAndTheBuyersDefaultAmount() public {
        OrderTerms memory terms = request(usual());
        assertStatus(OrderBook.Status.REQUESTED, terms);
        assertEscrow(terms, 3500, 0);
        assertEq(token.balanceOf(address(book)), 3500, "held");
    }

    function test_onlyTheBuyerAsks() public {
        OrderTerms memory terms = usual();
        vm.prank(seller);
        vm.expectRevert(OrderBook.NotTheBuyer.selector);
        book.request(terms, noPermit());
    }

    function test_anOrderIsAskedForOnce() public {
        OrderTerms memory terms = request(usual());
        vm.expectRevert(abi.encodeWithSelector(OrderBook.OutOfTurn.selector, OrderBook.Status.REQUESTED));
        vm.prank(buyer);
        book.request(terms, noPermit());
        vm.prank(seller);
        book.refuse(terms);
        vm.expectRevert(abi.encodeWithSelector(OrderBook.OutOfTurn.selector, OrderBook.Status.REFUSED));
        vm.prank(buyer);
        book.request(terms, noPermit());
    }

    function test_termsThatAreNoneAreRefused() public {
        OrderTerms memory terms = usual();
        terms.buyer = terms.seller;
        assertRefused(terms, abi.encodeWithSelector(Terms.SameParty.selector));
        terms = usual();
        terms.energyWh = 0;
        assertRefused(terms, abi.encodeWithSelector(Terms.OutOfRange.selector));
        terms = usual();
        terms.end = terms.start;
        assertRefused(terms, abi.encodeWithSelector(Terms.OutOfRange.selector));
        terms = usual();
        terms.toleranceBp = 10_001;
        assertRefused(terms, abi.encodeWithSelector(Terms.OutOfRange.selector));
        terms = usual();
        terms.defaultAmount = 104;
        assertRefused(terms, abi.encodeWithSelector(Terms.DefaultBelowFees.selector, 104, 105));
        terms = usual();
        terms.defaultAmount = uint64(1) << 62;
        assertRefused(terms, abi.encodeWithSelector(Terms.Uncountable.selector));
    }

    function test_theMeterIsNobodysWhoTrades() public {
        address[3] memory none = [address(0), seller, buyer];
        for (uint256 i = 0; i < none.length; ++i) {
            OrderTerms memory terms = usual();
            terms.meter = none[i];
            assertRefused(terms, abi.encodeWithSelector(Terms.NoMeter.selector));
        }
    }

    function test_aDefaultAmountOfAllTheFeesIsEnough() public {
        OrderTerms memory terms = usual();
        terms.defaultAmount = 105;
        request(terms);
        assertEscrow(terms, 3105, 0);
    }

    // -------------------------------------------------------------------------------------------- confirmation

    function test_theConfirmationLocksTheSellersDefaultAmount() public {
        OrderTerms memory terms = confirm(request(usual()));
        assertStatus(OrderBook.Status.CONFIRMED, terms);
        assertEscrow(terms, 3500, 500);
    }

    function test_onlyTheSellerAnswers() public {
        OrderTerms memory terms = request(usual());
        vm.startPrank(buyer);
        vm.expectRevert(OrderBook.NotTheSeller.selector);
        book.confirm(terms, "", noPermit());
        vm.expectRevert(OrderBook.NotTheSeller.selector);
        book.refuse(terms);
        vm.stopPrank();
        vm.prank(seller);
        book.refuse(terms);
        assertStatus(OrderBook.Status.REFUSED, terms);
        assertOwed(3500, 0, 0, 0);
        assertEscrow(terms, 0, 0);
    }

    function test_theOrderIsOfThePileOfThePartyThatMeters() public {
        OrderTerms memory terms = usual();
        terms.pile = pileOf(otherSeller);
        request(terms);
        vm.prank(seller);
        vm.expectRevert(abi.encodeWithSelector(OrderBook.NotThePile.selector, terms.pile));
        book.confirm(terms, "", noPermit());
        OrderTerms memory export = exported(usual());
        export.pile = pileOf(seller);
        request(export);
        vm.prank(seller);
        vm.expectRevert(abi.encodeWithSelector(OrderBook.NotThePile.selector, export.pile));
        book.confirm(export, "", noPermit());
    }

    function test_otherTermsAreAnotherOrder() public {
        OrderTerms memory terms = request(usual());
        terms.doubledPrice = 2;
        vm.expectRevert(abi.encodeWithSelector(OrderBook.OutOfTurn.selector, OrderBook.Status.NONE));
        vm.prank(seller);
        book.confirm(terms, "", noPermit());
    }

    function test_aConfirmationTakesTheListingsEnergy() public {
        OrderTerms memory terms = request(listed(15_000));
        assertEq(offers.listingOf(1).openWh, 15_000, "only asked for");
        confirm(terms);
        assertEq(offers.listingOf(1).openWh, 5_000, "taken");
        OrderTerms memory second = usual();
        second.listing = 1;
        second.listingVersion = 1;
        assertRefused(second, abi.encodeWithSelector(OfferBoard.NotEnoughOpen.selector, 1, 5_000));
        vm.warp(NOW + 11 minutes + 1);
        book.expire(terms);
        assertEq(offers.listingOf(1).openWh, 15_000, "given back");
    }

    function test_ofTwoThatAskForTheSameEnergyOneGetsIt() public {
        OrderTerms memory one = request(listed(15_000));
        OrderTerms memory other = usual();
        (other.listing, other.listingVersion) = (1, 1);
        request(other);
        confirm(one);
        vm.expectRevert(abi.encodeWithSelector(OfferBoard.NotEnoughOpen.selector, 1, 5_000));
        vm.prank(seller);
        book.confirm(other, "", noPermit());
        vm.prank(seller);
        book.refuse(other);
        assertEq(offers.listingOf(1).openWh, 5_000, "a refusal gives nothing back");
    }

    // ----------------------------------------------------------------------------------------------- signatures

    function test_itIsEstablishedOnceBothHaveSigned() public {
        OrderTerms memory terms = confirm(request(usual()));
        vm.prank(stranger);
        vm.expectRevert(OrderBook.NotAParty.selector);
        book.sign(terms);
        vm.startPrank(buyer);
        book.sign(terms);
        book.sign(terms);
        vm.stopPrank();
        assertStatus(OrderBook.Status.CONFIRMED, terms);
        vm.prank(seller);
        book.sign(terms);
        assertStatus(OrderBook.Status.ESTABLISHED, terms);
    }

    function test_anybodyBringsBothSignatures() public {
        OrderTerms memory terms = confirm(request(usual()));
        bytes memory buyers = signed(buyerKey, terms);
        bytes memory sellers = signed(sellerKey, terms);
        vm.startPrank(stranger);
        vm.expectRevert(abi.encodeWithSelector(OrderBook.BadSignature.selector, buyer));
        book.establish(terms, sellers, sellers);
        vm.expectRevert(abi.encodeWithSelector(OrderBook.BadSignature.selector, seller));
        book.establish(terms, buyers, buyers);
        book.establish(terms, buyers, sellers);
        vm.stopPrank();
        assertStatus(OrderBook.Status.ESTABLISHED, terms);
    }

    function test_aConfirmationWithTheBuyersSignatureEstablishes() public {
        OrderTerms memory terms = request(usual());
        bytes memory buyers = signed(buyerKey, terms);
        vm.prank(seller);
        book.confirm(terms, buyers, noPermit());
        assertStatus(OrderBook.Status.ESTABLISHED, terms);
        assertEscrow(terms, 3500, 500);
    }

    function test_aSignatureOfAnotherOrderIsNone() public {
        OrderTerms memory other = usual();
        OrderTerms memory terms = request(usual());
        bytes memory buyers = signed(buyerKey, other);
        vm.prank(seller);
        vm.expectRevert(abi.encodeWithSelector(OrderBook.BadSignature.selector, buyer));
        book.confirm(terms, buyers, noPermit());
        assertStatus(OrderBook.Status.REQUESTED, terms);
    }

    // --------------------------------------------------------------------------------------- review and record

    function test_onlyTheReviewBoardDecides() public {
        OrderTerms memory terms = establish(usual());
        vm.startPrank(agency);
        vm.expectRevert(OrderBook.NotTheReviewBoard.selector);
        book.approve(terms);
        vm.expectRevert(OrderBook.NotTheReviewBoard.selector);
        book.reject(terms, 1);
        vm.stopPrank();
    }

    function test_nothingIsReviewedBeforeItIsEstablished() public {
        OrderTerms memory terms = confirm(request(usual()));
        vm.expectRevert(abi.encodeWithSelector(OrderBook.OutOfTurn.selector, OrderBook.Status.CONFIRMED));
        vm.prank(agency);
        board.review(book, terms, enclosed());
    }

    function test_anApprovedOrderGoesOnRecordAndBegins() public {
        OrderTerms memory terms = approve(usual());
        vm.prank(stranger);
        book.record(terms);
        assertStatus(OrderBook.Status.RECORDED, terms);
        vm.prank(seller);
        vm.expectRevert(abi.encodeWithSelector(OrderBook.TooEarly.selector, NOON));
        book.begin(terms);
        vm.warp(NOON);
        vm.prank(stranger);
        vm.expectRevert(OrderBook.NotAParty.selector);
        book.begin(terms);
        vm.prank(buyer);
        book.begin(terms);
        assertStatus(OrderBook.Status.EXECUTING, terms);
    }

    // -------------------------------------------------------------------------------------------------- deadlines

    function test_everyStageBeforeTheDeliveryExpiresWithARefund() public {
        OrderTerms memory terms = request(usual());
        expireAfter(terms, 10 minutes);
        assertOwed(3500, 0, 0, 0);
        claimAll();
        expireAfter(confirm(request(usual())), 11 minutes);
        assertOwed(3500, 500, 0, 0);
        claimAll();
        expireAfter(establish(usual()), 12 minutes);
        assertOwed(3500, 500, 0, 0);
        claimAll();
        terms = approve(usual());
        assertEq(board.feederPromised(FEEDER, false, NOON), 10_000, "promised");
        expireAfter(terms, 13 minutes);
        assertOwed(3500, 500, 0, 0);
        assertEq(board.feederPromised(FEEDER, false, NOON), 0, "freed");
    }

    function test_whatComesAfterTheDeadlineComesTooLate() public {
        OrderTerms memory terms = request(usual());
        vm.warp(NOW + 10 minutes + 1);
        vm.prank(seller);
        vm.expectRevert(abi.encodeWithSelector(OrderBook.TooLate.selector, NOW + 10 minutes));
        book.confirm(terms, "", noPermit());
        vm.warp(NOW);
        terms = establish(usual());
        vm.warp(NOW + 12 minutes + 1);
        vm.prank(agency);
        vm.expectRevert(abi.encodeWithSelector(OrderBook.TooLate.selector, NOW + 12 minutes));
        board.veto(book, terms, VETO);
    }

    function test_anOrderIsOnRecordBeforeItBegins() public {
        vm.warp(NOW - 2 days);
        Limits memory soon = limits();
        soon.lead = 5 minutes;
        vm.prank(agency);
        board.publishLimits(soon, noLines());
        vm.warp(NOON - 5 minutes);
        OrderTerms memory terms = approve(usual());
        assertEq(book.orderOf(keyOf(terms)).deadline, NOON, "not thirteen minutes");
        vm.warp(NOON + 1);
        vm.expectRevert(abi.encodeWithSelector(OrderBook.TooLate.selector, NOON));
        book.record(terms);
        book.expire(terms);
        assertOwed(3500, 500, 0, 0);
    }

    function test_withoutEvidenceTheSellerHasDeliveredNothing() public {
        OrderTerms memory terms = execute(usual());
        uint256 deadline = terms.end + 1 days;
        vm.warp(deadline);
        vm.expectRevert(abi.encodeWithSelector(OrderBook.TooEarly.selector, deadline + 1));
        book.expire(terms);
        vm.warp(deadline + 1);
        vm.prank(seller);
        vm.expectRevert(abi.encodeWithSelector(OrderBook.TooLate.selector, deadline));
        book.settle(terms, Metering(0, 0, 0), "", "");
        book.expire(terms);
        assertStatus(OrderBook.Status.DEFAULTED, terms);
        assertOwed(4000, 0, 0, 0);
    }

    function test_anExecutedOrderThatWasNotBegunEndsTheSame() public {
        OrderTerms memory terms = record(usual());
        vm.warp(terms.end + 1 days + 1);
        book.expire(terms);
        assertStatus(OrderBook.Status.DEFAULTED, terms);
        assertOwed(4000, 0, 0, 0);
    }

    function test_whatIsOverStaysOver() public {
        OrderTerms memory terms = execute(usual());
        settle(terms, 10_000, 10_000, 0);
        bytes memory over = abi.encodeWithSelector(OrderBook.Over.selector, OrderBook.Status.SETTLED);
        vm.warp(terms.end + 2 days);
        vm.expectRevert(over);
        book.expire(terms);
        vm.expectRevert(over);
        book.record(terms);
        vm.startPrank(seller);
        vm.expectRevert(over);
        book.confirm(terms, "", noPermit());
        vm.expectRevert(over);
        book.refuse(terms);
        vm.expectRevert(over);
        book.sign(terms);
        vm.expectRevert(over);
        book.begin(terms);
        vm.expectRevert(over);
        book.acknowledge(terms, 1, "");
        vm.expectRevert(over);
        book.settle(terms, Metering(1, 1, 0), "", "");
        vm.stopPrank();
    }

    // --------------------------------------------------------------------------------------------------- set up

    function test_stagesOfNoTimeOrForEverAreRefused() public {
        Timing memory bad = Timing(10 minutes, 0, 12 minutes, 13 minutes, 1 hours, 1 days);
        assertBadTiming(bad);
        bad.signatures = 30 days + 1;
        assertBadTiming(bad);
        bad.signatures = 30 days;
        (bad.receipts, bad.evidence) = (1 hours - 1, 1 days);
        assertBadTiming(bad);
        (bad.receipts, bad.evidence) = (1 days, 1 days + 1 hours - 1);
        assertBadTiming(bad);
        assertEq(keccak256(abi.encode(book.timing())), keccak256(abi.encode(timing())), "as it was made");
    }

    /// Nobody locks money in a book that its registry, its board or its quotes know nothing of.
    function test_aBookIsWiredFromBothSides() public {
        IRegistry strangers = IRegistry(address(new NoObligors()));
        deployWith(registry(), true, true, true);
        deployWith(strangers, true, true, false);
        deployWith(registry(), false, true, false);
        deployWith(registry(), true, false, false);
    }

    function test_aBookNeedsAToken() public {
        vm.expectRevert(Till.NoToken.selector);
        new OrderBook(IERC20(stranger), registry(), offers, quotes, board, timing());
    }

    // ------------------------------------------------------------------------------------------------- inside

    Veto private constant VETO = Veto.MAINTENANCE;

    function listed(uint64 energyWh) private returns (OrderTerms memory terms) {
        terms = usual();
        vm.prank(seller);
        terms.listing = offers.publish(
            address(book), ELECTRICITY, OfferBoard.Offer(600, energyWh, NOON, NOON + 2 hours, bytes32(0))
        );
        terms.listingVersion = 1;
    }

    function assertBadTiming(Timing memory bad) private {
        vm.expectRevert(Deadlines.BadTiming.selector);
        new OrderBook(token, registry(), offers, quotes, board, bad);
    }

    /// With quotes and a board that were made for it, or for another.
    function deployWith(IRegistry of_, bool itsQuotes, bool itsBoard, bool works) private {
        address[] memory foreseen = new address[](1);
        foreseen[0] = vm.computeCreateAddress(address(this), vm.getNonce(address(this)) + 2);
        ReviewBoard board_ = new ReviewBoard(setup(foreseen), limits());
        QuoteBook quotes_ = new QuoteBook(registry(), foreseen[0], cycles());
        if (!works) vm.expectRevert(OrderBook.NotWired.selector);
        new OrderBook(token, of_, offers, itsQuotes ? quotes_ : quotes, itsBoard ? board_ : board, timing());
    }

    function assertRefused(OrderTerms memory terms, bytes memory reason) private {
        vm.prank(terms.buyer);
        vm.expectRevert(reason);
        book.request(terms, noPermit());
    }

    function expireAfter(OrderTerms memory terms, uint256 stage) private {
        vm.warp(NOW + stage);
        vm.expectRevert(abi.encodeWithSelector(OrderBook.TooEarly.selector, NOW + stage + 1));
        book.expire(terms);
        vm.warp(NOW + stage + 1);
        vm.prank(stranger);
        book.expire(terms);
        assertStatus(OrderBook.Status.EXPIRED, terms);
        assertEscrow(terms, 0, 0);
        vm.warp(NOW);
    }
}
