// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {OfferBoard} from "../../main/solidity/OfferBoard.sol";
import {OrderTerms} from "../../main/solidity/market/OrderTerms.sol";
import {Metering} from "../../main/solidity/market/Settlement.sol";
import {RegisteredMarket} from "./RegisteredMarket.sol";
import {Matching} from "./market/Matching.sol";
import {Money} from "./tokens/Money.sol";

/// What each step costs as a transaction of its own, with OpenZeppelin's ERC-20 and the registry; kept in snapshots/Market.json.
/// forge-config: default.isolate = true
contract MarketGasTest is RegisteredMarket {
    function setUp() public override {
        super.setUp();
        // A contract that had some money, and accounts that were owed some: as in its daily life.
        Money(address(token)).mint(address(book), 1);
        OrderTerms memory before = execute(usual());
        settle(before, 10_000, 10_000, 0);
        vm.warp(NOW);
        vm.prank(seller);
        offers.publish(address(book), ELECTRICITY, offer());
    }

    function test_offers() public {
        vm.startPrank(seller);
        offers.publish(address(book), ELECTRICITY, offer());
        snapshot("publish an offer");
        offers.amend(1, offer());
        snapshot("amend an offer");
        offers.withdraw(1);
        snapshot("withdraw an offer");
        vm.stopPrank();
    }

    function test_anOrdersLife() public {
        OrderTerms memory terms = usual();
        (terms.listing, terms.listingVersion) = (1, 1);
        // four slots, one storage word of the feeder and one of the seller
        vm.prank(buyer);
        book.request(terms, noPermit());
        snapshot("request an order");
        bytes memory buyers = signed(buyerKey, terms);
        vm.prank(seller);
        book.confirm(terms, buyers, noPermit());
        snapshot("confirm it with the buyer's signature");
        vm.prank(agency);
        board.review(book, terms, enclosed());
        snapshot("review and approve it");
        book.record(terms);
        snapshot("record it");
        vm.warp(terms.end);
        Metering memory metering = Metering(10_000, 10_000, 0);
        bytes memory buyersWord = signed(buyerKey, terms, metering);
        vm.prank(seller);
        book.settle(terms, metering, buyersWord, "");
        snapshot("settle it");
        book.claim(seller);
        snapshot("claim");
    }

    function test_anOrderThatExpires() public {
        OrderTerms memory terms = establish(usual());
        vm.warp(NOW + 13 minutes);
        book.expire(terms);
        snapshot("expire an order for want of a review");
    }

    function test_matches() public {
        address[4] memory traders = [seller, otherSeller, buyer, otherBuyer];
        for (uint256 i = 0; i < 16; ++i) {
            quote(traders[i % 4], i % 4 < 2 ? ASK : BID, uint56(i % 4 < 2 ? 10 + i : 30 - i), 5);
        }
        snapshot("quote");
        vm.warp(MATCHING);
        Matching.List memory found = Matching.of_(quotes, 16, false);
        assertEq(found.matches.length, 5, "matches");
        quotes.announce(found.asks, found.bids, found.matches);
        snapshot("announce 5 matches among 16 quotes");
    }

    function offer() private pure returns (OfferBoard.Offer memory) {
        return OfferBoard.Offer(600, 20_000, NOON, NOON + 1 hours, "more about it");
    }

    function snapshot(string memory what) private {
        vm.snapshotGasLastCall("Market", what);
    }
}
