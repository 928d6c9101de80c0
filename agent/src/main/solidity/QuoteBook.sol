// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IQuoteBook} from "./interfaces/IQuoteBook.sol";
import {IRegistry} from "./interfaces/IRegistry.sol";
import {Flaw, Match, MatchList, Quote} from "./market/MatchList.sol";
import {OrderTerms} from "./market/OrderTerms.sol";

/// @notice How trading cycles run (P1-03, P1-42).
/// @param genesis when cycle 0 begins, Unix seconds
/// @param length of a cycle in seconds, a multiple of `rounds`
/// @param rounds of a cycle: each takes quotes first and is matched then
/// @param matching seconds at the end of a round in which it is matched and quotes stand still, so that nobody can
/// change the book under an announcement that is on its way
/// @param mostMatches of a round; 1: all may adjust their prices after each pair, paper 1's words. Pairs beyond it wait
/// for the next round
/// @param capacity open quotes at most, half of them asks; even
/// @param perTrader open quotes of a trader at most
/// @param minimumFillWh what a pair trades at least, 1 Wh or more (P1-40): that much a quote is of, and a rest below it
/// is void
/// @param weak whether equal prices trade (P1-38)
struct CycleRules {
    uint40 genesis;
    uint32 length;
    uint32 rounds;
    uint32 matching;
    uint32 mostMatches;
    uint32 capacity;
    uint16 perTrader;
    uint40 minimumFillWh;
    bool weak;
}

