// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {OrderTerms} from "../market/OrderTerms.sol";

/// @notice What an order book asks of the {OfferBoard}.
interface IOfferBoard {
    /// @notice Reverts unless the terms are those of their listing as it stands now (P2-06).
    function checkOffer(OrderTerms calldata terms) external view;

    /// @notice A confirmation takes its energy (P2-07); checks the offer once more. Only the listing's order book.
    function take(OrderTerms calldata terms) external;

    /// @notice A rejected or expired order gives it back, to the version that it took it from: an amendment has said
    /// anew how much is open. Never reverts for what was taken.
    function giveBack(OrderTerms calldata terms) external;
}
