// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice Power that is promised, slot by slot, in watts: eight slots a storage word, as a delivery
/// of some hours then writes two or three of them.
library SlotLoad {
    uint256 internal constant MOST_WATTS = type(uint32).max;
    uint256 private constant LANES = 8;
    uint256 private constant LANE_BITS = 32;

    struct Load {
        mapping(uint256 word => uint256) words;
    }

    /// @return watts the most that is promised in a slot from `first` to `last`
    function peak(Load storage load, uint256 first, uint256 last) internal view returns (uint256 watts) {
        uint256 word = load.words[first / LANES];
        for (uint256 slot = first; ; ) {
            uint256 here = lane(word, slot);
            if (here > watts) watts = here;
            if (++slot > last) return watts;
            if (slot % LANES == 0) word = load.words[slot / LANES];
        }
    }

    /// @return watts what is promised in one slot
    function wattsIn(Load storage load, uint256 slot) internal view returns (uint256 watts) {
        return lane(load.words[slot / LANES], slot);
    }

    /// @param watts that fit: the sum in each slot is at most {MOST_WATTS}
    function add(Load storage load, uint256 first, uint256 last, uint256 watts) internal {
        each(load, first, last, watts, false);
    }

    /// @param watts that were added to these slots
    function remove(Load storage load, uint256 first, uint256 last, uint256 watts) internal {
        each(load, first, last, watts, true);
    }

    function each(Load storage load, uint256 first, uint256 last, uint256 watts, bool less) private {
        for (uint256 slot = first; slot <= last; ) {
            uint256 index = slot / LANES;
            uint256 delta = 0;
            do {
                delta |= watts << ((slot % LANES) * LANE_BITS);
                ++slot;
            } while (slot <= last && slot % LANES != 0);
            // no lane overflows into the next: add() and remove() say what they are given
            load.words[index] = less ? load.words[index] - delta : load.words[index] + delta;
        }
    }

    function lane(uint256 word, uint256 slot) private pure returns (uint256) {
        return (word >> ((slot % LANES) * LANE_BITS)) & MOST_WATTS;
    }
}
