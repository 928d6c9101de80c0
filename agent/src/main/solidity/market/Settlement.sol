// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Escrow, OrderTerms, Terms} from "./OrderTerms.sol";

/// @notice What a meter's signed records show of an order (P2-11).
/// @param availableWh what the seller had ready within the window; at least `takenWh`
/// @param takenWh what flowed
/// @param paid what a channel has paid of it already; 0 where the escrow pays all
struct Metering {
    uint64 availableWh;
    uint64 takenWh;
    uint64 paid;
}

/// @notice What an order comes to (P2-11, P2-12, P2-19). The four payouts add up to the escrow.
/// @param due for the energy taken, at most for the energy ordered
/// @param sellerDamages for what was not made available, to the buyer
/// @param buyerDamages for what was not taken, or taken on top, to the seller
struct Settlement {
    uint256 due;
    uint256 sellerDamages;
    uint256 buyerDamages;
    uint256 toBuyer;
    uint256 toSeller;
    uint256 toGrid;
    uint256 toAgency;
}

/// @notice Shares an order's escrow out.
library Settling {
    /// @dev What was taken was available.
    error TakenNotAvailable(uint64 availableWh, uint64 takenWh);

    function settle(
        OrderTerms calldata terms,
        Metering memory metering
    ) internal pure returns (Settlement memory result) {
        if (metering.availableWh < metering.takenWh) {
            revert TakenNotAvailable(metering.availableWh, metering.takenWh);
        }
        uint256 ordered = terms.energyWh;
        uint256 taken = metering.takenWh;
        uint256 ready = least(metering.availableWh, ordered);
        Escrow memory escrow = Terms.escrow(terms);

        result.due = Terms.cost(terms, least(taken, ordered));
        result.toGrid = Terms.share(result.due, terms.gridBp);
        result.toAgency = Terms.share(result.due, terms.agencyBp);
        uint256 fromEscrow = minusOrZero(result.due, metering.paid);
        // Fees first: Terms.check() sees to it that the seller's escrow alone can pay them.
        uint256 sellers = escrow.seller + fromEscrow - result.toGrid - result.toAgency;
        result.sellerDamages = least(least(damages(terms, ordered - ready), escrow.seller), sellers);
        uint256 off = taken > ordered ? taken - ordered : minusOrZero(ready, taken);
        result.buyerDamages = least(damages(terms, off), escrow.seller);
        result.toBuyer = escrow.buyer - fromEscrow - result.buyerDamages + result.sellerDamages;
        result.toSeller = sellers - result.sellerDamages + result.buyerDamages;
    }

    /// @notice Liquidated damages for what is off by more than the tolerance, rounded down (P2-12).
    function damages(OrderTerms calldata terms, uint256 off) internal pure returns (uint256) {
        uint256 tolerated = Terms.share(terms.energyWh, terms.toleranceBp);
        return (minusOrZero(off, tolerated) * terms.defaultRate) / Terms.WH_PER_KWH;
    }

    function least(uint256 one, uint256 other) private pure returns (uint256) {
        return one < other ? one : other;
    }

    function minusOrZero(uint256 one, uint256 other) private pure returns (uint256) {
        return one > other ? one - other : 0;
    }
}
