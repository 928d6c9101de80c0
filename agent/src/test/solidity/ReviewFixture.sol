// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {OrderBook} from "../../main/solidity/OrderBook.sol";
import {ReviewBoard} from "../../main/solidity/ReviewBoard.sol";
import {OrderTerms} from "../../main/solidity/market/OrderTerms.sol";
import {Publications} from "../../main/solidity/market/Publications.sol";
import {Facts, Limits, LineLimit, Rule} from "../../main/solidity/market/ReviewRules.sol";
import {MarketFixture} from "./MarketFixture.sol";

/// Reviews of orders that just fit every rule, and of such that do not.
abstract contract ReviewFixture is MarketFixture {
    function fitting() internal pure returns (Facts memory) {
        return Facts(true, true, true, 10_000, "seller", 1e6, 1e6);
    }

    function broken(OrderTerms memory terms) internal view returns (Rule) {
        return board.firstBroken(terms, fitting(), enclosed());
    }

    function assertBroken(Rule rule, OrderTerms memory terms, Facts memory facts) internal view {
        assertEq(uint256(board.firstBroken(terms, facts, enclosed())), uint256(rule), "rule");
    }

    function assertRejected(Rule rule, OrderTerms memory terms) internal {
        vm.expectEmit(address(board));
        emit ReviewBoard.Reviewed(address(book), keyOf(terms), agency, rule);
        vm.prank(agency);
        board.review(book, terms, enclosed());
        assertStatus(OrderBook.Status.REJECTED, terms);
        assertEq(
            uint256(board.outcomeOf(address(book), keyOf(terms))), uint256(ReviewBoard.Outcome.REJECTED), "outcome"
        );
    }

    function assertPrice(Rule rule, uint64 doubledPrice) internal {
        OrderTerms memory terms = usual();
        terms.doubledPrice = doubledPrice;
        assertBroken(rule, terms, fitting());
    }

    function assertEscrows(Rule rule, uint64 buyers, uint64 sellers) internal {
        Facts memory facts = fitting();
        (facts.escrowBuyer, facts.escrowSeller) = (buyers, sellers);
        assertBroken(rule, usual(), facts);
    }

    function assertTyped(Rule rule, bytes32 energyType, uint32 version, uint64 quantity) internal {
        OrderTerms memory terms = usual();
        (terms.energyType, terms.tableVersion, terms.quantity) = (energyType, version, quantity);
        assertBroken(rule, terms, fitting());
    }

    function assertBadLimits(Limits memory bad, LineLimit[] memory lines) internal {
        vm.prank(agency);
        vm.expectRevert(Publications.BadLimits.selector);
        board.publishLimits(bad, lines);
    }

    function approve(OrderTerms memory terms, LineLimit[] memory lines) internal {
        establish(terms);
        vm.prank(agency);
        board.review(book, terms, enclosed(lines));
        assertStatus(OrderBook.Status.APPROVED, terms);
    }

    function by(address otherOne, OrderTerms memory terms) internal view returns (OrderTerms memory) {
        (terms.seller, terms.pile) = (otherOne, pileOf(otherOne));
        return terms;
    }

    function elsewhere(OrderTerms memory terms) internal pure returns (OrderTerms memory) {
        terms.feeder = OTHER_FEEDER;
        return terms;
    }

    function within(OrderTerms memory terms, uint40 from, uint40 to) internal pure returns (OrderTerms memory) {
        (terms.start, terms.end) = (NOON + from * 1 minutes, NOON + to * 1 minutes);
        return terms;
    }

    function limitFeeders(uint32 watts) internal {
        vm.warp(NOW - 1 days);
        publishFeeders(watts);
        vm.warp(NOW);
    }

    function publishLine(uint64 limit) internal returns (LineLimit[] memory lines) {
        lines = line(limit);
        vm.warp(NOW - 1 days);
        vm.prank(agency);
        board.publishLimits(limits(), lines);
        vm.warp(NOW);
    }

    /// A line that the feeder loads watt by watt, and the other relieves.
    function line(uint64 limit) internal pure returns (LineLimit[] memory lines) {
        lines = new LineLimit[](1);
        lines[0] = LineLimit("line", limit, new bytes32[](2), new int64[](2));
        (lines[0].feeders[0], lines[0].microPerWatt[0]) = (FEEDER, 1e6);
        (lines[0].feeders[1], lines[0].microPerWatt[1]) = (OTHER_FEEDER, -1e6);
    }
}
