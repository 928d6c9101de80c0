package chargepile.agent.voucher.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.codec.MalformedMessageException;
import chargepile.agent.energy.EnergyClaim;
import chargepile.agent.fuzz.Door;
import chargepile.agent.fuzz.Fuzz;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Direction;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.SessionId;
import chargepile.agent.units.VoucherChannelId;
import chargepile.agent.voucher.wire.VoucherMessage.VoucherRequest;
import chargepile.agent.voucher.wire.VoucherMessage.VoucherShutdown;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class VoucherMessageCodecTest {
  @Property(tries = 100)
  void everyMessageSurvivesItsWireForm(@ForAll long seed) throws MalformedMessageException {
    AnyVoucherMessage any = new AnyVoucherMessage(new Random(seed));
    for (VoucherMessage message : any.ofEveryType(any.channel())) {
      byte[] bytes = VoucherMessageCodec.encode(message);
      assertEquals(message, VoucherMessageCodec.decode(bytes));
      assertTrue(VoucherMessageCodec.isVoucherType((bytes[0] & 0xff) << 8 | (bytes[1] & 0xff)));
    }
  }

  @Test
  void aRequestIsLaidOutAsDocumented() {
    var request =
        new VoucherRequest(
            new VoucherChannelId(new ByteVector32("ab".repeat(32))),
            new EnergyClaim(
                new SessionId(new ByteVector("cd".repeat(16))),
                Direction.EXPORT,
                new MilliWattHours(1),
                2,
                new Amount(3),
                4,
                new ByteVector("beef")),
            Optional.empty());
    assertEquals(
        "8029"
            + "ab".repeat(32)
            + "cd".repeat(16)
            + "01"
            + "0000000000000001"
            + "0000000000000002"
            + "0000000000000003"
            + "0000000000000004"
            + "0102beef",
        new ByteVector(VoucherMessageCodec.encode(request)).toHex());
  }

  @Test
  void whatIsCutShortNamesItsField() {
    byte[] bytes =
        VoucherMessageCodec.encode(
            new VoucherShutdown(new VoucherChannelId(ByteVector32.One), "no"));
    byte[] cut = Arrays.copyOf(bytes, 20);
    assertEquals(
        "malformed voucher_shutdown, channel_id: needs 32 bytes, 18 remain",
        assertThrows(MalformedMessageException.class, () -> VoucherMessageCodec.decode(cut))
            .getMessage());
  }

  @Test
  void aSignatureWithAHighSOrAnotherVIsNoMessage() throws MalformedMessageException {
    AnyVoucherMessage any = new AnyVoucherMessage(new Random(1));
    byte[] given =
        any.ofEveryType(any.channel()).stream()
            .filter(VoucherMessage.VoucherGiven.class::isInstance)
            .map(VoucherMessageCodec::encode)
            .findFirst()
            .orElseThrow();
    byte[] v = given.clone();
    v[v.length - 1] = 0;
    assertThrows(MalformedMessageException.class, () -> VoucherMessageCodec.decode(v));
    byte[] s = given.clone();
    s[s.length - 33] |= (byte) 0x80;
    assertThrows(MalformedMessageException.class, () -> VoucherMessageCodec.decode(s));
  }

  @Test
  void otherTypesAreNotItsOwn() {
    assertFalse(VoucherMessageCodec.isVoucherType(32787), "identity");
    assertFalse(VoucherMessageCodec.isVoucherType(32802), "even");
    assertFalse(VoucherMessageCodec.isVoucherType(32829));
    assertThrows(
        MalformedMessageException.class,
        () -> VoucherMessageCodec.decode(new byte[] {(byte) 0x80, 0x01}));
  }

  @TestFactory
  Stream<DynamicTest> doors() {
    AnyVoucherMessage any = new AnyVoucherMessage(new Random(1));
    List<byte[]> samples =
        IntStream.range(0, 4)
            .mapToObj(i -> any.ofEveryType(any.channel()))
            .flatMap(List::stream)
            .map(VoucherMessageCodec::encode)
            .toList();
    return Fuzz.tests(
        Door.of(
            "a voucher message",
            samples,
            MalformedMessageException.class,
            VoucherMessageCodec::decode));
  }
}
