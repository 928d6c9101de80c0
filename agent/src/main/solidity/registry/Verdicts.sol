// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

/// @notice How a bond is lost: by a verdict that was published, could be appealed against, and is
/// final (P1-11). A harmed party complains, by its signature; the agency accuses; the accused has a
/// window to appeal; a court, which is not the agency, rules on the appeal. A court that stays silent
/// has not upheld anything: the verdict lapses. Neither can name itself, and both are fixed when the
/// contract is made.
/// @dev Who is accused takes on nothing new meanwhile, but not without end: when a verdict came to
/// nothing, what follows it within the pause suspends nobody until it is upheld. It may be brought,
/// so that the pause is no time to leave in.
abstract contract Verdicts is ReentrancyGuardTransient {
    enum Stage {
        NONE,
        OPEN,
        APPEALED,
        UPHELD
    }

    /// @param payee the harmed party's owner, fixed when the verdict is published
    /// @param deadline of the stage, Unix seconds
    /// @param suspends whether the accused takes on nothing new
    /// @param amount that the accused loses
    /// @param evidence hash of what shows it
    struct Verdict {
        address payee;
        uint64 deadline;
        Stage stage;
        bool suspends;
        uint128 amount;
        bytes32 evidence;
    }

    bytes32 private constant COMPLAINT =
        keccak256("Complaint(bytes32 accused,uint128 amount,bytes32 harmed,bytes32 evidence)");

    /// @dev Days, for whoever is asleep or away.
    uint64 private constant SHORTEST_APPEAL = 3 days;
    uint64 private constant SHORTEST_RULING = 1 days;
    uint64 private constant LONGEST_WINDOW = 90 days;

    /// @notice Seconds after a verdict that came to nothing in which none suspends.
    uint64 public constant PAUSE = 30 days;

    /// @notice May accuse.
    address public immutable agency;
    /// @notice Rules on appeals.
    address public immutable court;
    /// @notice Seconds that the accused has to appeal.
    uint64 public immutable appealWindow;
    /// @notice Seconds that the court has to rule.
    uint64 public immutable rulingWindow;

    /// @notice Until when verdicts against a party suspend it only once they are upheld.
    mapping(bytes32 id => uint64) public pauseUntil;
    /// @notice Whether a complaint, by its digest, was brought: it is good for one verdict.
    mapping(bytes32 complaint => bool) public brought;

    mapping(bytes32 id => Verdict) private _verdicts;

    event Accused(
        bytes32 indexed id,
        bytes32 indexed harmed,
        uint128 amount,
        address payee,
        bytes32 evidence,
        uint64 appealUntil,
        bool suspends
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
    /// @dev Neither the harmed party's account nor its owner signed this complaint.
    error NotComplained(bytes32 harmed);
    error BroughtBefore(bytes32 complaint);
    error VerdictPending(bytes32 id);
    error NoVerdict(bytes32 id, Stage stage);
    error TooLate(uint64 deadline);
    error TooEarly(uint64 deadline);

    constructor(address agency_, address court_, uint64 appealWindow_, uint64 rulingWindow_) {
        if (agency_ == address(0) || court_ == address(0) || agency_ == court_) {
            revert BadJudges(agency_, court_);
        }
        _checkWindow(appealWindow_, SHORTEST_APPEAL);
        _checkWindow(rulingWindow_, SHORTEST_RULING);
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
    /// @param byHarmed signature of its account or of its bond's owner on {complaintDigest}
    function accuse(
        bytes32 id,
        uint128 amount,
        bytes32 harmed,
        bytes32 evidence,
        bytes calldata byHarmed
    ) external {
        if (msg.sender != agency) revert NotTheAgency(msg.sender);
        if (_isAccused(id)) revert VerdictPending(id);
        uint128 bond = _accusableBond(id);
        if (amount == 0 || amount > bond) revert BadFine(amount, bond);
        address payee = harmed == id ? address(0) : _payeeOf(harmed);
        if (payee == address(0) || payee == agency || payee == court) revert NotHarmable(harmed);
        _bring(complaintDigest(id, amount, harmed, evidence), harmed, byHarmed);
        uint64 deadline = uint64(block.timestamp) + appealWindow;
        bool suspends = block.timestamp >= pauseUntil[id];
        _verdicts[id] = Verdict(payee, deadline, Stage.OPEN, suspends, amount, evidence);
        emit Accused(id, harmed, amount, payee, evidence, deadline, suspends);
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
            verdict.suspends = true;
            emit Upheld(id);
        } else {
            delete _verdicts[id];
            pauseUntil[id] = uint64(block.timestamp) + PAUSE;
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
            pauseUntil[id] = uint64(block.timestamp) + PAUSE;
            emit Lapsed(id);
        } else {
            emit Slashed(id, verdict.payee, verdict.amount, verdict.evidence);
            _slash(id, verdict.payee, verdict.amount);
        }
    }

    function _isAccused(bytes32 id) internal view returns (bool) {
        return _verdicts[id].stage != Stage.NONE;
    }

    function _isSuspended(bytes32 id) internal view returns (bool) {
        return _verdicts[id].suspends;
    }

    function _checkWindow(uint64 window, uint64 shortest) internal pure {
        if (window < shortest || window > LONGEST_WINDOW) revert BadWindow(window);
    }

    /// @dev EIP-712 struct hash of a complaint.
    function _complaint(
        bytes32 accused,
        uint128 amount,
        bytes32 harmed,
        bytes32 evidence
    ) internal pure returns (bytes32) {
        return keccak256(abi.encode(COMPLAINT, accused, amount, harmed, evidence));
    }

    function _bring(bytes32 complaint, bytes32 harmed, bytes calldata byHarmed) private {
        if (brought[complaint]) revert BroughtBefore(complaint);
        (address signer, ECDSA.RecoverError fault, ) = ECDSA.tryRecoverCalldata(complaint, byHarmed);
        if (fault != ECDSA.RecoverError.NoError || !_speaksFor(harmed, signer)) {
            revert NotComplained(harmed);
        }
        brought[complaint] = true;
    }

    /// @notice What a harmed party signs, as EIP-712 typed data of the registry.
    function complaintDigest(
        bytes32 accused,
        uint128 amount,
        bytes32 harmed,
        bytes32 evidence
    ) public view virtual returns (bytes32);

    /// @dev The bond of a party that may be accused now; reverts for any other.
    function _accusableBond(bytes32 id) internal view virtual returns (uint128);

    /// @dev Who gets what a party is due; 0 for a party that can't be harmed.
    function _payeeOf(bytes32 harmed) internal view virtual returns (address);

    function _speaksFor(bytes32 id, address caller) internal view virtual returns (bool);

    /// @dev The amount is at most the bond: neither a release nor another verdict came between.
    function _slash(bytes32 id, address payee, uint128 amount) internal virtual;
}
