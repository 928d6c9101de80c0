// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {OrderTerms} from "../market/OrderTerms.sol";

/// @notice What an order book asks of the {OfferBoard}.
interface IOfferBoard {
    /// @notice Reverts unless the terms are those of their listing as it stands now (P2-06).
    function checkOffer(OrderTerms calldata terms) external view;

    /// @notice A confirmation takes its energy (P2-07). Only the listing's order book.
    function take(uint64 listing, uint64 energyWh) external;

    /// @notice A rejected or expired order gives it back. Never reverts for what was taken.
    function giveBack(uint64 listing, uint64 energyWh) external;
}
