// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

/// @notice How a bond is lost: by a verdict that was published, could be appealed against, and is
/// final (P1-11). The agency accuses; the accused has a window to appeal; a court, which is not the
/// agency, rules on the appeal. A court that stays silent has not upheld anything: the verdict
/// lapses. Neither can name itself, and both are fixed when the contract is made.
abstract contract Verdicts is ReentrancyGuardTransient {
    enum Stage {
        NONE,
        OPEN,
        APPEALED,
        UPHELD
    }

    /// @param payee the harmed party's owner, fixed when the verdict is published
    /// @param deadline of the stage, Unix seconds
    /// @param amount that the accused loses
    /// @param evidence hash of what shows it
    struct Verdict {
        address payee;
        uint64 deadline;
        Stage stage;
        uint128 amount;
        bytes32 evidence;
    }

    uint64 internal constant SHORTEST_WINDOW = 1 hours;
    uint64 internal constant LONGEST_WINDOW = 90 days;

    /// @notice May accuse.
    address public immutable agency;
    /// @notice Rules on appeals.
    address public immutable court;
    /// @notice Seconds that the accused has to appeal.
    uint64 public immutable appealWindow;
    /// @notice Seconds that the court has to rule.
    uint64 public immutable rulingWindow;

    mapping(bytes32 id => Verdict) private _verdicts;

    event Accused(
        bytes32 indexed id,
        bytes32 indexed harmed,
        uint128 amount,
        address payee,
        bytes32 evidence,
        uint64 appealUntil
    );
    event Appealed(bytes32 indexed id, address by, uint64 rulingUntil);
    event Upheld(bytes32 indexed id);
    event Overturned(bytes32 indexed id);
    event Lapsed(bytes32 indexed id);
    event Slashed(bytes32 indexed id, address indexed payee, uint128 amount, bytes32 evidence);

    error BadJudges(address agency, address court);
    error BadWindow(uint64 seconds_);
    error NotTheAgency(address caller);
    error NotTheCourt(address caller);
    error NotTheAccused(address caller);
    error NotAccusable(bytes32 id);
    error NotHarmable(bytes32 id);
    error BadFine(uint128 amount, uint128 bond);
    error VerdictPending(bytes32 id);
    error NoVerdict(bytes32 id, Stage stage);
    error TooLate(uint64 deadline);
    error TooEarly(uint64 deadline);

    constructor(address agency_, address court_, uint64 appealWindow_, uint64 rulingWindow_) {
        if (agency_ == address(0) || court_ == address(0) || agency_ == court_) {
            revert BadJudges(agency_, court_);
        }
        _checkWindow(appealWindow_);
        _checkWindow(rulingWindow_);
        agency = agency_;
        court = court_;
        appealWindow = appealWindow_;
        rulingWindow = rulingWindow_;
    }

    function verdictOn(bytes32 id) external view returns (Verdict memory) {
        return _verdicts[id];
    }

    /// @notice Publishes a verdict. One at a time against a party, and none after its bond is free.
    /// @param harmed id of the party that gets the amount
    function accuse(bytes32 id, uint128 amount, bytes32 harmed, bytes32 evidence) external {
        if (msg.sender != agency) revert NotTheAgency(msg.sender);
        if (_isAccused(id)) revert VerdictPending(id);
        uint128 bond = _accusableBond(id);
        if (amount == 0 || amount > bond) revert BadFine(amount, bond);
        address payee = harmed == id ? address(0) : _payeeOf(harmed);
        if (payee == address(0) || payee == agency || payee == court) revert NotHarmable(harmed);
        uint64 deadline = uint64(block.timestamp) + appealWindow;
        _verdicts[id] = Verdict(payee, deadline, Stage.OPEN, amount, evidence);
        emit Accused(id, harmed, amount, payee, evidence, deadline);
    }

    /// @notice The accused, by its account or its bond's owner, wants the court to rule.
    function appeal(bytes32 id) external {
        Verdict storage verdict = _verdicts[id];
        if (!_speaksFor(id, msg.sender)) revert NotTheAccused(msg.sender);
        if (verdict.stage != Stage.OPEN) revert NoVerdict(id, verdict.stage);
        if (block.timestamp >= verdict.deadline) revert TooLate(verdict.deadline);
        verdict.stage = Stage.APPEALED;
        verdict.deadline = uint64(block.timestamp) + rulingWindow;
        emit Appealed(id, msg.sender, verdict.deadline);
    }

    /// @notice The court's ruling on an appeal, in time.
    function rule(bytes32 id, bool upheld) external {
        Verdict storage verdict = _verdicts[id];
        if (msg.sender != court) revert NotTheCourt(msg.sender);
        if (verdict.stage != Stage.APPEALED) revert NoVerdict(id, verdict.stage);
        if (block.timestamp >= verdict.deadline) revert TooLate(verdict.deadline);
        if (upheld) {
            verdict.stage = Stage.UPHELD;
            emit Upheld(id);
        } else {
            delete _verdicts[id];
            emit Overturned(id);
        }
    }

    /// @notice Carries out what is final, for anybody who asks: a verdict that nobody appealed against
    /// in time, or that was upheld, takes the amount; an appeal on which nobody ruled ends it.
    function conclude(bytes32 id) external nonReentrant {
        Verdict memory verdict = _verdicts[id];
        if (verdict.stage == Stage.NONE) revert NoVerdict(id, verdict.stage);
        if (verdict.stage != Stage.UPHELD && block.timestamp < verdict.deadline) {
            revert TooEarly(verdict.deadline);
        }
        delete _verdicts[id];
        if (verdict.stage == Stage.APPEALED) {
            emit Lapsed(id);
        } else {
            emit Slashed(id, verdict.payee, verdict.amount, verdict.evidence);
            _slash(id, verdict.payee, verdict.amount);
        }
    }

    function _isAccused(bytes32 id) internal view returns (bool) {
        return _verdicts[id].stage != Stage.NONE;
    }

    function _checkWindow(uint64 window) internal pure {
        if (window < SHORTEST_WINDOW || window > LONGEST_WINDOW) revert BadWindow(window);
    }

    /// @dev The bond of a party that may be accused now; reverts for any other.
    function _accusableBond(bytes32 id) internal view virtual returns (uint128);

    /// @dev Who gets what a party is due; 0 for a party that can't be harmed.
    function _payeeOf(bytes32 harmed) internal view virtual returns (address);

    function _speaksFor(bytes32 id, address caller) internal view virtual returns (bool);

    /// @dev The amount is at most the bond: neither a release nor another verdict came between.
    function _slash(bytes32 id, address payee, uint128 amount) internal virtual;
}
