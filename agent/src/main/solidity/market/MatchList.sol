// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice A line of an announced match list (P1-04): a claim, to be verified.
/// @param askPrice OSR, the selling price per kWh: that of the lowest ask, which trades
/// @param bidPrice OBR, the buying price per kWh: that of the highest bid
/// @param doubledPrice P_fin, exact to half a unit: the sum of what is asked and what is bid (P1-41)
struct Match {
    uint64 ask;
    uint64 bid;
    uint64 askPrice;
    uint64 bidPrice;
    uint64 doubledPrice;
    uint64 energyWh;
}

/// @notice An open quote.
/// @param pricePerKwh the least that a seller takes, the most that a buyer gives
/// @param restWh more than 0
struct Quote {
    address trader;
    uint56 pricePerKwh;
    uint40 restWh;
}

/// @notice Why a list is refused.
enum Flaw {
    /// the asks are not in the order of price and arrival
    ASKS_NOT_SORTED,
    /// the bids are not in the order of price and arrival
    BIDS_NOT_SORTED,
    /// a quote stands on the wrong side
    WRONG_SIDE,
    /// another ask comes first, or there is none of this id
    ASK_OUT_OF_TURN,
    /// another bid comes first, or there is none of this id
    BID_OUT_OF_TURN,
    /// seller and buyer are the same party
    SELF_MATCH,
    /// the bid does not cross the ask
    NOT_CROSSED,
    /// the price is not the midpoint of ask and bid
    WRONG_PRICE,
    /// the volume is not the smaller of the two rests
    WRONG_VOLUME,
    /// the best pair still crosses after the last match
    INCOMPLETE,
    /// a round has no more matches: the next pair waits for the next round
    TOO_MANY,
    /// the quote of this id stands in the sides already; ids that only rise leave no room for it here
    REPEATED_ID,
    /// the announced selling or buying price is not that of the quotes
    OTHER_PRICES,
    /// so little can't be traded; the book here never holds it
    BELOW_MINIMUM,
    /// a side is not every open quote of the book
    NOT_THE_BOOK
}

/// @notice Verifies an announced match list by its constraints alone, without matching again (P1-04): one walk along
/// the sorted sides and the list.
library MatchList {
    /// @param line of the match list, or of a side, from 0; the number of matches for INCOMPLETE
    error BadMatchList(Flaw flaw, uint256 line);

    /// @param weak whether equal prices trade (P1-38)
    /// @param minimumFillWh what a pair trades at least: a rest below it is void (P1-40)
    struct Rules {
        bool weak;
        uint256 minimumFillWh;
    }

    /// @dev A side of the book while the matches are walked along.
    struct Cursor {
        uint64[] ids;
        Quote[] quotes;
        uint256 next;
    }

    function isOpen(Cursor memory side) internal pure returns (bool) {
        return side.next < side.ids.length;
    }

    /// @notice Reverts unless the match is the next one that these sides give, and takes it off them.
    /// @return ask of the match, with what is left of it
    /// @return bid of the match, likewise
    function step(Cursor memory asks, Cursor memory bids, Match calldata claim, Rules memory rules, uint256 line)
        internal
        pure
        returns (Quote memory ask, Quote memory bid)
    {
        if (!isOpen(asks) || asks.ids[asks.next] != claim.ask) revert BadMatchList(Flaw.ASK_OUT_OF_TURN, line);
        if (!isOpen(bids) || bids.ids[bids.next] != claim.bid) revert BadMatchList(Flaw.BID_OUT_OF_TURN, line);
        ask = asks.quotes[asks.next];
        bid = bids.quotes[bids.next];
        if (ask.trader == bid.trader) revert BadMatchList(Flaw.SELF_MATCH, line);
        if (!crosses(ask.pricePerKwh, bid.pricePerKwh, rules.weak)) revert BadMatchList(Flaw.NOT_CROSSED, line);
        if (claim.askPrice != ask.pricePerKwh || claim.bidPrice != bid.pricePerKwh) {
            revert BadMatchList(Flaw.OTHER_PRICES, line);
        }
        if (claim.doubledPrice != uint256(ask.pricePerKwh) + bid.pricePerKwh) {
            revert BadMatchList(Flaw.WRONG_PRICE, line);
        }
        uint40 volume = ask.restWh < bid.restWh ? ask.restWh : bid.restWh;
        if (claim.energyWh != volume) revert BadMatchList(Flaw.WRONG_VOLUME, line);
        unchecked {
            ask.restWh -= volume;
            bid.restWh -= volume;
        }
        if (ask.restWh < rules.minimumFillWh) ++asks.next;
        if (bid.restWh < rules.minimumFillWh) ++bids.next;
    }

    /// @notice Whether the best pair would trade.
    function isCrossed(Cursor memory asks, Cursor memory bids, bool weak) internal pure returns (bool) {
        return isOpen(asks)
            && isOpen(bids)
            && crosses(asks.quotes[asks.next].pricePerKwh, bids.quotes[bids.next].pricePerKwh, weak);
    }

    /// @param weak also when they are equal, as exchanges do; else only above, as paper 1 says (P1-38)
    function crosses(uint256 ask, uint256 bid, bool weak) internal pure returns (bool) {
        return bid > ask || (weak && bid == ask);
    }
}
