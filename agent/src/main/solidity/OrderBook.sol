// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {IOfferBoard} from "./interfaces/IOfferBoard.sol";
import {IOrderBook} from "./interfaces/IOrderBook.sol";
import {IQuoteBook} from "./interfaces/IQuoteBook.sol";
import {IRegistry} from "./interfaces/IRegistry.sol";
import {IReviewBoard} from "./interfaces/IReviewBoard.sol";
import {Deadlines, Timing} from "./market/Deadlines.sol";
import {Escrow, OrderTerms, Terms} from "./market/OrderTerms.sol";
import {Metering, Settlement, Settling} from "./market/Settlement.sol";
import {Till} from "./market/Till.sol";
import {Permit} from "./payments/Payouts.sol";

/// @title The order book (P2-06 to P2-12, P2-19)
/// @notice An order's life from the request to the settlement, with both sides' money in escrow. There is no owner:
/// money leaves to the parties and to whom they agreed to pay fees, and nobody can stop that. Every state but the last
/// ones has a deadline, after which anybody may end it: before the delivery with a refund, after it as undelivered.
/// An order's terms are not stored: their hash names the order, and every call brings them along. From the confirmation
/// to the end both parties are obliged in the registry, so that neither leaves with its bond (P1-11).
contract OrderBook is IOrderBook, Till, Deadlines, EIP712 {
    using Terms for OrderTerms;

    bytes32 private constant METERING_TYPEHASH =
        keccak256("Metering(bytes32 order,uint64 availableWh,uint64 takenWh,uint64 paid)");
    bytes32 private constant RECORD_TYPEHASH =
        keccak256("MeterRecord(bytes32 order,uint64 availableWh,uint64 takenWh,uint40 readAt)");
    bytes32 private constant RECEIPT_TYPEHASH = keccak256("Receipt(bytes32 order,uint64 paid)");

    enum Status {
        NONE,
        /// the buyer asked, with its money in escrow (P2-06)
        REQUESTED,
        /// the seller agreed, with its default amount in escrow (P2-07)
        CONFIRMED,
        /// the seller said no (P2-07)
        REFUSED,
        /// both signed the terms (P2-08)
        ESTABLISHED,
        /// the review said yes (P2-09)
        APPROVED,
        /// the review said no, and why (P2-09, P2-10)
        REJECTED,
        /// what it waited for did not come; both have their money back (P2-09)
        EXPIRED,
        /// approved, and on record (P2-11)
        RECORDED,
        /// energy may flow (P2-11)
        EXECUTING,
        /// delivered and taken within the tolerance, and paid
        SETTLED,
        /// paid for what flowed, and damages for what was off by more than the tolerance (P2-12)
        DEFAULTED
    }

    /// @param deadline the last second in which what it waits for can happen
    /// @param paid what the seller has acknowledged as paid in a channel
    /// @param partner see {partnerOf}
    struct Order {
        Status status;
        bool buyerSigned;
        bool sellerSigned;
        uint40 deadline;
        uint64 escrowBuyer;
        uint64 escrowSeller;
        uint64 paid;
        bytes32 partner;
    }

    IRegistry public immutable registry;
    IOfferBoard public immutable offers;
    IQuoteBook public immutable quotes;
    IReviewBoard public immutable board;
    mapping(bytes32 key => Order) private orders;

    event Requested(bytes32 indexed key, address indexed seller, address indexed buyer, OrderTerms terms);
    event Confirmed(bytes32 indexed key);
    event Refused(bytes32 indexed key);
    event Signed(bytes32 indexed key, address party);
    event Established(bytes32 indexed key);
    event Approved(bytes32 indexed key);
    /// @param reason 1 to 10: the rule that it broke; 16 and more: the agency's veto
    event Rejected(bytes32 indexed key, uint8 reason);
    /// @param missed the state in which it waited too long
    event Expired(bytes32 indexed key, Status missed);
    event Recorded(bytes32 indexed key);
    event Began(bytes32 indexed key);
    event Acknowledged(bytes32 indexed key, uint64 paid);
    /// @param status SETTLED or DEFAULTED
    event Settled(bytes32 indexed key, Status status, Metering metering, Settlement settlement);
    /// @notice The registry would not discharge a party of an order that is over.
    event StillObliged(bytes32 indexed key, bytes32 indexed id);

    /// @dev Registry, review board and quote book are those that were made for this book.
    error NotWired();
    error NotTheBuyer();
    error NotTheSeller();
    error NotAParty();
    error NotTheReviewBoard();
    /// @dev The order does not stand where this can happen.
    error OutOfTurn(Status status);
    error Over(Status status);
    error TooLate(uint256 deadline);
    error TooEarly(uint256 from);
    error BadSignature(address signer);
    /// @dev The party that meters is not registered under the terms' pile.
    error NotThePile(bytes32 id);
    /// @dev The meter was read before the delivery ended, or is ahead of the chain.
    error BadReading(uint40 readAt);

    /// @param registry_ in which this book is an obligor
    /// @param quotes_ that gives its matches to this book
    /// @param board_ that reviews this book's orders
    constructor(
        IERC20 token_,
        IRegistry registry_,
        IOfferBoard offers_,
        IQuoteBook quotes_,
        IReviewBoard board_,
        Timing memory stages
    ) Till(token_) Deadlines(stages) EIP712("Chargepile Orders", "1") {
        bool wired = registry_.isObligor(address(this)) && board_.isBook(address(this))
            && quotes_.book() == address(this);
        if (!wired) revert NotWired();
        registry = registry_;
        offers = offers_;
        quotes = quotes_;
        board = board_;
    }

    // --------------------------------------------------------------------------------- to agreement

    /// @notice The buyer asks, for a listing, for a match, or of somebody it knows; this locks the price and its
    /// default amount (P2-06).
    /// @param permit for the token; of deadline 0: the allowance is there already
    function request(OrderTerms calldata terms, Permit calldata permit) external nonReentrant returns (bytes32 key) {
        if (msg.sender != terms.buyer) revert NotTheBuyer();
        terms.check();
        if (terms.listing != 0) offers.checkOffer(terms);
        if (isOfMatch(terms)) quotes.checkMatch(terms);
        key = terms.key();
        Order storage order = orders[key];
        if (order.status != Status.NONE) revert OutOfTurn(order.status);
        uint64 amount = terms.escrow().buyer;
        order.status = Status.REQUESTED;
        order.deadline = time(block.timestamp + confirmationTime);
        order.escrowBuyer = amount;
        emit Requested(key, terms.seller, terms.buyer, terms);
        take(amount, permit);
    }

    /// @notice The seller agrees; this locks its default amount, takes the energy off its listing (P2-07), and obliges
    /// both parties.
    /// @param buyerSignature of the terms: then the order is established at once. Empty: both sign later
    /// @param permit for the token; of deadline 0: the allowance is there already
    function confirm(OrderTerms calldata terms, bytes calldata buyerSignature, Permit calldata permit)
        external
        nonReentrant
    {
        bytes32 key = terms.key();
        Order storage order = standsAt(key, Status.REQUESTED);
        if (msg.sender != terms.seller) revert NotTheSeller();
        order.status = Status.CONFIRMED;
        order.deadline = time(block.timestamp + signaturesTime);
        order.escrowSeller = terms.defaultAmount;
        order.partner = oblige(terms);
        if (terms.listing != 0) offers.take(terms);
        if (isOfMatch(terms)) quotes.take(terms);
        emit Confirmed(key);
        if (buyerSignature.length > 0) {
            checkAgreed(terms.buyer, key, buyerSignature);
            established(key, order);
        }
        take(terms.defaultAmount, permit);
    }

    /// @notice The seller does not agree (P2-07).
    function refuse(OrderTerms calldata terms) external nonReentrant {
        bytes32 key = terms.key();
        standsAt(key, Status.REQUESTED);
        if (msg.sender != terms.seller) revert NotTheSeller();
        end(key, terms, Status.REFUSED, false);
        emit Refused(key);
    }

    /// @notice A party signs the terms by this call (P2-08).
    function sign(OrderTerms calldata terms) external nonReentrant {
        bytes32 key = terms.key();
        Order storage order = standsAt(key, Status.CONFIRMED);
        if (msg.sender == terms.buyer) order.buyerSigned = true;
        else if (msg.sender == terms.seller) order.sellerSigned = true;
        else revert NotAParty();
        emit Signed(key, msg.sender);
        if (order.buyerSigned && order.sellerSigned) established(key, order);
    }

    /// @notice Both parties' EIP-712 signatures of the terms, brought by anybody (P2-08).
    /// @param buyerSignature, sellerSignature whatever for a party that calls, or has signed already
    function establish(OrderTerms calldata terms, bytes calldata buyerSignature, bytes calldata sellerSignature)
        external
        nonReentrant
    {
        bytes32 key = terms.key();
        Order storage order = standsAt(key, Status.CONFIRMED);
        if (!order.buyerSigned) checkAgreed(terms.buyer, key, buyerSignature);
        if (!order.sellerSigned) checkAgreed(terms.seller, key, sellerSignature);
        established(key, order);
    }

    // -------------------------------------------------------------------------------- to the record

    /// @inheritdoc IOrderBook
    function approve(OrderTerms calldata terms) external nonReentrant {
        bytes32 key = terms.key();
        Order storage order = reviewed(key);
        order.status = Status.APPROVED;
        uint256 deadline = block.timestamp + recordTime;
        // Not on record before the delivery begins is too late: the seller would owe what nobody waited for.
        order.deadline = deadline < terms.start ? uint40(deadline) : terms.start;
        emit Approved(key);
    }

    /// @inheritdoc IOrderBook
    function reject(OrderTerms calldata terms, uint8 reason) external nonReentrant {
        bytes32 key = terms.key();
        reviewed(key);
        end(key, terms, Status.REJECTED, true);
        emit Rejected(key, reason);
    }

    /// @notice Puts an approved order on record; anybody may (P2-11).
    function record(OrderTerms calldata terms) external nonReentrant {
        bytes32 key = terms.key();
        Order storage order = standsAt(key, Status.APPROVED);
        order.status = Status.RECORDED;
        order.deadline = time(uint256(terms.end) + evidenceTime);
        emit Recorded(key);
    }

    /// @notice A party says that the delivery begins (P2-11).
    function begin(OrderTerms calldata terms) external nonReentrant {
        bytes32 key = terms.key();
        Order storage order = standsAt(key, Status.RECORDED);
        if (msg.sender != terms.seller && msg.sender != terms.buyer) revert NotAParty();
        if (block.timestamp < terms.start) revert TooEarly(terms.start);
        order.status = Status.EXECUTING;
        emit Began(key);
    }

    // -------------------------------------------------------------------------------------- to the end

    /// @notice What the seller has been paid in a channel, as it says itself; only the highest counts.
    /// @param sellerSignature of `Receipt(order, paid)`; whatever when the seller calls
    function acknowledge(OrderTerms calldata terms, uint64 paid, bytes calldata sellerSignature)
        external
        nonReentrant
    {
        bytes32 key = terms.key();
        Order storage order = running(key);
        checkSigned(terms.seller, keccak256(abi.encode(RECEIPT_TYPEHASH, key, paid)), sellerSignature);
        if (paid > order.paid) {
            order.paid = paid;
            emit Acknowledged(key, paid);
        }
    }

    /// @notice Settles by what both parties say of the delivery, at any time (P2-11).
    /// @param buyerSignature, sellerSignature of `Metering(order, availableWh, takenWh, paid)`; whatever for who calls
    function settle(
        OrderTerms calldata terms,
        Metering calldata metering,
        bytes calldata buyerSignature,
        bytes calldata sellerSignature
    ) external nonReentrant {
        bytes32 key = terms.key();
        running(key);
        bytes32 said = keccak256(abi.encode(METERING_TYPEHASH, key, metering));
        checkSigned(terms.buyer, said, buyerSignature);
        checkSigned(terms.seller, said, sellerSignature);
        settled(key, terms, metering);
    }

    /// @notice Settles by the signature of the pile's meter, whoever brings it, once the buyer has had the time to show
    /// receipts (P2-11). What flowed until the end does not change after it, so a meter has one thing to say.
    /// @param readAt when the meter was read, Unix seconds: not before the delivery ended
    /// @param meterSignature of `MeterRecord(order, availableWh, takenWh, readAt)`
    function settleByMeter(
        OrderTerms calldata terms,
        uint64 availableWh,
        uint64 takenWh,
        uint40 readAt,
        bytes calldata meterSignature
    ) external nonReentrant {
        bytes32 key = terms.key();
        Order storage order = running(key);
        uint256 from = terms.end + receiptsTime;
        if (block.timestamp < from) revert TooEarly(from);
        if (readAt < terms.end || readAt > block.timestamp) revert BadReading(readAt);
        bytes32 said = keccak256(abi.encode(RECORD_TYPEHASH, key, availableWh, takenWh, readAt));
        checkSigned(terms.meter, said, meterSignature);
        settled(key, terms, Metering(availableWh, takenWh, order.paid));
    }

    /// @notice Ends an order whose deadline is over; anybody may. Silence costs nobody anything until the delivery
    /// (P2-09). After it there is no evidence, and that is to the disadvantage of whoever has the meter.
    function expire(OrderTerms calldata terms) external nonReentrant {
        bytes32 key = terms.key();
        Order storage order = orders[key];
        Status status = order.status;
        if (isOver(status)) revert Over(status);
        if (status == Status.NONE) revert OutOfTurn(status);
        if (block.timestamp <= order.deadline) revert TooEarly(uint256(order.deadline) + 1);
        if (status == Status.RECORDED || status == Status.EXECUTING) {
            settled(key, terms, Settling.withheld(terms, order.paid));
            return;
        }
        if (status == Status.APPROVED) board.release(terms);
        end(key, terms, Status.EXPIRED, status != Status.REQUESTED);
        emit Expired(key, status);
    }

    // --------------------------------------------------------------------------------------- reading

    function orderOf(bytes32 key) external view returns (Order memory) {
        return orders[key];
    }

    /// @inheritdoc IOrderBook
    function escrowOf(bytes32 key) external view returns (Escrow memory) {
        return Escrow(orders[key].escrowBuyer, orders[key].escrowSeller);
    }

    /// @inheritdoc IOrderBook
    function partnerOf(bytes32 key) external view returns (bytes32) {
        return orders[key].partner;
    }

    /// @notice The name of an order of these terms.
    function keyOf(OrderTerms calldata terms) external pure returns (bytes32) {
        return terms.key();
    }

    // ---------------------------------------------------------------------------------------- inside

    function established(bytes32 key, Order storage order) private {
        order.status = Status.ESTABLISHED;
        order.buyerSigned = true;
        order.sellerSigned = true;
        order.deadline = time(block.timestamp + reviewTime);
        emit Established(key);
    }

    /// @dev By their ids: accounts change.
    function oblige(OrderTerms calldata terms) private returns (bytes32 partner) {
        (address metered, address other) =
            terms.exported ? (terms.buyer, terms.seller) : (terms.seller, terms.buyer);
        if (registry.idOf(metered) != terms.pile) revert NotThePile(terms.pile);
        partner = registry.idOf(other);
        registry.raiseObligation(terms.pile);
        registry.raiseObligation(partner);
    }

    function settled(bytes32 key, OrderTerms calldata terms, Metering memory metering) private {
        Settlement memory result = Settling.settle(terms, metering);
        bool byDefault = result.sellerOffWh > 0 || result.buyerOffWh > 0;
        Status status = byDefault ? Status.DEFAULTED : Status.SETTLED;
        over(key, terms, status);
        credit(terms.buyer, result.toBuyer);
        credit(terms.seller, result.toSeller);
        credit(terms.grid, result.toGrid);
        credit(terms.agency, result.toAgency);
        // What nobody delivers any more is free for others.
        if (block.timestamp < terms.end) board.release(terms);
        emit Settled(key, status, metering, result);
    }

    /// @dev Both have back what they locked.
    function end(bytes32 key, OrderTerms calldata terms, Status status, bool wasTaken) private {
        Order storage order = orders[key];
        (uint64 buyers, uint64 sellers) = (order.escrowBuyer, order.escrowSeller);
        over(key, terms, status);
        credit(terms.buyer, buyers);
        credit(terms.seller, sellers);
        if (wasTaken && terms.listing != 0) offers.giveBack(terms);
        if (wasTaken && isOfMatch(terms)) quotes.giveBack(terms);
    }

    function over(bytes32 key, OrderTerms calldata terms, Status status) private {
        Order storage order = orders[key];
        order.status = status;
        order.deadline = 0;
        order.escrowBuyer = 0;
        order.escrowSeller = 0;
        bytes32 partner = order.partner;
        if (partner == 0) return;
        discharge(key, terms.pile);
        discharge(key, partner);
    }

    /// @dev Whatever the registry does, the money goes where it belongs. Nobody makes this fail by giving little gas: of a
    /// call that had too little a sixty-fourth is left, which is too little to go on.
    function discharge(bytes32 key, bytes32 id) private {
        try registry.lowerObligation(id) {}
        catch {
            emit StillObliged(key, id);
        }
    }

    function reviewed(bytes32 key) private view returns (Order storage order) {
        if (msg.sender != address(board)) revert NotTheReviewBoard();
        return standsAt(key, Status.ESTABLISHED);
    }

    function running(bytes32 key) private view returns (Order storage order) {
        return standsAt(key, orders[key].status == Status.EXECUTING ? Status.EXECUTING : Status.RECORDED);
    }

    function standsAt(bytes32 key, Status expected) private view returns (Order storage order) {
        order = orders[key];
        Status status = order.status;
        if (status != expected) {
            if (isOver(status)) revert Over(status);
            revert OutOfTurn(status);
        }
        if (block.timestamp > order.deadline) revert TooLate(order.deadline);
    }

    /// @dev A party's word on what was delivered or paid: by its call or its account's own key. A contract is not asked: it
    /// could take back what it has said, such as a receipt, also one that an account has become (EIP-7702).
    function checkSigned(address party, bytes32 structHash, bytes calldata signature) private view {
        if (msg.sender != party && !isSigned(party, _hashTypedDataV4(structHash), signature)) revert BadSignature(party);
    }

    /// @dev A party's word on the terms, with which a no costs nobody anything: a contract wallet is asked too (ERC-1271).
    function checkAgreed(address party, bytes32 key, bytes calldata signature) private view {
        if (msg.sender == party) return;
        bytes32 digest = _hashTypedDataV4(key);
        if (isSigned(party, digest, signature)) return;
        if (party.code.length == 0 || !SignatureChecker.isValidERC1271SignatureNow(party, digest, signature)) {
            revert BadSignature(party);
        }
    }

    function isSigned(address party, bytes32 digest, bytes calldata signature) private pure returns (bool) {
        (address signer, ECDSA.RecoverError failure,) = ECDSA.tryRecoverCalldata(digest, signature);
        return failure == ECDSA.RecoverError.NoError && signer == party;
    }

    function isOver(Status status) private pure returns (bool) {
        return status == Status.REFUSED || status == Status.REJECTED || status == Status.EXPIRED
            || status >= Status.SETTLED;
    }

    function isOfMatch(OrderTerms calldata terms) private pure returns (bool) {
        return terms.ask != 0 || terms.bid != 0;
    }
}
