// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Match} from "../../main/solidity/market/MatchList.sol";
import {QuoteBook} from "../../main/solidity/QuoteBook.sol";
import {MarketFixture} from "./MarketFixture.sol";

/// Two sellers, two buyers, and the quotes of the requirements' test vector (P1-42).
abstract contract QuoteFixture is MarketFixture {
    QuoteBook.Side internal constant ASK = QuoteBook.Side.ASK;
    QuoteBook.Side internal constant BID = QuoteBook.Side.BID;
    /// Quotes are taken until then in the first round, and matched from then on for a minute.
    uint40 internal constant MATCHING = NOW + 4 minutes;

    address internal otherBuyer = accountOf("car-2");
    mapping(uint64 id => uint64) private prices;

    function setUp() public virtual override {
        super.setUp();
        if (address(parties) != address(0)) parties.register(otherBuyer, 0);
    }

    function ask(address trader, uint56 price, uint40 energy) internal returns (uint64) {
        return quote(trader, ASK, price, energy);
    }

    function bid(address trader, uint56 price, uint40 energy) internal returns (uint64) {
        return quote(trader, BID, price, energy);
    }

    function quote(address trader, QuoteBook.Side side, uint56 price, uint40 energy) internal returns (uint64) {
        vm.prank(trader);
        uint64 id = quotes.quote(0, side, price, energy, 0);
        prices[id] = price;
        return id;
    }

    /// Asks 1 and 3, bids 2 and 4.
    function vector() internal {
        ask(seller, 10, 5);
        bid(buyer, 15, 7);
        ask(otherSeller, 12, 5);
        bid(otherBuyer, 11, 4);
    }

    function list(uint64 first) internal pure returns (uint64[] memory ids) {
        ids = new uint64[](1);
        ids[0] = first;
    }

    function list(uint64 first, uint64 second) internal pure returns (uint64[] memory ids) {
        ids = new uint64[](2);
        (ids[0], ids[1]) = (first, second);
    }

    function list(Match memory first) internal pure returns (Match[] memory matches) {
        matches = new Match[](1);
        matches[0] = first;
    }

    function list(Match memory first, Match memory second) internal pure returns (Match[] memory matches) {
        matches = new Match[](2);
        (matches[0], matches[1]) = (first, second);
    }

    function vectorMatches() internal view returns (Match[] memory) {
        return list(matchOf(1, 2, 25, 5), matchOf(3, 2, 27, 2));
    }

    /// With the prices at which these were quoted.
    function matchOf(uint64 askId, uint64 bidId, uint64 doubledPrice, uint64 energyWh)
        internal
        view
        returns (Match memory)
    {
        return Match(askId, bidId, prices[askId], prices[bidId], doubledPrice, energyWh);
    }
}
