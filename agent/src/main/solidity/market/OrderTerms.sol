// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice What both sides of an order agree on (P2-02), as they sign it (P2-08).
/// @dev All members are static, so that `abi.encode` lays them out as EIP-712 does.
/// @param id the buyer's number of the order: two that are otherwise the same are two orders
/// @param listing that it is from; 0 for none
/// @param listingVersion that was asked for (P2-05)
/// @param ask of the match that it is from; 0 for none
/// @param bid of that match
/// @param doubledPrice twice the price of a kilowatt-hour in the token's smallest unit (P1-41)
/// @param energyWh electrical, more than 0
/// @param start of the delivery, Unix seconds
/// @param end the first second that is no longer of the delivery
/// @param feeder the grid's name of it, hashed or short
/// @param pile the registry's id of the charging pile that it passes through: the seller's, or the buyer's when
/// a car feeds the grid (V2G), and so is the meter
/// @param exported into the grid (V2G); it loads the feeder in the other direction
/// @param energyType what is delivered (P2-03), its name in ASCII
/// @param quantity of it, in its own unit
/// @param tableVersion of the conversion table that makes `energyWh` of `quantity`
/// @param defaultAmount what each side has in escrow for its default (P2-12)
/// @param defaultRate damages per kWh in the token's smallest unit
/// @param toleranceBp of the energy, in basis points: only what exceeds it counts
/// @param gridBp, agencyBp fees in basis points (P2-19)
/// @param grid, agency who has them
/// @param meter whose signature both sides take as evidence of what flowed: the account of the pile's meter key
struct OrderTerms {
    uint64 id;
    uint64 listing;
    uint32 listingVersion;
    uint64 ask;
    uint64 bid;
    address seller;
    address buyer;
    uint64 doubledPrice;
    uint64 energyWh;
    uint40 start;
    uint40 end;
    bytes32 feeder;
    bytes32 pile;
    bool exported;
    bytes32 energyType;
    uint64 quantity;
    uint32 tableVersion;
    uint64 defaultAmount;
    uint64 defaultRate;
    uint16 toleranceBp;
    uint16 gridBp;
    uint16 agencyBp;
    address grid;
    address agency;
    address meter;
}

/// @notice What is held of each side.
struct Escrow {
    uint64 buyer;
    uint64 seller;
}

/// @notice The arithmetic of an order's terms. Amounts stay below 2^63, as those of every client.
library Terms {
    uint256 internal constant MOST_AMOUNT = uint64(type(int64).max);
    uint256 internal constant WHOLE = 10_000;
    uint256 internal constant WH_PER_KWH = 1000;

    bytes32 internal constant TYPEHASH =
        keccak256(
            "OrderTerms(uint64 id,uint64 listing,uint32 listingVersion,uint64 ask,uint64 bid,"
            "address seller,address buyer,uint64 doubledPrice,uint64 energyWh,uint40 start,uint40 end,"
            "bytes32 feeder,bytes32 pile,bool exported,bytes32 energyType,uint64 quantity,uint32 tableVersion,"
            "uint64 defaultAmount,uint64 defaultRate,uint16 toleranceBp,uint16 gridBp,uint16 agencyBp,"
            "address grid,address agency,address meter)"
        );

    /// @dev A party can't sell to itself.
    error SameParty();
    /// @dev No energy, an empty window, or basis points above 10000.
    error OutOfRange();
    /// @dev There is none, or it is one of the parties.
    error NoMeter();
    /// @dev The escrow is more than an amount can hold.
    error Uncountable();
    /// @dev In a channel-paid order the seller's escrow is what the fees come from.
    error DefaultBelowFees(uint256 defaultAmount, uint256 fees);

    /// @return the EIP-712 hash of the struct, which names the order
    function key(OrderTerms calldata terms) internal pure returns (bytes32) {
        return keccak256(abi.encode(TYPEHASH, terms));
    }

    /// @notice Reverts when the terms are none.
    function check(OrderTerms calldata terms) internal pure {
        if (terms.seller == terms.buyer) revert SameParty();
        if (terms.meter == address(0) || terms.meter == terms.seller || terms.meter == terms.buyer) revert NoMeter();
        if (
            terms.energyWh == 0 ||
            terms.energyWh > MOST_AMOUNT ||
            terms.quantity > MOST_AMOUNT ||
            terms.start >= terms.end ||
            terms.toleranceBp > WHOLE ||
            uint256(terms.gridBp) + terms.agencyBp > WHOLE
        ) revert OutOfRange();
        uint256 whole = cost(terms, terms.energyWh);
        if (whole + 2 * uint256(terms.defaultAmount) > MOST_AMOUNT) revert Uncountable();
        uint256 fees = share(whole, terms.gridBp) + share(whole, terms.agencyBp);
        if (terms.defaultAmount < fees) revert DefaultBelowFees(terms.defaultAmount, fees);
    }

    /// @notice `floor(v * 2P / 2000)`: rounded once; the same integer is debited and credited (P1-41).
    function cost(OrderTerms calldata terms, uint256 energyWh) internal pure returns (uint256) {
        return (energyWh * terms.doubledPrice) / (2 * WH_PER_KWH);
    }

    /// @notice What each side locks: the buyer at the request (P2-06), the seller when it confirms
    /// (P2-07).
    function escrow(OrderTerms calldata terms) internal pure returns (Escrow memory) {
        // check() saw to it that this fits
        return
            Escrow(uint64(cost(terms, terms.energyWh) + terms.defaultAmount), terms.defaultAmount);
    }

    /// @return watts that deliver the energy evenly over the window, rounded up
    function power(OrderTerms calldata terms) internal pure returns (uint256 watts) {
        uint256 length = uint256(terms.end) - terms.start;
        return (uint256(terms.energyWh) * 3600 + length - 1) / length;
    }

    /// @notice A fee, rounded down: the residue is the producer's (P2-19).
    function share(uint256 amount, uint256 basisPoints) internal pure returns (uint256) {
        return (amount * basisPoints) / WHOLE;
    }
}
