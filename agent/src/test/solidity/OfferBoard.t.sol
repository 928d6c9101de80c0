// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {OfferBoard} from "../../main/solidity/OfferBoard.sol";
import {OrderTerms} from "../../main/solidity/market/OrderTerms.sol";
import {MarketFixture} from "./MarketFixture.sol";

/// P2-05: what sellers offer, for all to read.
contract OfferBoardTest is MarketFixture {
    function test_anOfferIsPublishedWithASequenceNumber() public {
        vm.expectEmit(address(offers));
        emit OfferBoard.Published(1, seller, 1, address(book), ELECTRICITY, offer());
        assertEq(publish(), 1, "id");
        vm.expectEmit(address(offers));
        emit OfferBoard.Published(2, otherSeller, 2, address(book), ELECTRICITY, offer());
        vm.prank(otherSeller);
        offers.publish(address(book), ELECTRICITY, offer());
    }

    function test_onlyTheRegisteredPublish() public {
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(OfferBoard.NotRegistered.selector, stranger));
        offers.publish(address(book), ELECTRICITY, offer());
    }

    function test_anAmendmentIsTheNextVersion() public {
        uint64 id = publish();
        OfferBoard.Offer memory dearer = offer();
        (dearer.doubledPrice, dearer.energyWh) = (700, 1);
        vm.prank(otherSeller);
        vm.expectRevert(abi.encodeWithSelector(OfferBoard.NotTheSeller.selector, id));
        offers.amend(id, dearer);
        vm.expectEmit(address(offers));
        emit OfferBoard.Amended(id, 2, 2, dearer);
        vm.prank(seller);
        offers.amend(id, dearer);
        assertEq(offers.listingOf(id).version, 2, "version");
        assertEq(offers.listingOf(id).doubledPrice, 700, "price");
        assertEq(offers.listingOf(id).openWh, 1, "open");
    }

    function test_whatIsWithdrawnIsSoldNoMore() public {
        uint64 id = publish();
        OrderTerms memory terms = ordered(id);
        request(terms);
        vm.startPrank(seller);
        offers.withdraw(id);
        bytes memory withdrawn = abi.encodeWithSelector(OfferBoard.ListingWithdrawn.selector, id);
        vm.expectRevert(withdrawn);
        offers.withdraw(id);
        vm.expectRevert(withdrawn);
        offers.amend(id, offer());
        vm.expectRevert(withdrawn);
        book.confirm(terms, "", noPermit());
        vm.stopPrank();
        vm.prank(buyer);
        vm.expectRevert(withdrawn);
        book.request(ordered(id), noPermit());
    }

    function test_anOrderIsOfTheListingAsItStands() public {
        uint64 id = publish();
        OrderTerms memory terms = ordered(id);
        terms.doubledPrice = 602;
        assertNotOffered(terms, id, 1);
        terms = ordered(id);
        terms.start -= 1;
        assertNotOffered(terms, id, 1);
        terms = ordered(id);
        terms.end += 1;
        assertNotOffered(terms, id, 1);
        terms = ordered(id);
        terms.energyType = "steam";
        assertNotOffered(terms, id, 1);
        terms = ordered(id);
        terms.seller = otherSeller;
        assertNotOffered(terms, id, 1);
        OrderTerms memory unknown = ordered(9);
        vm.prank(buyer);
        vm.expectRevert(abi.encodeWithSelector(OfferBoard.NotTheBook.selector, 9));
        book.request(unknown, noPermit());
    }

    function test_anAmendmentTurnsDownWhatWasAskedForBefore() public {
        uint64 id = publish();
        OrderTerms memory terms = request(ordered(id));
        vm.startPrank(seller);
        offers.amend(id, offer());
        vm.expectRevert(abi.encodeWithSelector(OfferBoard.NotAsOffered.selector, id, 2));
        book.confirm(terms, "", noPermit());
        vm.stopPrank();
    }

    /// The seller can't have a request at another price than the buyer saw.
    function test_anAmendmentInFrontOfARequestTurnsItDown() public {
        uint64 id = publish();
        OrderTerms memory terms = ordered(id);
        OfferBoard.Offer memory dearer = offer();
        dearer.doubledPrice = 700;
        vm.prank(seller);
        offers.amend(id, dearer);
        assertNotOffered(terms, id, 2);
    }

    function test_onlyTheListingsBookTakes() public {
        uint64 id = publish();
        OrderTerms memory terms = ordered(id);
        vm.startPrank(stranger);
        vm.expectRevert(abi.encodeWithSelector(OfferBoard.NotTheBook.selector, id));
        offers.take(terms);
        vm.expectRevert(abi.encodeWithSelector(OfferBoard.NotTheBook.selector, id));
        offers.giveBack(terms);
        vm.stopPrank();
    }

    function test_aSellerAnnouncesSoOftenAndNotMore() public {
        // three at once, then one in ten minutes
        publish();
        uint64 id = publish();
        vm.prank(seller);
        offers.amend(id, offer());
        vm.startPrank(seller);
        vm.expectRevert(abi.encodeWithSelector(OfferBoard.TooOften.selector, NOW + 10 minutes));
        offers.amend(id, offer());
        offers.withdraw(id);
        vm.stopPrank();
        vm.prank(otherSeller);
        offers.publish(address(book), ELECTRICITY, offer());
        vm.warp(NOW + 10 minutes - 1);
        vm.prank(seller);
        vm.expectRevert(abi.encodeWithSelector(OfferBoard.TooOften.selector, NOW + 10 minutes));
        offers.publish(address(book), ELECTRICITY, offer());
        vm.warp(NOW + 10 minutes);
        publish();
        vm.prank(seller);
        vm.expectRevert(abi.encodeWithSelector(OfferBoard.TooOften.selector, NOW + 20 minutes));
        offers.publish(address(book), ELECTRICITY, offer());
    }

    function test_offersThatAreNoneAreRefused() public {
        OfferBoard.Offer memory bad = offer();
        bad.energyWh = 0;
        assertBad(bad);
        bad = offer();
        bad.energyWh = 1e12 + 1;
        assertBad(bad);
        bad = offer();
        bad.end = bad.start;
        assertBad(bad);
        bad = offer();
        (bad.start, bad.end) = (NOW - 1, NOW);
        assertBad(bad);
    }

    function offer() private pure returns (OfferBoard.Offer memory) {
        return OfferBoard.Offer(600, 20_000, NOON, NOON + 1 hours, "more about it");
    }

    function publish() private returns (uint64) {
        vm.prank(seller);
        return offers.publish(address(book), ELECTRICITY, offer());
    }

    function ordered(uint64 id) private returns (OrderTerms memory terms) {
        terms = usual();
        (terms.listing, terms.listingVersion) = (id, 1);
    }

    function assertNotOffered(OrderTerms memory terms, uint64 id, uint32 version) private {
        vm.prank(buyer);
        vm.expectRevert(abi.encodeWithSelector(OfferBoard.NotAsOffered.selector, id, version));
        book.request(terms, noPermit());
    }

    function assertBad(OfferBoard.Offer memory bad) private {
        vm.prank(seller);
        vm.expectRevert(OfferBoard.BadOffer.selector);
        offers.publish(address(book), ELECTRICITY, bad);
    }
}
