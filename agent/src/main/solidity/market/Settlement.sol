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
/// @param due for all that was taken, as far as the buyer's escrow and what a channel paid reach
/// @param sellerOffWh what was not made available, beyond the tolerance
/// @param buyerOffWh what was not taken, or taken on top, beyond the tolerance
/// @param sellerDamages for `sellerOffWh`, to the buyer
/// @param buyerDamages for `buyerOffWh`, to the seller
struct Settlement {
    uint256 due;
    uint256 sellerOffWh;
    uint256 buyerOffWh;
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
        result.sellerOffWh = beyond(terms, ordered - ready);
        result.buyerOffWh = beyond(terms, taken > ordered ? taken - ordered : minusOrZero(ready, taken));

        Escrow memory escrow = Terms.escrow(terms);
        uint256 most = least(uint256(escrow.buyer) + metering.paid, Terms.MOST_AMOUNT);
        result.due = least(Terms.cost(terms, taken), most);
        uint256 fromEscrow = minusOrZero(result.due, metering.paid);
        // Fees first, the grid's before the agency's: Terms.check() sees to it that the seller's escrow pays those of
        // the order. What can't be had stays with the producer.
        uint256 sellers = escrow.seller + fromEscrow;
        result.toGrid = least(Terms.share(result.due, terms.gridBp), sellers);
        sellers -= result.toGrid;
        result.toAgency = least(Terms.share(result.due, terms.agencyBp), sellers);
        sellers -= result.toAgency;
        result.sellerDamages = least(least(damages(terms, result.sellerOffWh), escrow.seller), sellers);
        uint256 buyers = escrow.buyer - fromEscrow;
        result.buyerDamages = least(least(damages(terms, result.buyerOffWh), escrow.seller), buyers);
        result.toBuyer = buyers - result.buyerDamages + result.sellerDamages;
        result.toSeller = sellers - result.sellerDamages + result.buyerDamages;
    }

    /// @notice What an order is settled by when no evidence came: whoever has the meter gains nothing by keeping its
    /// records back. A seller with the meter has delivered nothing, a buyer with it has been delivered everything.
    /// @param paid what the seller has acknowledged
    function withheld(OrderTerms calldata terms, uint64 paid) internal pure returns (Metering memory) {
        uint64 energyWh = terms.exported ? terms.energyWh : 0;
        return Metering(energyWh, energyWh, paid);
    }

    /// @dev What of `off` is more than the tolerance.
    function beyond(OrderTerms calldata terms, uint256 off) private pure returns (uint256) {
        return minusOrZero(off, Terms.share(terms.energyWh, terms.toleranceBp));
    }

    /// @dev Liquidated damages, rounded down (P2-12).
    function damages(OrderTerms calldata terms, uint256 beyondWh) private pure returns (uint256) {
        return (beyondWh * terms.defaultRate) / Terms.WH_PER_KWH;
    }

    function least(uint256 one, uint256 other) private pure returns (uint256) {
        return one < other ? one : other;
    }

    function minusOrZero(uint256 one, uint256 other) private pure returns (uint256) {
        return one > other ? one - other : 0;
    }
}
