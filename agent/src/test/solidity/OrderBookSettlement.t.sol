// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {OrderBook} from "../../main/solidity/OrderBook.sol";
import {OrderTerms} from "../../main/solidity/market/OrderTerms.sol";
import {Limits} from "../../main/solidity/market/ReviewRules.sol";
import {Metering, Settling} from "../../main/solidity/market/Settlement.sol";
import {Till} from "../../main/solidity/market/Till.sol";
import {MarketFixture} from "./MarketFixture.sol";

/// P2-11, P2-12, P2-14, P2-19: what an order comes to, with the numbers of the Java model's tests.
contract OrderBookSettlementTest is MarketFixture {
    /// Any tolerance and any rate.
    function limits() internal pure override returns (Limits memory) {
        return Limits(1 hours, 2 hours, 300, 400, 300, 50, 10_000, 0, 1, 1);
    }

    function test_whatIsDeliveredInFullIsPaidAndShared() public {
        OrderTerms memory terms = execute(usual());
        settle(terms, 10_000, 10_000, 0);
        assertStatus(OrderBook.Status.SETTLED, terms);
        assertOwed(500, 500 + 2895, 90, 15);
        assertEscrow(terms, 0, 0);
        claimAll();
        assertEq(token.balanceOf(address(book)), 0, "nothing is left");
        assertEq(token.balanceOf(grid), 90, "the grid's fee");
        assertEq(token.balanceOf(agency), 15, "the agency's fee");
    }

    function test_whatTheChannelPaidIsNotPaidAgain() public {
        OrderTerms memory terms = execute(usual());
        settle(terms, 10_000, 10_000, 3000);
        assertOwed(3500, 500 - 105, 90, 15);
    }

    function test_withinTheToleranceNobodyOwesDamages() public {
        // a tenth of 10 kWh
        OrderTerms memory terms = execute(usual());
        settle(terms, 9_000, 9_000, 0);
        assertStatus(OrderBook.Status.SETTLED, terms);
    }

    function test_beyondTheToleranceItIsADefault() public {
        OrderTerms memory terms = execute(usual());
        settle(terms, 8_990, 8_990, 0);
        assertStatus(OrderBook.Status.DEFAULTED, terms);
    }

    function test_aSellerThatIsShortPaysForWhatIsBeyondTheTolerance() public {
        OrderTerms memory terms = execute(usual());
        settle(terms, 5_000, 5_000, 0);
        assertStatus(OrderBook.Status.DEFAULTED, terms);
        assertEq(book.owed(buyer), 3500 - 1500 + 400, "the buyer's");
    }

    function test_aBuyerThatTakesLessPaysForWhatIsBeyondTheTolerance() public {
        OrderTerms memory terms = execute(usual());
        settle(terms, 10_000, 6_000, 0);
        assertEq(book.owed(buyer), 3500 - 1800 - 300, "the buyer's");
    }

    function test_aBuyerThatTakesMorePaysForWhatIsBeyondTheTolerance() public {
        OrderTerms memory terms = execute(usual());
        settle(terms, 11_500, 11_500, 0);
        // 11.5 kWh, and 500 Wh beyond the tolerance
        assertEq(book.owed(buyer), 3500 - 3450 - 50, "the buyer's");
        assertStatus(OrderBook.Status.DEFAULTED, terms);
    }

    function test_whatIsTakenOnTopIsBilledAsFarAsTheEscrowReaches() public {
        OrderTerms memory terms = execute(usual());
        settle(terms, 13_000, 13_000, 0);
        assertOwed(0, 500 + 3500 - 122, 105, 17);
    }

    function test_whatTheChannelPaidOnTopIsBilledToo() public {
        OrderTerms memory terms = execute(usual());
        settle(terms, 20_000, 20_000, 6000);
        // 20 kWh are paid; their fees come from the seller's escrow, and damages for nine from the buyer's
        assertOwed(3500 - 500, 500 - 210 + 500, 180, 30);
    }

    function test_beyondTheToleranceIsADefaultAlsoWhereItCostsNothing() public {
        OrderTerms memory terms = usual();
        terms.defaultRate = 0;
        execute(terms);
        settle(terms, 8_999, 8_999, 0);
        assertStatus(OrderBook.Status.DEFAULTED, terms);
    }

    function test_withoutEvidenceABuyerWithTheMeterHasBeenDeliveredEverything() public {
        OrderTerms memory terms = record(exported(usual()));
        vm.warp(terms.end + 1 days + 1);
        book.expire(terms);
        assertStatus(OrderBook.Status.SETTLED, terms);
        assertOwed(500, 500 + 2895, 90, 15);
    }

    function test_damagesAreCappedByTheEscrow() public {
        OrderTerms memory terms = execute(usual());
        settle(terms, 0, 0, 0);
        assertOwed(4000, 0, 0, 0);
    }

    function test_bothSignWhatWasMetered() public {
        OrderTerms memory terms = execute(usual());
        Metering memory metering = Metering(10_000, 10_000, 0);
        bytes memory buyers = signed(buyerKey, terms, metering);
        bytes memory sellers = signed(sellerKey, terms, metering);
        vm.prank(buyer);
        vm.expectRevert(abi.encodeWithSelector(OrderBook.BadSignature.selector, seller));
        book.settle(terms, metering, "", buyers);
        vm.expectRevert(abi.encodeWithSelector(OrderBook.BadSignature.selector, buyer));
        book.settle(terms, Metering(10_000, 9_999, 0), buyers, sellers);
        vm.prank(stranger);
        book.settle(terms, metering, buyers, sellers);
        assertStatus(OrderBook.Status.SETTLED, terms);
    }

    function test_whatWasTakenWasAvailable() public {
        OrderTerms memory terms = execute(usual());
        Metering memory metering = Metering(9, 10, 0);
        bytes memory signature = signed(buyerKey, terms, metering);
        vm.prank(seller);
        vm.expectRevert(abi.encodeWithSelector(Settling.TakenNotAvailable.selector, 9, 10));
        book.settle(terms, metering, signature, "");
    }

    function test_theMeterThatBothNamedSettlesOnceReceiptsAreIn() public {
        OrderTerms memory terms = execute(usual());
        bytes memory evidence = meterRecord(meterKey, terms, 10_000, 10_000);
        uint256 from = terms.end + 1 hours;
        vm.warp(from - 1);
        vm.expectRevert(abi.encodeWithSelector(OrderBook.TooEarly.selector, from));
        book.settleByMeter(terms, 10_000, 10_000, terms.end, evidence);
        bytes memory sellers = receipt(sellerKey, terms, 1000);
        vm.startPrank(buyer);
        book.acknowledge(terms, 1000, sellers);
        vm.expectRevert(abi.encodeWithSelector(OrderBook.BadSignature.selector, seller));
        book.acknowledge(terms, 1001, sellers);
        vm.stopPrank();
        vm.prank(seller);
        book.acknowledge(terms, 999, "");
        assertEq(book.orderOf(keyOf(terms)).paid, 1000, "the highest counts");
        vm.warp(from);
        vm.expectRevert(abi.encodeWithSelector(OrderBook.BadSignature.selector, meter));
        book.settleByMeter(terms, 10_000, 9_999, terms.end, evidence);
        book.settleByMeter(terms, 10_000, 10_000, terms.end, evidence);
        assertOwed(500 + 1000, 500 + 2895 - 1000, 90, 15);
    }

    /// A meter may sign readings while energy flows, or start anew: what settles is what it says when all has flowed.
    function test_aReadingOfADeliveryUnderWaySettlesNothing() public {
        OrderTerms memory terms = execute(usual());
        uint40 from = terms.end + 1 hours;
        vm.warp(from);
        bytes memory early = meterRecord(meterKey, terms, 4_000, 4_000, terms.end - 1);
        vm.expectRevert(abi.encodeWithSelector(OrderBook.BadReading.selector, terms.end - 1));
        book.settleByMeter(terms, 4_000, 4_000, terms.end - 1, early);
        vm.expectRevert(abi.encodeWithSelector(OrderBook.BadSignature.selector, meter));
        book.settleByMeter(terms, 4_000, 4_000, terms.end, early);
        bytes memory ahead = meterRecord(meterKey, terms, 10_000, 10_000, from + 1);
        vm.expectRevert(abi.encodeWithSelector(OrderBook.BadReading.selector, from + 1));
        book.settleByMeter(terms, 10_000, 10_000, from + 1, ahead);
        book.settleByMeter(terms, 10_000, 10_000, from, meterRecord(meterKey, terms, 10_000, 10_000, from));
        assertOwed(500, 500 + 2895, 90, 15);
    }

    function test_aSettlementBeforeTheEndFreesThePromise() public {
        OrderTerms memory terms = execute(usual());
        vm.warp(terms.end - 1);
        settle(terms, 10_000, 10_000, 0);
        assertEq(board.feederPromised(FEEDER, false, NOON), 0, "freed");
        assertEq(board.pilePromised(terms.pile, NOON), 0, "freed");
    }

    // ---------------------------------------------------------------------------------------------- claims

    function test_aClaimIsPaidOnce() public {
        OrderTerms memory terms = request(usual());
        vm.prank(seller);
        book.refuse(terms);
        uint256 before = token.balanceOf(stranger);
        vm.prank(buyer);
        book.claimTo(stranger);
        assertEq(token.balanceOf(stranger) - before, 3500, "where the buyer wants it");
        vm.expectRevert(abi.encodeWithSelector(Till.NothingOwed.selector, buyer));
        book.claim(buyer);
    }


    /// The same for all terms that pass and whatever is metered; the payouts are what is owed to parties that differ.
    function testFuzz_everySettlementAddsUp(
        uint64 doubledPrice,
        uint64 energyWh,
        uint64 extra,
        uint64 rate,
        uint16 tolerance,
        uint64 available,
        uint64 taken,
        uint64 paid
    ) public {
        OrderTerms memory terms = usual();
        withEnergy(terms, uint64(bound(energyWh, 1, 10_000)));
        terms.doubledPrice = uint64(bound(doubledPrice, 600, 800));
        uint256 whole = (uint256(terms.energyWh) * terms.doubledPrice) / 2000;
        terms.defaultAmount = uint64((whole * 350) / 10_000 + 1 + bound(extra, 0, 1e6));
        terms.defaultRate = rate;
        terms.toleranceBp = uint16(bound(tolerance, 0, 10_000));
        execute(terms);
        available = uint64(bound(available, 0, 13_000));
        settle(terms, available, uint64(bound(taken, 0, available)), uint64(bound(paid, 0, 5000)));
        uint256 paidOut = book.owed(buyer) + book.owed(seller) + book.owed(grid) + book.owed(agency);
        assertEq(paidOut, whole + 2 * uint256(terms.defaultAmount), "the escrow, to the last unit");
        claimAll();
        assertEq(token.balanceOf(address(book)), 0, "and nothing is left");
    }
}
