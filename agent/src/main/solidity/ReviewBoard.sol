// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IOrderBook} from "./interfaces/IOrderBook.sol";
import {IRegistry} from "./interfaces/IRegistry.sol";
import {IReviewBoard} from "./interfaces/IReviewBoard.sol";
import {Escrow, OrderTerms, Terms} from "./market/OrderTerms.sol";
import {MeterKeys} from "./market/MeterKeys.sol";
import {Publications} from "./market/Publications.sol";
import {Enclosed, Facts, Factor, Limits, LineLimit, Rule, Veto} from "./market/ReviewRules.sol";
import {SlotLoad} from "./market/SlotLoad.sol";

/// @notice The grid service agency's review (P2-09, P2-10): it publishes limits, and the contract
/// applies the rules to them and remembers what it approved, so that in whatever order they come no
/// feeder, pile or line is promised more than it bears. The agency's own no needs a reason that is
/// logged. The board holds no money; the agency can't touch what an order has in escrow, and when it
/// is silent the order expires. Parties are who the registry says they are, whatever accounts they use.
contract ReviewBoard is IReviewBoard, Publications {
    using SlotLoad for SlotLoad.Load;
    using Terms for OrderTerms;

    /// @notice A reason code of a veto is this plus the {Veto}; below it are the rules.
    uint8 public constant VETO_CODE = 16;
    int256 private constant MICRO = 1e6;

    enum Outcome {
        NONE,
        REJECTED,
        APPROVED,
        RELEASED
    }

    /// @param deputy 0 for none
    /// @param affiliates ids of parties that are one with the agency; its own and the grid's where they have one
    /// @param books whose orders are reviewed; they may be deployed later
    struct Setup {
        IRegistry registry;
        address agency;
        address deputy;
        address grid;
        bytes32[] affiliates;
        address[] books;
        uint40 slot;
        uint40 notice;
    }

    IRegistry public immutable registry;
    /// @notice Reviews the orders to which the agency, or one that it belongs to, is a party (P2-19).
    address public immutable deputy;
    /// @notice Who runs the grid and has the grid's fee.
    address public immutable grid;

    /// @notice Parties that are one with the agency: their orders are the deputy's to review.
    mapping(bytes32 id => bool) public isAffiliate;
    /// @inheritdoc IReviewBoard
    mapping(address book => bool) public isBook;
    mapping(bytes32 reviewId => Outcome) private outcomes;
    mapping(bytes32 bearer => SlotLoad.Load) private loads;

    event Reviewed(address indexed book, bytes32 indexed key, address by, Rule broken);
    /// @notice The agency's own word, which it answers for (P2-09).
    event Vetoed(address indexed book, bytes32 indexed key, address by, Veto why);
    event Released(address indexed book, bytes32 indexed key);

    error BadSetup();
    error OwnOrder();
    error NotTheReviewer();
    error AlreadyReviewed(bytes32 key);
    error NotABook(address book);
    /// @dev Not those that were published.
    error OtherLines(bytes32 hash);

    /// @param first limits in force at once
    constructor(Setup memory setup, Limits memory first) Publications(setup.agency, setup.slot, setup.notice, first) {
        if (setup.grid == address(0) || setup.deputy == setup.agency || setup.deputy == setup.grid) revert BadSetup();
        registry = setup.registry;
        deputy = setup.deputy;
        grid = setup.grid;
        for (uint256 i = 0; i < setup.affiliates.length; ++i) {
            if (setup.affiliates[i] == 0) revert BadSetup();
            isAffiliate[setup.affiliates[i]] = true;
        }
        for (uint256 i = 0; i < setup.books.length; ++i) {
            isBook[setup.books[i]] = true;
        }
    }

    // ------------------------------------------------------------------------------------- review

    /// @notice Applies the rules to an established order, once (P2-10).
    /// @return broken the first rule that the order breaks, for which it is rejected; NONE: approved
    function review(
        IOrderBook book,
        OrderTerms calldata terms,
        Enclosed calldata enclosed
    ) external returns (Rule broken) {
        bytes32 key = terms.key();
        bytes32 id = begin(book, key, terms);
        Facts memory facts = factsOf(book, key, terms, enclosed.meterKey);
        broken = firstBroken(terms, facts, enclosed);
        emit Reviewed(address(book), key, msg.sender, broken);
        if (broken == Rule.NONE) {
            outcomes[id] = Outcome.APPROVED;
            pledge(terms, facts.seller);
            book.approve(terms);
        } else {
            outcomes[id] = Outcome.REJECTED;
            book.reject(terms, uint8(broken));
        }
    }

    /// @notice The agency's own no, for a reason that it gives (P2-09).
    function veto(IOrderBook book, OrderTerms calldata terms, Veto why) external {
        bytes32 key = terms.key();
        outcomes[begin(book, key, terms)] = Outcome.REJECTED;
        emit Vetoed(address(book), key, msg.sender, why);
        book.reject(terms, VETO_CODE + uint8(why));
    }

    /// @inheritdoc IReviewBoard
    function release(OrderTerms calldata terms) external {
        bytes32 key = terms.key();
        bytes32 id = reviewId(msg.sender, key);
        if (outcomes[id] != Outcome.APPROVED) return;
        outcomes[id] = Outcome.RELEASED;
        (uint256 first, uint256 last) = slots(terms);
        uint256 watts = terms.power();
        loads[point(terms.feeder, terms.exported)].remove(first, last, watts);
        loads[pile(terms.pile)].remove(first, last, watts);
        if (terms.exported) loads[exporter(IOrderBook(msg.sender).partnerOf(key))].remove(first, last, watts);
        emit Released(msg.sender, key);
    }

    /// @notice The first rule that an order would break now; nothing changes. The facts say what the meter's key would.
    function firstBroken(
        OrderTerms calldata terms,
        Facts memory facts,
        Enclosed calldata enclosed
    ) public view returns (Rule) {
        Limits memory limits = limitsInForce();
        uint256 watts = terms.power();
        if (!facts.sellerActive || !facts.buyerActive) return Rule.R1;
        if (terms.energyWh == 0 || watts > facts.ratedPowerW || !facts.meterIsThePiles) return Rule.R2;
        if (
            terms.start < block.timestamp + limits.lead || terms.end > block.timestamp + limits.horizon
        ) return Rule.R3;
        if (terms.doubledPrice < 2 * uint256(limits.floor) || terms.doubledPrice > 2 * uint256(limits.cap)) {
            return Rule.R4;
        }
        (uint256 first, uint256 last) = slots(terms);
        if (!feederBears(terms, first, last, watts)) return Rule.R5;
        if (!bears(pile(terms.pile), first, last, watts, facts.ratedPowerW)) return Rule.R6;
        if (terms.exported && loads[exporter(facts.seller)].peak(first, last) > 0) return Rule.R6;
        if (!isCovered(terms, facts, limits)) return Rule.R7;
        if (!converts(terms)) return Rule.R8;
        if (!linesBear(terms, enclosed, first, last, watts)) return Rule.R9;
        return hasCharges(terms) ? Rule.NONE : Rule.R10;
    }

    // ------------------------------------------------------------------------------------ reading

    /// @return watts what is promised on a feeder in a direction at a time
    function feederPromised(bytes32 name, bool exported, uint256 time) external view returns (uint256 watts) {
        return loads[point(name, exported)].wattsIn(time / slot);
    }

    /// @return watts what a pile is promised for at a time
    function pilePromised(bytes32 id, uint256 time) external view returns (uint256 watts) {
        return loads[pile(id)].wattsIn(time / slot);
    }

    function outcomeOf(address book, bytes32 key) external view returns (Outcome) {
        return outcomes[reviewId(book, key)];
    }

    // -------------------------------------------------------------------------------------- inside

    /// @dev Who may say something about the order, and that nobody has yet.
    function begin(
        IOrderBook book,
        bytes32 key,
        OrderTerms calldata terms
    ) private view returns (bytes32 id) {
        if (!isBook[address(book)]) revert NotABook(address(book));
        (bytes32 sellerId, bytes32 buyerId) = partiesTo(book, key, terms);
        bytes32 own = registry.idOf(msg.sender);
        if (msg.sender == terms.seller || msg.sender == terms.buyer) revert OwnOrder();
        if (own != 0 && (own == sellerId || own == buyerId)) revert OwnOrder();
        if (isOfAgency(terms.seller, sellerId) || isOfAgency(terms.buyer, buyerId)) {
            if (isOfAgency(msg.sender, own)) revert OwnOrder();
            if (msg.sender != deputy) revert NotTheReviewer();
        } else if (msg.sender != agency) {
            revert NotTheReviewer();
        }
        id = reviewId(address(book), key);
        if (outcomes[id] != Outcome.NONE) revert AlreadyReviewed(key);
    }

    function isOfAgency(address account, bytes32 id) private view returns (bool) {
        return account == agency || account == grid || isAffiliate[id];
    }

    /// @dev As whom they are obliged, though they may have moved to other accounts since.
    function partiesTo(
        IOrderBook book,
        bytes32 key,
        OrderTerms calldata terms
    ) private view returns (bytes32 sellerId, bytes32 buyerId) {
        bytes32 partner = book.partnerOf(key);
        return terms.exported ? (partner, terms.pile) : (terms.pile, partner);
    }

    function factsOf(
        IOrderBook book,
        bytes32 key,
        OrderTerms calldata terms,
        bytes calldata meterKey
    ) private view returns (Facts memory facts) {
        (bytes32 sellerId, bytes32 buyerId) = partiesTo(book, key, terms);
        IRegistry.Party memory metered = registry.party(terms.pile);
        Escrow memory escrow = book.escrowOf(key);
        facts.sellerActive = registry.isActive(sellerId);
        facts.buyerActive = registry.isActive(buyerId);
        facts.meterIsThePiles =
            metered.meterKey != 0 && MeterKeys.accountOf(meterKey, metered.meterKey) == terms.meter;
        facts.ratedPowerW = metered.ratedPowerW;
        facts.seller = sellerId;
        (facts.escrowBuyer, facts.escrowSeller) = (escrow.buyer, escrow.seller);
    }

    function pledge(OrderTerms calldata terms, bytes32 sellerId) private {
        (uint256 first, uint256 last) = slots(terms);
        uint256 watts = terms.power();
        loads[point(terms.feeder, terms.exported)].add(first, last, watts);
        loads[pile(terms.pile)].add(first, last, watts);
        if (terms.exported) loads[exporter(sellerId)].add(first, last, watts);
    }

    function feederBears(
        OrderTerms calldata terms,
        uint256 first,
        uint256 last,
        uint256 watts
    ) private view returns (bool) {
        uint256 limit = feederLimitUntil(terms.feeder, terms.end);
        return hangsOn(terms.pile, terms.feeder, terms.start, terms.end)
            && bears(point(terms.feeder, terms.exported), first, last, watts, limit);
    }

    function bears(
        bytes32 bearer,
        uint256 first,
        uint256 last,
        uint256 watts,
        uint256 limit
    ) private view returns (bool) {
        if (limit > SlotLoad.MOST_WATTS) limit = SlotLoad.MOST_WATTS;
        return loads[bearer].peak(first, last) + watts <= limit;
    }

    /// @dev What is promised is paid for, or damages are.
    function isCovered(
        OrderTerms calldata terms,
        Facts memory facts,
        Limits memory limits
    ) private pure returns (bool) {
        Escrow memory required = terms.escrow();
        return facts.escrowBuyer >= required.buyer && facts.escrowSeller >= required.seller
            && terms.defaultRate >= limits.minDefaultRate && terms.toleranceBp <= limits.maxToleranceBp
            && terms.energyWh >= limits.minEnergyWh && terms.end - terms.start >= limits.minWindow
            && terms.defaultAmount >= uint256(limits.minDefaultRate) * terms.energyWh / Terms.WH_PER_KWH;
    }

    function hasCharges(OrderTerms calldata terms) private view returns (bool) {
        return areFees(terms.gridBp, terms.agencyBp) && terms.grid == grid && terms.agency == agency;
    }

    function converts(OrderTerms calldata terms) private view returns (bool) {
        Factor memory f = factor[terms.tableVersion][terms.energyType];
        return
            f.denominator != 0 &&
            (uint256(terms.quantity) * f.numerator) / f.denominator == terms.energyWh;
    }

    /// @dev Within the lines in force, and within those that come into force before the delivery ends.
    function linesBear(
        OrderTerms calldata terms,
        Enclosed calldata enclosed,
        uint256 first,
        uint256 last,
        uint256 watts
    ) private view returns (bool) {
        bytes32 next = linesBefore(terms.end);
        return allBear(terms, enclosed.lines, linesInForce(), first, last, watts)
            && (next == 0 || allBear(terms, enclosed.nextLines, next, first, last, watts));
    }

    function allBear(
        OrderTerms calldata terms,
        LineLimit[] calldata lines,
        bytes32 hash,
        uint256 first,
        uint256 last,
        uint256 watts
    ) private view returns (bool) {
        if (keccak256(abi.encode(lines)) != hash) revert OtherLines(hash);
        for (uint256 i = 0; i < lines.length; ++i) {
            for (uint256 here = first; here <= last; ++here) {
                if (!lineBears(terms, lines[i], here, watts)) return false;
            }
        }
        return true;
    }

    /// @dev Whoever of the others stays away: what loads the line and what relieves it count alone.
    function lineBears(
        OrderTerms calldata terms,
        LineLimit calldata line,
        uint256 here,
        uint256 watts
    ) private view returns (bool) {
        int256 up = 0;
        int256 down = 0;
        for (uint256 i = 0; i < line.feeders.length; ++i) {
            bytes32 feeder = line.feeders[i];
            int256 micro = line.microPerWatt[i];
            uint256 imported = loads[point(feeder, false)].wattsIn(here);
            uint256 exported = loads[point(feeder, true)].wattsIn(here);
            if (feeder == terms.feeder) {
                if (terms.exported) exported += watts;
                else imported += watts;
            }
            // sums of 32-bit watts
            (int256 more, int256 less) = (micro * int256(imported), -micro * int256(exported));
            if (micro < 0) (more, less) = (less, more);
            up += more;
            down += less;
        }
        int256 limit = int256(uint256(line.limit)) * MICRO;
        return up <= limit && -down <= limit;
    }

    function slots(OrderTerms calldata terms) private view returns (uint256 first, uint256 last) {
        return (terms.start / slot, (terms.end - 1) / slot);
    }

    function reviewId(address book, bytes32 key) private pure returns (bytes32) {
        return keccak256(abi.encode(book, key));
    }

    function point(bytes32 feeder, bool exported) private pure returns (bytes32) {
        return keccak256(abi.encode("feeder", feeder, exported));
    }

    /// @dev Both directions: it has one cable, whoever sells through it.
    function pile(bytes32 id) private pure returns (bytes32) {
        return keccak256(abi.encode("pile", id));
    }

    /// @dev One car is at one place at a time.
    function exporter(bytes32 id) private pure returns (bytes32) {
        return keccak256(abi.encode("exporter", id));
    }
}
