// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IOrderBook} from "./interfaces/IOrderBook.sol";
import {IRegistry} from "./interfaces/IRegistry.sol";
import {IReviewBoard} from "./interfaces/IReviewBoard.sol";
import {Escrow, OrderTerms, Terms} from "./market/OrderTerms.sol";
import {Publications} from "./market/Publications.sol";
import {Facts, Factor, Limits, LineLimit, Rule, Veto} from "./market/ReviewRules.sol";
import {SlotLoad} from "./market/SlotLoad.sol";

/// @notice The grid service agency's review (P2-09, P2-10): it publishes limits, and the contract
/// applies the rules to them and remembers what it approved, so that in whatever order they come no
/// feeder, pile or line is promised more than it bears. The agency's own no needs a reason that is
/// logged. The board holds no money; the agency can't touch what an order has in escrow, and when it
/// is silent the order expires.
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

    IRegistry public immutable registry;
    /// @notice Reviews the orders to which the agency, or one that it belongs to, is a party (P2-19).
    address public immutable deputy;
    /// @notice Who runs the grid and has the grid's fee.
    address public immutable grid;

    /// @notice Parties that are one with the agency: their orders are the deputy's to review.
    mapping(address account => bool) public isOfAgency;
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
    error OtherLines(bytes32 inForce);

    /// @param deputy_ 0 for none
    /// @param affiliates parties that are one with the agency, beside itself and the grid
    /// @param first limits in force at once; there are no lines and no feeders yet
    constructor(
        IRegistry registry_,
        address agency_,
        address deputy_,
        address grid_,
        address[] memory affiliates,
        uint40 slot_,
        uint40 notice_,
        Limits memory first
    ) Publications(agency_, slot_, notice_, first) {
        if (grid_ == address(0) || deputy_ == agency_ || deputy_ == grid_) revert BadSetup();
        registry = registry_;
        deputy = deputy_;
        grid = grid_;
        isOfAgency[agency_] = true;
        isOfAgency[grid_] = true;
        for (uint256 i = 0; i < affiliates.length; ++i) {
            if (affiliates[i] == deputy_) revert BadSetup();
            isOfAgency[affiliates[i]] = true;
        }
    }

    // ------------------------------------------------------------------------------------- review

    /// @notice Applies the rules to an established order, once (P2-10).
    /// @param lines those in force, as they were published
    /// @return broken the first rule that the order breaks, for which it is rejected; NONE: approved
    function review(
        IOrderBook book,
        OrderTerms calldata terms,
        LineLimit[] calldata lines
    ) external returns (Rule broken) {
        bytes32 key = terms.key();
        bytes32 id = begin(book, key, terms);
        broken = firstBroken(terms, factsOf(book, key, terms), lines);
        emit Reviewed(address(book), key, msg.sender, broken);
        if (broken == Rule.NONE) {
            outcomes[id] = Outcome.APPROVED;
            pledge(terms);
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
        emit Released(msg.sender, key);
    }

    /// @notice The first rule that an order would break now; nothing changes.
    function firstBroken(
        OrderTerms calldata terms,
        Facts memory facts,
        LineLimit[] calldata lines
    ) public view returns (Rule) {
        Limits memory limits = limitsInForce();
        uint256 watts = terms.power();
        if (!facts.sellerActive || !facts.buyerActive) return Rule.R1;
        if (terms.energyWh == 0 || watts > facts.ratedPowerW) return Rule.R2;
        if (
            terms.start < block.timestamp + limits.lead || terms.end > block.timestamp + limits.horizon
        ) return Rule.R3;
        if (terms.doubledPrice < 2 * uint256(limits.floor) || terms.doubledPrice > 2 * uint256(limits.cap)) {
            return Rule.R4;
        }
        (uint256 first, uint256 last) = slots(terms);
        if (!bears(point(terms.feeder, terms.exported), first, last, watts, feederLimit(terms.feeder))) {
            return Rule.R5;
        }
        if (!bears(pile(terms.pile), first, last, watts, facts.ratedPowerW)) return Rule.R6;
        Escrow memory required = terms.escrow();
        if (facts.escrowBuyer < required.buyer || facts.escrowSeller < required.seller) return Rule.R7;
        if (!converts(terms)) return Rule.R8;
        if (!linesBear(terms, lines, first, last, watts)) return Rule.R9;
        return hasCharges(terms, limits) ? Rule.NONE : Rule.R10;
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
        if (msg.sender == terms.seller || msg.sender == terms.buyer) revert OwnOrder();
        if (isOfAgency[terms.seller] || isOfAgency[terms.buyer]) {
            if (isOfAgency[msg.sender]) revert OwnOrder();
            if (msg.sender != deputy) revert NotTheReviewer();
        } else if (msg.sender != agency) {
            revert NotTheReviewer();
        }
        id = reviewId(address(book), key);
        if (outcomes[id] != Outcome.NONE) revert AlreadyReviewed(key);
    }

    function factsOf(
        IOrderBook book,
        bytes32 key,
        OrderTerms calldata terms
    ) private view returns (Facts memory facts) {
        Escrow memory escrow = book.escrowOf(key);
        (bytes32 buyerId,, uint64 buyersW) = registry.activeParty(terms.buyer);
        (bytes32 sellerId,, uint64 sellersW) = registry.activeParty(terms.seller);
        (bytes32 pileId, uint64 pileW) = terms.exported ? (buyerId, buyersW) : (sellerId, sellersW);
        if (pileId != terms.pile) pileW = 0;
        return Facts(sellerId != 0, buyerId != 0, pileW, escrow.buyer, escrow.seller);
    }

    function pledge(OrderTerms calldata terms) private {
        (uint256 first, uint256 last) = slots(terms);
        uint256 watts = terms.power();
        loads[point(terms.feeder, terms.exported)].add(first, last, watts);
        loads[pile(terms.pile)].add(first, last, watts);
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

    function hasCharges(OrderTerms calldata terms, Limits memory limits) private view returns (bool) {
        return terms.gridBp == limits.gridBp && terms.agencyBp == limits.agencyBp && terms.grid == grid
            && terms.agency == agency;
    }

    function converts(OrderTerms calldata terms) private view returns (bool) {
        Factor memory f = factor[terms.tableVersion][terms.energyType];
        return
            f.denominator != 0 &&
            (uint256(terms.quantity) * f.numerator) / f.denominator == terms.energyWh;
    }

    function linesBear(
        OrderTerms calldata terms,
        LineLimit[] calldata lines,
        uint256 first,
        uint256 last,
        uint256 watts
    ) private view returns (bool) {
        bytes32 hash = linesInForce();
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
}
