// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice How long each stage of an order may take, in seconds, at most 30 days.
/// @param receipts from the end of the delivery: until then the buyer can show what it has paid in a channel; an hour
/// or more
/// @param evidence from the end of the delivery; an hour more than `receipts`, or longer
struct Timing {
    uint32 confirmation;
    uint32 signatures;
    uint32 review;
    uint32 record;
    uint32 receipts;
    uint32 evidence;
}

/// @notice When what an order waits for comes too late (P2-06, P2-09): fixed for good when the book is made.
abstract contract Deadlines {
    uint256 public constant LONGEST_STAGE = 30 days;
    /// @notice To be heard takes a while, also when a chain is congested.
    uint256 public constant LEAST_TO_BE_HEARD = 1 hours;

    uint256 internal immutable confirmationTime;
    uint256 internal immutable signaturesTime;
    uint256 internal immutable reviewTime;
    uint256 internal immutable recordTime;
    uint256 internal immutable receiptsTime;
    uint256 internal immutable evidenceTime;

    error BadTiming();

    constructor(Timing memory stages) {
        confirmationTime = stage(stages.confirmation);
        signaturesTime = stage(stages.signatures);
        reviewTime = stage(stages.review);
        recordTime = stage(stages.record);
        receiptsTime = stage(stages.receipts);
        evidenceTime = stage(stages.evidence);
        if (stages.receipts < LEAST_TO_BE_HEARD) revert BadTiming();
        if (stages.evidence < stages.receipts + LEAST_TO_BE_HEARD) revert BadTiming();
    }

    function timing() external view returns (Timing memory) {
        return Timing(
            uint32(confirmationTime),
            uint32(signaturesTime),
            uint32(reviewTime),
            uint32(recordTime),
            uint32(receiptsTime),
            uint32(evidenceTime)
        );
    }

    /// @dev Some days from now, or from an end that fits.
    function time(uint256 seconds_) internal pure returns (uint40) {
        return seconds_ > type(uint40).max ? type(uint40).max : uint40(seconds_);
    }

    function stage(uint32 seconds_) private pure returns (uint256) {
        if (seconds_ == 0 || seconds_ > LONGEST_STAGE) revert BadTiming();
        return seconds_;
    }
}
