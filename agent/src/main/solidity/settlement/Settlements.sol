// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice What the parties to a match say they traded (P1-33), and the two forms in which they sign
/// it: as EIP-712 typed data, and in the bytes of the program's `identity.SettlementCertificate`.
library Settlements {
    /// @param energyMwh milliwatt-hours
    /// @param pricePerKwh smallest units of the token for a kWh
    /// @param amount all that is due, also for time
    struct Side {
        uint64 energyMwh;
        uint64 pricePerKwh;
        uint64 amount;
    }

    /// @dev All numbers are below 2^63. The chain is this one.
    /// @param channelContract where the channel lives
    /// @param session 16 random bytes
    /// @param cycle of transactions (P1-03)
    /// @param matchId of the matched quotes; not 0
    /// @param seller keccak256 of the party's name, like buyer
    /// @param sold C_ES, what the seller says it sold
    /// @param bought C_EP, what the buyer says it bought: the same (P1-02)
    /// @param meterStart register before the session in mWh, in the direction of the energy
    /// @param meterEnd register after it
    /// @param meterRoot SHA-256 of the session's signed meter records
    /// @param finalSeq number of the channel's update that pays it
    /// @param settledAt Unix seconds
    /// @param expiry until when it may be presented
    struct Settlement {
        address channelContract;
        bytes32 channelId;
        bytes16 session;
        uint64 cycle;
        bytes32 matchId;
        bytes32 seller;
        bytes32 buyer;
        Side sold;
        Side bought;
        uint64 meterStart;
        uint64 meterEnd;
        bytes32 meterRoot;
        uint64 finalSeq;
        uint64 settledAt;
        uint64 expiry;
    }

    bytes32 internal constant SIDE = keccak256("Side(uint64 energyMwh,uint64 pricePerKwh,uint64 amount)");
    bytes32 internal constant SETTLEMENT =
        keccak256(
            "Settlement(address channelContract,bytes32 channelId,bytes16 session,uint64 cycle,bytes32 matchId,bytes32 seller,bytes32 buyer,Side sold,Side bought,uint64 meterStart,uint64 meterEnd,bytes32 meterRoot,uint64 finalSeq,uint64 settledAt,uint64 expiry)"
            "Side(uint64 energyMwh,uint64 pricePerKwh,uint64 amount)"
        );

    bytes private constant MAGIC = "CPSC1";
    bytes private constant SUITE = "CHARGEPILE-V1-BLS12381G1_XMD:SHA-256_SSWU_RO_";
    uint8 private constant EVM = 2;

    error Malformed(string what);
    /// @dev C_ES and C_EP differ.
    error UnequalSides();
    error MoreThanMetered(uint64 energyMwh, uint64 meteredMwh);

    /// @notice EIP-712 struct hash.
    function hash(Settlement calldata s) internal pure returns (bytes32) {
        return
            keccak256(
                bytes.concat(
                    abi.encode(SETTLEMENT, s.channelContract, s.channelId, s.session, s.cycle, s.matchId),
                    abi.encode(s.seller, s.buyer, _hash(s.sold), _hash(s.bought), s.meterStart, s.meterEnd),
                    abi.encode(s.meterRoot, s.finalSeq, s.settledAt, s.expiry)
                )
            );
    }

    /// @notice m, which the multi-signature signs: one encoding a settlement (P1-17).
    /// @param seller the name whose hash the settlement has, like buyer
    function encode(
        Settlement calldata s,
        string memory seller,
        string memory buyer
    ) internal view returns (bytes memory) {
        bytes memory ledger =
            abi.encodePacked(MAGIC, uint8(SUITE.length), SUITE, EVM, uint64(block.chainid), s.channelContract);
        bytes memory trade =
            abi.encodePacked(s.channelId, s.session, uint8(1), s.cycle, uint8(1), s.matchId);
        bytes memory parties =
            abi.encodePacked(uint8(bytes(seller).length), seller, uint8(bytes(buyer).length), buyer);
        bytes memory sides = bytes.concat(_encode(s.sold), _encode(s.bought));
        bytes memory end =
            abi.encodePacked(s.meterStart, s.meterEnd, s.meterRoot, s.finalSeq, s.settledAt, s.expiry);
        return bytes.concat(ledger, trade, parties, sides, end);
    }

    /// @notice Refuses what can't be a settlement, whoever signed it.
    function checkForm(Settlement calldata s) internal pure {
        if (s.matchId == 0) revert Malformed("matchId");
        if (s.channelContract == address(0)) revert Malformed("channelContract");
        if (s.seller == s.buyer) revert Malformed("parties");
        if (
            s.sold.energyMwh != s.bought.energyMwh ||
            s.sold.pricePerKwh != s.bought.pricePerKwh ||
            s.sold.amount != s.bought.amount
        ) revert UnequalSides();
        uint64 all = s.cycle | s.sold.energyMwh | s.sold.pricePerKwh | s.sold.amount | s.finalSeq;
        all |= s.meterStart | s.meterEnd | s.settledAt | s.expiry;
        if (all > uint64(type(int64).max)) revert Malformed("number");
        if (s.meterEnd < s.meterStart) revert Malformed("meter");
        if (s.sold.energyMwh > s.meterEnd - s.meterStart) {
            revert MoreThanMetered(s.sold.energyMwh, s.meterEnd - s.meterStart);
        }
        if (s.settledAt >= s.expiry) revert Malformed("expiry");
    }

    function _hash(Side calldata side) private pure returns (bytes32) {
        return keccak256(abi.encode(SIDE, side.energyMwh, side.pricePerKwh, side.amount));
    }

    function _encode(Side calldata side) private pure returns (bytes memory) {
        return abi.encodePacked(side.energyMwh, side.pricePerKwh, side.amount);
    }
}
