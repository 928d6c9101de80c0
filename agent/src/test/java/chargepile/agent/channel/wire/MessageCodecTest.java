package chargepile.agent.channel.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import chargepile.agent.codec.MalformedMessageException;
import chargepile.agent.units.Amount;
import chargepile.agent.units.ChannelId;
import chargepile.agent.units.Direction;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.SessionId;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.ByteVector64;
import fr.acinq.bitcoin.PublicKey;
import fr.acinq.bitcoin.TxHash;
import fr.acinq.bitcoin.TxId;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class MessageCodecTest {
  private static final String ID_HEX = "11".repeat(32);
  private static final ChannelId ID = new ChannelId(new ByteVector32(ID_HEX));
  private static final ByteVector64 SIGNATURE = new ByteVector64("22".repeat(64));

  private static byte[] hex(String... parts) {
    return HexFormat.of().parseHex(String.join("", parts).replace(" ", ""));
  }

  private static MalformedMessageException refused(String... parts) {
    return assertThrows(MalformedMessageException.class, () -> MessageCodec.decode(hex(parts)));
  }

  @Test
  void anUpdateFeeIsTypeChannelIdAndFeerate() throws MalformedMessageException {
    byte[] bytes = hex("0086", ID_HEX, "000000fd");
    UpdateFee message = new UpdateFee(ID, Feerate.MINIMUM_RELAY);
    assertArrayEquals(bytes, MessageCodec.encode(message));
    assertEquals(Optional.of(message), MessageCodec.decode(bytes));
  }

  @Test
  void anEnergyUpdateIsLaidOutAsItsDocumentationSays() {
    EnergyUpdate message =
        new EnergyUpdate(
            ID,
            new SessionId(new ByteVector("33".repeat(16))),
            Direction.EXPORT,
            new MilliWattHours(1000),
            2000,
            new Amount(3000),
            4,
            new ByteVector("abcd"));
    assertArrayEquals(
        hex(
            "8001",
            ID_HEX,
            "33".repeat(16),
            "01",
            "00000000000003e8",
            "00000000000007d0",
            "0000000000000bb8",
            "0000000000000004",
            "01 02 abcd"),
        MessageCodec.encode(message));
  }

  @Test
  void aFundingTxidTravelsInTheByteOrderOfTransactions() {
    TxId txid = new TxId("00".repeat(31) + "ff");
    byte[] bytes = MessageCodec.encode(new FundingCreated(ID, txid, 1, SIGNATURE));
    assertEquals("ff" + "00".repeat(31), HexFormat.of().formatHex(bytes, 2 + 32, 2 + 32 + 32));
    assertEquals("ff" + "00".repeat(31), new TxHash(txid).value.toHex());
  }

  @Test
  void anUnknownOddTypeIsToBeIgnored() throws MalformedMessageException {
    assertEquals(Optional.empty(), MessageCodec.decode(hex("8003 0102")));
  }

  @Test
  void anUnknownEvenTypeIsRefused() {
    assertEquals("malformed message, type: unknown even type 32770", refused("8002").getMessage());
  }

  @Test
  void whatIsTooShortOrTooLongForAMessageIsRefused() {
    assertEquals("type", refused("00").field());
    MalformedMessageException e =
        assertThrows(MalformedMessageException.class, () -> MessageCodec.decode(new byte[65_536]));
    assertEquals("length", e.field());
  }

  @Test
  void aMissingFieldIsNamed() {
    MalformedMessageException e = refused("0085", ID_HEX, "22".repeat(32), "02");
    assertEquals("revoke_and_ack", e.wireName());
    assertEquals("next_per_commitment_point", e.field());
    assertEquals("needs 33 bytes, 1 remain", e.problem());
  }

  @Test
  void aPointOfAnotherFormIsRefused() {
    MalformedMessageException e = refused("0024", ID_HEX, "04" + "22".repeat(32));
    assertEquals("a point starts with 02 or 03, not 04", e.problem());
  }

  @Test
  void moreMoneyThanThereIsIsRefused() {
    MalformedMessageException e =
        refused("0027", ID_HEX, "000775f05a074001", "22".repeat(64), "0110", "00".repeat(16));
    assertEquals("fee_satoshis", e.field());
    assertEquals("2100000000000001 is above 2100000000000000", e.problem());
  }

  @Test
  void aNumberBeyondALongIsRefused() {
    MalformedMessageException e =
        refused("8001", ID_HEX, "33".repeat(16), "00", "ffffffffffffffff");
    assertEquals("energy_mwh", e.field());
    assertEquals("18446744073709551615 is above 9223372036854775807", e.problem());
  }

  @Test
  void aCommitmentNumberBeyond48BitsIsRefused() {
    MalformedMessageException e = refused("0088", ID_HEX, "0001000000000001");
    assertEquals("next_commitment_number", e.field());
  }

  @Test
  void energyFlowsInOrOut() {
    MalformedMessageException e = refused("8001", ID_HEX, "33".repeat(16), "02");
    assertEquals("is 0 (import) or 1 (export), not 2", e.problem());
  }

  @Test
  void moreHtlcSignaturesThanHtlcsIsRefusedBeforeTheyAreRead() {
    MalformedMessageException e = refused("0084", ID_HEX, "22".repeat(64), "03c7");
    assertEquals("967 is above 966", e.problem());
    assertThrows(
        IllegalArgumentException.class,
        () ->
            MessageCodec.encode(
                new CommitmentSigned(ID, SIGNATURE, Collections.nCopies(967, SIGNATURE))));
  }

  @Test
  void aFeeRangeIsRequiredAndHasTwoBounds() {
    String fixed = "0027" + ID_HEX + "0000000000000001" + "22".repeat(64);
    assertEquals("fee_range", refused(fixed).field());
    assertEquals("has 15 bytes, not 16", refused(fixed, "010f", "00".repeat(15)).problem());
  }

  @Test
  void textIsShownAsPrintableAscii() throws MalformedMessageException {
    byte[] bytes = hex("0011", ID_HEX, "0007", "6f6b 1b5b 0a c3a9");
    assertEquals(Optional.of(new ErrorMessage(ID, "ok?[???")), MessageCodec.decode(bytes));
  }

  @Test
  void longTextIsCutToFit() throws MalformedMessageException {
    byte[] bytes = MessageCodec.encode(new Warning(ID, "é".repeat(100_000)));
    assertEquals(65_535, bytes.length);
    assertEquals(Optional.of(new Warning(ID, "?".repeat(65_535 - 36))), MessageCodec.decode(bytes));
  }

  @Test
  void whatTheWireCannotCarryIsAMistakeOfThisProgram() {
    PublicKey point = new PublicKey(new ByteVector("02" + "22".repeat(32)));
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                MessageCodec.encode(new ChannelReestablish(ID, -1, 0, ByteVector32.Zeroes, point)));
    assertEquals(
        "channel_reestablish, next_commitment_number: -1 is outside 0 to 281474976710656",
        e.getMessage());
    assertThrows(
        IllegalArgumentException.class,
        () -> MessageCodec.encode(new Shutdown(ID, new ByteVector(new byte[65_530]))));
  }

  @Test
  void anExtensionIsCheckedAndItsOddRecordsAreIgnored() throws MalformedMessageException {
    String fee = "0086" + ID_HEX + "000000fd";
    assertEquals(
        Optional.of(new UpdateFee(ID, Feerate.MINIMUM_RELAY)),
        MessageCodec.decode(hex(fee, "c9012a cb0104")));
    assertEquals("unknown even TLV type 202", refused(fee, "ca012a").problem());
    assertEquals("TLV type 201 after 201, types must rise", refused(fee, "c90101c90102").problem());
    assertEquals("TLV stream", refused(fee, "01").field());
  }
}
