// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Match} from "../../main/solidity/market/MatchList.sol";
import {CycleRules, QuoteBook} from "../../main/solidity/QuoteBook.sol";
import {QuoteFixture} from "./QuoteFixture.sol";

/// What one trader can do to the others by quoting: fill the book, and no more.
contract QuoteBookFullTest is QuoteFixture {
    address private newcomer = accountOf("pile-3");

    /// Eight asks, as many as go in, of two traders.
    function setUp() public override {
        super.setUp();
        parties.register(newcomer, 0);
        for (uint56 i = 0; i < 4; ++i) {
            ask(seller, 100 + i, 5);
            ask(otherSeller, 200, 5);
        }
    }

    function test_aSideHasHalfOfTheBook() public {
        vm.prank(newcomer);
        vm.expectRevert(QuoteBook.BookFull.selector);
        quotes.quote(0, ASK, 300, 5, 0);
        for (uint256 i = 0; i < 4; ++i) {
            bid(buyer, 5, 5);
            bid(otherBuyer, 5, 5);
        }
        vm.prank(newcomer);
        vm.expectRevert(QuoteBook.BookFull.selector);
        quotes.quote(0, BID, 6, 5, 0);
        (uint256 asks, uint256 bids) = quotes.openQuotes();
        assertEq(asks, 8, "asks");
        assertEq(bids, 8, "bids");
    }

    function test_aWorsePriceOfWhoHasMoreGivesWay() public {
        vm.expectEmit(address(quotes));
        emit QuoteBook.QuoteDisplaced(2, 9);
        vm.expectEmit(address(quotes));
        emit QuoteBook.Quoted(0, 9, newcomer, ASK, 199, 5);
        vm.prank(newcomer);
        assertEq(quotes.quote(0, ASK, 199, 5, 2), 9, "id");
        assertEq(quotes.quoteOf(ASK, 2).restWh, 0, "gone");
        (uint256 asks,) = quotes.openQuotes();
        assertEq(asks, 8, "as many as before");
        // its trader may quote in the place of somebody else's
        vm.prank(otherSeller);
        vm.expectRevert(abi.encodeWithSelector(QuoteBook.GivesNoWay.selector, 9));
        quotes.quote(0, ASK, 1, 5, 9);
        vm.prank(otherSeller);
        quotes.quote(0, ASK, 102, 5, 7);
    }

    function test_noneGivesWayToAnEqualPriceOrToWhoHasAsManyOrToItsTrader() public {
        bytes memory no = abi.encodeWithSelector(QuoteBook.GivesNoWay.selector, 2);
        vm.prank(newcomer);
        vm.expectRevert(no);
        quotes.quote(0, ASK, 200, 5, 2);
        vm.startPrank(seller);
        vm.expectRevert(no);
        quotes.quote(0, ASK, 199, 5, 2);
        vm.expectRevert(abi.encodeWithSelector(QuoteBook.GivesNoWay.selector, 7));
        quotes.quote(0, ASK, 50, 5, 7);
        vm.stopPrank();
        vm.startPrank(newcomer);
        vm.expectRevert(abi.encodeWithSelector(QuoteBook.NotInBook.selector, 99));
        quotes.quote(0, ASK, 50, 5, 99);
        vm.stopPrank();
        bid(buyer, 5, 5);
        vm.prank(newcomer);
        vm.expectRevert(abi.encodeWithSelector(QuoteBook.NotInBook.selector, 9));
        quotes.quote(0, ASK, 1, 5, 9);
    }

    function test_noneGivesWayWhereThereIsRoom() public {
        vm.prank(seller);
        quotes.withdrawQuote(0, ASK, 1);
        vm.prank(newcomer);
        quotes.quote(0, ASK, 1, 5, 2);
        assertEq(quotes.quoteOf(ASK, 2).restWh, 5, "still there");
    }

    /// Quotes that nobody takes, as many as one likes: whoever means to trade gets in.
    function testFuzz_aBookThatIsFullHasRoomForABetterQuote(uint256 seed) public {
        for (uint256 i = 0; i < 24; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            address trader = [seller, otherSeller, newcomer][seed % 3];
            vm.prank(trader);
            try quotes.quote(0, ASK, uint56(50 + (seed >> 8) % 200), 5, uint64(1 + (seed >> 16) % (8 + i))) {} catch {}
            (uint256 asks,) = quotes.openQuotes();
            assertEq(asks, 8, "full, and no more");
        }
        parties.register(stranger, 0);
        (, uint64 worst) = highest();
        vm.prank(stranger);
        quotes.quote(0, ASK, 1, 5, worst);
    }

    function highest() private view returns (uint56 price, uint64 id) {
        for (uint64 each = 1; each < 64; ++each) {
            uint56 here = quotes.quoteOf(ASK, each).pricePerKwh;
            if (here > price) (price, id) = (here, each);
        }
    }
}

/// P1-04 at the bounds: the largest book and the longest list are matched in one transaction as large as any may be.
/// forge-config: default.isolate = true
contract QuoteBookBoundsTest is QuoteFixture {
    /// EIP-7825
    uint256 private constant MOST_GAS = 1 << 24;
    uint64 private constant OF_A_SIDE = 500;
    uint256 private constant MATCHES = 200;

    function cycles() internal pure override returns (CycleRules memory) {
        return CycleRules(NOW, 15 minutes, 3, 60, 200, 1000, 1, 1, false);
    }

    function test_aFullRoundOfAFullBookFitsIntoATransaction() public {
        uint64[] memory asks = new uint64[](OF_A_SIDE);
        uint64[] memory bids = new uint64[](OF_A_SIDE);
        for (uint64 i = 0; i < OF_A_SIDE; ++i) {
            asks[i] = ask(trader(i), uint56(1000 + i), uint40(10_000 + i));
            bids[i] = bid(trader(OF_A_SIDE + i), uint56(3000 - i), uint40(10_000 + i));
        }
        Match[] memory matches = new Match[](MATCHES);
        for (uint64 i = 0; i < MATCHES; ++i) {
            matches[i] = Match(asks[i], bids[i], 1000 + i, 3000 - i, 4000, 10_000 + i);
        }
        vm.warp(MATCHING);
        quotes.announce{gas: MOST_GAS}(asks, bids, matches);
        vm.snapshotGasLastCall("Market", "announce 200 matches among 1000 quotes");
        (uint256 left,) = quotes.openQuotes();
        assertEq(left, OF_A_SIDE - MATCHES, "matched");
    }

    function trader(uint64 number) private returns (address account) {
        account = vm.addr(uint256(keccak256(abi.encode(number))));
        parties.register(account, 0);
    }

    function test_moreIsNotPromised() public {
        CycleRules memory rules = cycles();
        rules.capacity = 1002;
        assertBadRules(rules);
        rules = cycles();
        rules.mostMatches = 201;
        assertBadRules(rules);
        rules = cycles();
        rules.capacity = 7;
        assertBadRules(rules);
        rules = cycles();
        rules.capacity = 0;
        assertBadRules(rules);
        rules = cycles();
        rules.rounds = 7;
        assertBadRules(rules);
        rules = cycles();
        rules.matching = 5 minutes;
        assertBadRules(rules);
        vm.expectRevert(QuoteBook.BadRules.selector);
        new QuoteBook(registry(), address(0), cycles());
        assertEq(keccak256(abi.encode(quotes.rules())), keccak256(abi.encode(cycles())), "as it was made");
    }

    function assertBadRules(CycleRules memory bad) private {
        vm.expectRevert(QuoteBook.BadRules.selector);
        new QuoteBook(registry(), address(book), bad);
    }
}
