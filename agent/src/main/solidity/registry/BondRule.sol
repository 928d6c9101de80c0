// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice What is locked for a charging pile (P1-11), to the unit what `market.BondRule` computes.
library BondRule {
    uint256 private constant WATTS_PER_KW = 1000;
    uint256 private constant HIGHEST = uint256(uint64(type(int64).max));

    error NoPower();
    error BondOutOfRange(uint256 bond);

    /// @notice max(minimum, ceil(ratedPower in kW * perKw)).
    /// @param ratedPowerW more than 0
    /// @return in the unit of minimum and perKw, at most 2^63 - 1
    function bond(
        uint64 minimum,
        uint64 perKw,
        uint64 ratedPowerW
    ) internal pure returns (uint128) {
        if (ratedPowerW == 0) revert NoPower();
        uint256 byPower = (uint256(ratedPowerW) * perKw + WATTS_PER_KW - 1) / WATTS_PER_KW;
        uint256 larger = byPower > minimum ? byPower : minimum;
        if (larger > HIGHEST) revert BondOutOfRange(larger);
        return uint128(larger);
    }
}