/// @notice Quotes of trading cycles and the matches among them, which anybody computes off chain and announces
/// (P1-03, P1-04, P1-37 to P1-42). A quote's id is its arrival: ids only rise, and a re-quote that loses its place has
/// a new one. Nobody's clock counts but the chain's. Holds no money and has no owner.
/// @dev An announcement carries the whole book and all its matches in one transaction, so both are bounded by what such a
/// transaction may use (EIP-7825).
contract QuoteBook is IQuoteBook {
    uint32 public constant MOST_CAPACITY = 1000;
    uint32 public constant MOST_MATCHES = 200;
    uint56 public constant HIGHEST_PRICE = 9e15;
    /// @notice A terawatt-hour.
    uint40 public constant MOST_ENERGY_WH = 1e12;

    enum Side {
        ASK,
        BID
    }

    /// @param firstId ids below it are of earlier cycles, and void (P1-03)
    /// @param nextId the next arrival
    /// @param matched rounds of the cycle up to the last that was matched
    struct Cycle {
        uint40 number;
        uint64 firstId;
        uint64 nextId;
        uint32 asks;
        uint32 bids;
        uint24 matched;
    }

    /// @param lowestAsk, highestBid of what the trader has quoted since it last had none open on that side
    struct Position {
        uint40 cycle;
        uint16 asks;
        uint16 bids;
        uint56 lowestAsk;
        uint56 highestBid;
    }

    IRegistry public immutable registry;
    /// @inheritdoc IQuoteBook
    address public immutable book;
    uint256 private immutable genesis;
    uint256 private immutable length;
    uint256 private immutable rounds;
    uint256 private immutable matching;
    uint256 private immutable mostMatches;
    uint256 private immutable capacity;
    uint256 private immutable perTrader;
    uint256 private immutable minimumFillWh;
    bool private immutable weak;

    Cycle private current;
    mapping(uint64 id => Quote) private asks;
    mapping(uint64 id => Quote) private bids;
    mapping(address trader => Position) private positions;
    /// @dev What an order can be made of, by ask and bid: a hash of parties, price and energy.
    mapping(uint256 pair => bytes32) private matches;

    event Quoted(
        uint40 indexed cycle, uint64 indexed id, address indexed trader, Side side, uint56 pricePerKwh, uint40 energyWh
    );
    /// @param id of the quote from now on; another than `previous` when it lost its place
    event Requoted(uint64 indexed previous, uint64 indexed id, uint56 pricePerKwh, uint40 energyWh);
    event QuoteWithdrawn(uint64 indexed id);
    /// @notice A quote gave way to a better one in a book that was full.
    event QuoteDisplaced(uint64 indexed id, uint64 indexed by);
    /// @notice P1-04: lowest ask (OSR), highest bid (OBR), price between them (P_fin, doubled) and volume.
    event Matched(
        uint64 indexed ask,
        uint64 indexed bid,
        address seller,
        address buyer,
        uint56 askPrice,
        uint56 bidPrice,
        uint64 doubledPrice,
        uint64 energyWh
    );
    event RoundMatched(uint40 indexed cycle, uint256 round, uint256 matches);

    error BadRules();
    error BadQuote();
    error NotRegistered(address account);
    error CycleNotBegun();
    error OtherCycle(uint256 cycle);
    error QuotesStandStill(uint256 until);
    error NotMatchingYet(uint256 from);
    error RoundIsMatched(uint256 round);
    /// @dev Name a quote that gives way.
    error BookFull();
    /// @dev Its price isn't worse, or its trader has no more quotes than the caller.
    error GivesNoWay(uint64 id);
    error TooManyQuotes();
    error CrossesOwnQuote();
    error NotInBook(uint64 id);
    error NotYourQuote(uint64 id);
    error NotAsMatched();
    error NotTheBook();

    /// @param book_ the order book that makes orders of the matches; it may be deployed later
    constructor(IRegistry registry_, address book_, CycleRules memory cycles) {
        if (book_ == address(0) || cycles.rounds == 0 || cycles.rounds >= type(uint24).max) revert BadRules();
        if (cycles.length % cycles.rounds != 0) revert BadRules();
        if (cycles.matching == 0 || cycles.matching >= cycles.length / cycles.rounds) revert BadRules();
        if (cycles.mostMatches == 0 || cycles.mostMatches > MOST_MATCHES || cycles.perTrader == 0) revert BadRules();
        if (cycles.capacity == 0 || cycles.capacity > MOST_CAPACITY || cycles.capacity % 2 != 0) revert BadRules();
        if (cycles.minimumFillWh == 0) revert BadRules();
        registry = registry_;
        book = book_;
        genesis = cycles.genesis;
        length = cycles.length;
        rounds = cycles.rounds;
        matching = cycles.matching;
        mostMatches = cycles.mostMatches;
        capacity = cycles.capacity;
        perTrader = cycles.perTrader;
        minimumFillWh = cycles.minimumFillWh;
        weak = cycles.weak;
        current.firstId = 1;
        current.nextId = 1;
    }

    modifier onlyBook() {
        if (msg.sender != book) revert NotTheBook();
        _;
    }

    // ---------------------------------------------------------------------------------------- quotes

    /// @notice A quote, good until the end of its cycle.
    /// @param cycle that it is meant for: mined too late, it is no quote of the next one
    /// @param insteadOf in a full book, the quote of the same side that gives way: one at a worse price, of somebody who
    /// has more quotes open than the caller, so that nobody fills the book for the others. 0: none
    function quote(uint40 cycle, Side side, uint56 pricePerKwh, uint40 energyWh, uint64 insteadOf)
        external
        returns (uint64 id)
    {
        Cycle memory now_ = quoting(cycle);
        checkActive();
        checkQuote(pricePerKwh, energyWh);
        if (openOn(now_, side) == capacity / 2) makeRoom(now_, side, pricePerKwh, insteadOf);
        id = arrive(now_, side, pricePerKwh, energyWh);
        current = now_;
        emit Quoted(now_.number, id, msg.sender, side, pricePerKwh, energyWh);
    }

    /// @notice Another price or rest for an open quote (P1-42). Another price or more energy than the rest is a new
    /// arrival with a new id; less keeps its place.
    /// @param energyWh what is wanted from now on, whatever was traded before
    function requote(uint40 cycle, Side side, uint64 id, uint56 pricePerKwh, uint40 energyWh)
        external
        returns (uint64 newId)
    {
        Cycle memory now_ = quoting(cycle);
        checkActive();
        Quote storage open = own(now_, side, id);
        checkQuote(pricePerKwh, energyWh);
        if (pricePerKwh == open.pricePerKwh && energyWh <= open.restWh) {
            open.restWh = energyWh;
            newId = id;
        } else {
            remove(now_, side, id, msg.sender);
            newId = arrive(now_, side, pricePerKwh, energyWh);
        }
        current = now_;
        emit Requoted(id, newId, pricePerKwh, energyWh);
    }

    /// @notice Takes a quote's rest out of the book.
    function withdrawQuote(uint40 cycle, Side side, uint64 id) external {
        Cycle memory now_ = quoting(cycle);
        own(now_, side, id);
        remove(now_, side, id, msg.sender);
        current = now_;
        emit QuoteWithdrawn(id);
    }

    // --------------------------------------------------------------------------------------- matches

    /// @notice Announces what this round's quotes match to; anybody may, once a round, while it is matched (P1-04).
    /// Reverts with the first flaw when the list is not what the quotes give.
    /// @param asksSorted every open ask, by price and then arrival (P1-37)
    /// @param bidsSorted every open bid
    function announce(uint64[] calldata asksSorted, uint64[] calldata bidsSorted, Match[] calldata list) external {
        (Cycle memory now_, uint256 round, uint256 since) = tick();
        uint256 from = length / rounds - matching;
        if (since < from) revert NotMatchingYet(block.timestamp + from - since);
        if (now_.matched > round) revert RoundIsMatched(round);
        MatchList.Cursor memory askSide = sorted(now_, Side.ASK, asksSorted);
        MatchList.Cursor memory bidSide = sorted(now_, Side.BID, bidsSorted);
        MatchList.Rules memory matchRules = MatchList.Rules(weak, minimumFillWh);
        for (uint256 i = 0; i < list.length; ++i) {
            if (i == mostMatches) revert MatchList.BadMatchList(Flaw.TOO_MANY, i);
            (Quote memory ask, Quote memory bid) = MatchList.step(askSide, bidSide, list[i], matchRules, i);
            record(ask, bid, list[i]);
        }
        if (list.length < mostMatches && MatchList.isCrossed(askSide, bidSide, weak)) {
            revert MatchList.BadMatchList(Flaw.INCOMPLETE, list.length);
        }
        fill(now_, Side.ASK, askSide);
        fill(now_, Side.BID, bidSide);
        // below rounds, which the constructor bounds
        now_.matched = uint24(round + 1);
        current = now_;
        emit RoundMatched(now_.number, round, list.length);
    }

    /// @inheritdoc IQuoteBook
    function checkMatch(OrderTerms calldata terms) public view {
        if (matches[pair(terms.ask, terms.bid)] != matchHash(terms)) revert NotAsMatched();
    }

    /// @inheritdoc IQuoteBook
    function take(OrderTerms calldata terms) external onlyBook {
        checkMatch(terms);
        delete matches[pair(terms.ask, terms.bid)];
    }

    /// @inheritdoc IQuoteBook
    function giveBack(OrderTerms calldata terms) external onlyBook {
        matches[pair(terms.ask, terms.bid)] = matchHash(terms);
    }

    // --------------------------------------------------------------------------------------- reading

    /// @notice By which everybody can match for themselves.
    function rules() external view returns (CycleRules memory) {
        return CycleRules(
            uint40(genesis),
            uint32(length),
            uint32(rounds),
            uint32(matching),
            uint32(mostMatches),
            uint32(capacity),
            uint16(perTrader),
            uint40(minimumFillWh),
            weak
        );
    }

    /// @return cycle the number of the current one
    /// @return round of it, from 0
    /// @return quotesStandStill whether the round is being matched
    function clock() external view returns (uint40 cycle, uint256 round, bool quotesStandStill) {
        uint256 since;
        Cycle memory now_;
        (now_, round, since) = tick();
        return (now_.number, round, since >= length / rounds - matching);
    }

    /// @return how many asks and bids are open
    function openQuotes() external view returns (uint256, uint256) {
        (Cycle memory now_,,) = tick();
        return (now_.asks, now_.bids);
    }

    /// @return all zeros when no such quote is open
    function quoteOf(Side side, uint64 id) external view returns (Quote memory) {
        (Cycle memory now_,,) = tick();
        Quote memory none;
        return id < now_.firstId ? none : onSide(side)[id];
    }

    // ---------------------------------------------------------------------------------------- inside

    function record(Quote memory ask, Quote memory bid, Match calldata claim) private {
        matches[pair(claim.ask, claim.bid)] = matchHash(ask.trader, bid.trader, claim.doubledPrice, claim.energyWh);
        emit Matched(
            claim.ask,
            claim.bid,
            ask.trader,
            bid.trader,
            ask.pricePerKwh,
            bid.pricePerKwh,
            claim.doubledPrice,
            claim.energyWh
        );
    }

    /// @dev Loads a claimed side and sees that it is sorted and is every open quote: as many of the book's quotes as
    /// are open, in an order in which none can stand twice.
    function sorted(Cycle memory now_, Side side, uint64[] calldata ids)
        private
        view
        returns (MatchList.Cursor memory cursor)
    {
        if (ids.length != openOn(now_, side)) {
            revert MatchList.BadMatchList(Flaw.NOT_THE_BOOK, ids.length);
        }
        cursor.ids = ids;
        cursor.quotes = new Quote[](ids.length);
        mapping(uint64 => Quote) storage quotes = onSide(side);
        for (uint256 i = 0; i < ids.length; ++i) {
            Quote memory here = ids[i] < now_.firstId ? cursor.quotes[i] : quotes[ids[i]];
            if (here.trader == address(0)) {
                bool other = ids[i] >= now_.firstId && onSide(opposite(side))[ids[i]].trader != address(0);
                revert MatchList.BadMatchList(other ? Flaw.WRONG_SIDE : Flaw.NOT_THE_BOOK, i);
            }
            cursor.quotes[i] = here;
            if (i > 0 && !precedes(side, ids[i - 1], cursor.quotes[i - 1].pricePerKwh, ids[i], here.pricePerKwh)) {
                revert MatchList.BadMatchList(side == Side.ASK ? Flaw.ASKS_NOT_SORTED : Flaw.BIDS_NOT_SORTED, i);
            }
        }
    }

    /// @dev P1-37: sellers from low to high, buyers from high to low, equal prices by arrival.
    function precedes(Side side, uint64 id, uint56 price, uint64 nextId, uint56 nextPrice) private pure returns (bool) {
        if (price == nextPrice) return id < nextId;
        return (price < nextPrice) == (side == Side.ASK);
    }

    /// @dev Writes the side's fills down. The rest stays with its owner and keeps its place (P1-40).
    function fill(Cycle memory now_, Side side, MatchList.Cursor memory cursor) private {
        for (uint256 i = 0; i < cursor.next; ++i) {
            remove(now_, side, cursor.ids[i], cursor.quotes[i].trader);
        }
        if (MatchList.isOpen(cursor)) {
            Quote storage open = onSide(side)[cursor.ids[cursor.next]];
            uint40 rest = cursor.quotes[cursor.next].restWh;
            if (open.restWh != rest) open.restWh = rest;
        }
    }

    /// @dev The cycle as it is now, and the seconds since its current round began.
    function tick() private view returns (Cycle memory now_, uint256 round, uint256 since) {
        if (block.timestamp < genesis) revert CycleNotBegun();
        uint256 elapsed = block.timestamp - genesis;
        now_ = current;
        uint40 number = uint40(elapsed / length);
        if (number != now_.number) {
            // What was open is void (P1-03).
            now_ = Cycle(number, now_.nextId, now_.nextId, 0, 0, 0);
        }
        uint256 roundLength = length / rounds;
        round = (elapsed % length) / roundLength;
        since = elapsed % roundLength;
    }

    function quoting(uint40 cycle) private view returns (Cycle memory now_) {
        uint256 since;
        (now_,, since) = tick();
        if (now_.number != cycle) revert OtherCycle(now_.number);
        uint256 roundLength = length / rounds;
        if (since >= roundLength - matching) revert QuotesStandStill(block.timestamp + roundLength - since);
    }

    /// @dev Who is suspended or revoked quotes no more, also not another price (P1-10).
    function checkActive() private view {
        (bytes32 party,,) = registry.activeParty(msg.sender);
        if (party == 0) revert NotRegistered(msg.sender);
    }

    function checkQuote(uint56 pricePerKwh, uint40 energyWh) private view {
        if (pricePerKwh > HIGHEST_PRICE || energyWh < minimumFillWh || energyWh > MOST_ENERGY_WH) revert BadQuote();
        // all of it at this price is an amount
        if ((uint256(pricePerKwh) * energyWh) / 1000 > uint64(type(int64).max)) revert BadQuote();
    }

    function arrive(Cycle memory now_, Side side, uint56 pricePerKwh, uint40 energyWh) private returns (uint64 id) {
        Position memory mine = positions[msg.sender];
        if (mine.cycle != now_.number) mine = Position(now_.number, 0, 0, 0, 0);
        if (uint256(mine.asks) + mine.bids == perTrader) revert TooManyQuotes();
        if (side == Side.ASK) {
            if (mine.bids > 0 && mine.highestBid >= pricePerKwh) revert CrossesOwnQuote();
            if (mine.asks == 0 || pricePerKwh < mine.lowestAsk) mine.lowestAsk = pricePerKwh;
            ++mine.asks;
            ++now_.asks;
        } else {
            if (mine.asks > 0 && mine.lowestAsk <= pricePerKwh) revert CrossesOwnQuote();
            if (mine.bids == 0 || pricePerKwh > mine.highestBid) mine.highestBid = pricePerKwh;
            ++mine.bids;
            ++now_.bids;
        }
        positions[msg.sender] = mine;
        id = now_.nextId++;
        onSide(side)[id] = Quote(msg.sender, pricePerKwh, energyWh);
    }

    function remove(Cycle memory now_, Side side, uint64 id, address trader) private {
        delete onSide(side)[id];
        if (side == Side.ASK) {
            --now_.asks;
            --positions[trader].asks;
        } else {
            --now_.bids;
            --positions[trader].bids;
        }
    }

    function makeRoom(Cycle memory now_, Side side, uint56 pricePerKwh, uint64 id) private {
        if (id == 0) revert BookFull();
        Quote memory other = onSide(side)[id];
        if (id < now_.firstId || other.trader == address(0)) revert NotInBook(id);
        bool worse = side == Side.ASK ? other.pricePerKwh > pricePerKwh : other.pricePerKwh < pricePerKwh;
        if (!worse || openOf(now_, other.trader) <= openOf(now_, msg.sender)) revert GivesNoWay(id);
        remove(now_, side, id, other.trader);
        emit QuoteDisplaced(id, now_.nextId);
    }

    function openOn(Cycle memory now_, Side side) private pure returns (uint256) {
        return side == Side.ASK ? now_.asks : now_.bids;
    }

    function openOf(Cycle memory now_, address trader) private view returns (uint256) {
        Position storage position = positions[trader];
        return position.cycle == now_.number ? uint256(position.asks) + position.bids : 0;
    }

    function own(Cycle memory now_, Side side, uint64 id) private view returns (Quote storage open) {
        open = onSide(side)[id];
        if (id < now_.firstId || open.trader == address(0)) revert NotInBook(id);
        if (open.trader != msg.sender) revert NotYourQuote(id);
    }

    function onSide(Side side) private view returns (mapping(uint64 => Quote) storage) {
        return side == Side.ASK ? asks : bids;
    }

    function opposite(Side side) private pure returns (Side) {
        return side == Side.ASK ? Side.BID : Side.ASK;
    }

    function pair(uint64 ask, uint64 bid) private pure returns (uint256) {
        return (uint256(ask) << 64) | bid;
    }

    function matchHash(OrderTerms calldata terms) private pure returns (bytes32) {
        return matchHash(terms.seller, terms.buyer, terms.doubledPrice, terms.energyWh);
    }

    function matchHash(address seller, address buyer, uint64 doubledPrice, uint64 energyWh)
        private
        pure
        returns (bytes32)
    {
        return keccak256(abi.encode(seller, buyer, doubledPrice, energyWh));
    }
}
