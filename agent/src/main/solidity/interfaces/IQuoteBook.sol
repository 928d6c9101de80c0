// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {OrderTerms} from "../market/OrderTerms.sol";

/// @notice What an order book asks of the {QuoteBook}.
interface IQuoteBook {
    /// @notice The order book that may take its matches.
    function book() external view returns (address);

    /// @notice Reverts unless the terms are those of the match that they name (P1-04).
    function checkMatch(OrderTerms calldata terms) external view;

    /// @notice A confirmation takes the match: it makes one order at a time. Only the order book.
    function take(OrderTerms calldata terms) external;

    /// @notice A rejected or expired order gives it back. Never reverts for what was taken.
    function giveBack(OrderTerms calldata terms) external;
}
