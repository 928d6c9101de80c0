package chargepile.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.energy.Tariff;
import chargepile.agent.runtime.Charge.Story;
import chargepile.agent.session.notary.Registry;
import chargepile.agent.session.pile.PileSettings;
import chargepile.agent.units.Amount;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What who owns the broker learns from the frames of a whole session: their sizes and times, and
 * the random id of the link (P1-46). All seeds are fixed, so the statistics come out the same each
 * time; their bounds are such that noise passes with all but one seed in a thousand million.
 */
final class WhatTheBrokerSeesTest {
  private static final String ROOT = "chargepile/test/peer/";
  private static final Pattern LINK = Pattern.compile(ROOT + "([0-9a-f]{32})/to-(pile|driver)");

  /** A DER signature in hex, as the meter's records have it, is up to so much shorter or longer. */
  private static final int SIGNATURE = 8;

  /** Six standard deviations and a little. */
  private static final double FAR = 6.2;

  private static Charge charge;
  private static Charge otherKeys;
  private static Charge otherPrice;
  private static Charge certified;

  @BeforeAll
  static void run() {
    charge = new Charge(Story.TO_THE_END, Charge.usual(), Attack.NONE, 0, 1).run();
    otherKeys = new Charge(Story.TO_THE_END, Charge.usual(), Attack.NONE, 0, 2).run();
    otherPrice = new Charge(Story.TO_THE_END, cheaper(), Attack.NONE, 0, 3).run();
    certified = new Charge(Story.CERTIFIED, Charge.usual(), Attack.NONE, 0, 4).run();
    for (Charge each : List.of(charge, otherKeys, otherPrice, certified)) {
      assertEquals(List.of(), each.faults());
    }
  }

  @AfterAll
  static void close() {
    charge.close();
    otherKeys.close();
    otherPrice.close();
    certified.close();
  }

  /** Prices and amounts are shorter numbers, by a byte and more. */
  private static TwoNodes.Terms cheaper() {
    PileSettings usual = TwoNodes.PILE;
    Tariff tariff = new Tariff(8, new Amount(60_000), new Amount(50_000_000), Amount.ZERO);
    return Charge.usual()
        .with(
            new PileSettings(
                usual.meter(),
                usual.plausibility(),
                tariff,
                usual.exposure(),
                usual.directions(),
                usual.switching(),
                usual.peerTimeout(),
                usual.offerTimeout(),
                usual.closeTimeout(),
                usual.storeEvery(),
                usual.storeEveryEnergy(),
                usual.closeAfterSession(),
                usual.closeWhenSilent()));
  }

  /** Every byte of the frames that went by, and what their topics' names say. */
  private static List<byte[]> seen(Charge of) {
    List<byte[]> seen = new ArrayList<>();
    for (Adversary.Frame frame : of.eve.frames) {
      seen.add(frame.bytes());
      seen.add(frame.topic().substring(ROOT.length()).getBytes(StandardCharsets.UTF_8));
    }
    return seen;
  }

  /** Runs of eight bytes that a frame does not have by chance: those of few values are left out. */
  private static Set<Long> marks(List<byte[]> texts) {
    Set<Long> marks = new HashSet<>();
    for (byte[] text : texts) {
      for (int i = 0; i + 8 <= text.length; i++) {
        if (Arrays.stream(boxed(text, i)).distinct().count() > 3) {
          marks.add(ByteBuffer.wrap(text).getLong(i));
        }
      }
    }
    return marks;
  }

  private static Integer[] boxed(byte[] text, int from) {
    Integer[] bytes = new Integer[8];
    for (int i = 0; i < 8; i++) {
      bytes[i] = (int) text[from + i];
    }
    return bytes;
  }

  private static Set<Long> common(List<byte[]> some, List<byte[]> others) {
    Set<Long> marks = marks(some);
    marks.retainAll(marks(others));
    return marks;
  }

  private static List<byte[]> secrets(Charge charge) {
    List<byte[]> secrets = new ArrayList<>(charge.names.plain);
    secrets.add(Charge.driverKey().value.toByteArray());
    secrets.add(charge.eve.pileKey.value.toByteArray());
    secrets.add(charge.eve.pileKey.toHex().getBytes(StandardCharsets.UTF_8));
    secrets.add(Charge.driverKey().toHex().getBytes(StandardCharsets.UTF_8));
    secrets.add(sessionId(charge).getBytes(StandardCharsets.UTF_8));
    secrets.add(charge.nodes.commitments().channelId().toString().getBytes(StandardCharsets.UTF_8));
    return secrets;
  }

  /** Who the parties are, and what they signed about the session. */
  private static List<byte[]> identities() {
    List<byte[]> secrets = new ArrayList<>();
    for (Registry.Party party : List.of(Charge.THE_PILE, Charge.THE_DRIVER)) {
      secrets.add(party.shown().toByteArray());
      String name = party.certificate().registration().party().value();
      secrets.add(name.getBytes(StandardCharsets.UTF_8));
    }
    certified
        .nodes
        .driverStore
        .settlements()
        .forEach(row -> secrets.add(row.signed().toByteArray()));
    return secrets;
  }

  private static String sessionId(Charge charge) {
    return charge.nodes.pile.state().session().orElseThrow().id().toString();
  }

  @Test
  void noMessageKeyIdOrAmountShowsInAFrameOrATopic() {
    for (Charge each : List.of(charge, otherKeys, otherPrice, certified)) {
      assertTrue(each.names.plain.size() > 20 && marks(secrets(each)).size() > 2_000);
      assertEquals(Set.of(), common(secrets(each), seen(each)));
    }
  }

  @Test
  void noNameCertificateOrSettlementShowsInAFrameOrATopic() {
    assertEquals(5, identities().size(), "two certificates, two names and a settlement");
    for (byte[] secret : identities().subList(0, 4)) {
      assertEquals(
          marks(List.of(secret)),
          common(List.of(secret), certified.names.plain),
          "it was said, encrypted");
    }
    assertFalse(common(identities().subList(4, 5), certified.names.plain).isEmpty());
    assertEquals(Set.of(), common(identities(), seen(certified)));
  }

  @Test
  void whatDoesShowWouldBeFound() {
    byte[] message = charge.names.plain.getLast();
    byte[] frame = charge.eve.frames.getLast().bytes();
    byte[] leak = ByteBuffer.allocate(100).put(frame, 0, 9).put(message, 2, 20).array();
    assertFalse(common(secrets(charge), List.of(leak)).isEmpty());
  }

  @Test
  void aFramesTopicTellsARandomLinkAndNothingElse() {
    Set<String> links = new HashSet<>();
    for (Charge each : List.of(charge, otherKeys, otherPrice, certified)) {
      Set<String> own = new HashSet<>();
      for (Adversary.Frame frame : each.eve.frames) {
        var topic = LINK.matcher(frame.topic());
        assertTrue(topic.matches(), frame::topic);
        own.add(topic.group(1));
      }
      int restarts = each == certified ? 0 : 1;
      assertEquals(1 + restarts, own.size(), "and one after the driver's restart");
      links.addAll(own);
    }
    assertEquals(7, links.size(), "no link has the id of another");
  }

  @Test
  void sizesAndTimesDoNotDependOnKeysOrMoney() {
    for (Charge other : List.of(otherKeys, otherPrice)) {
      assertEquals(times(charge), times(other));
      for (int i = 0; i < charge.eve.frames.size(); i++) {
        int more = charge.eve.frames.get(i).bytes().length - other.eve.frames.get(i).bytes().length;
        boolean record = charge.content(i).matches(".*(EnergyUpdate|SessionSummary).*");
        assertTrue(Math.abs(more) <= (record ? SIGNATURE : 0), charge.content(i) + " by " + more);
      }
    }
    assertNotEquals(charge.nodes.paid().amount(), otherPrice.nodes.paid().amount());
  }

  /** Direction and time of each frame. */
  private static List<String> times(Charge of) {
    return of.eve.frames.stream().map(frame -> frame.toPile() + " " + frame.nanos()).toList();
  }

  /** What is encrypted of a frame, without header, point and version. */
  private static byte[] sealed(Adversary.Frame frame) {
    byte[] bytes = frame.bytes();
    int from = frame.type() == Adversary.DATA ? Adversary.HEADER_BYTES : bytes.length - 16;
    return Arrays.copyOfRange(bytes, from, bytes.length);
  }

  private static byte[] sealed(Charge of) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    of.eve.frames.forEach(frame -> out.writeBytes(sealed(frame)));
    return out.toByteArray();
  }

  /** The frames of two runs, one upon the other. */
  private static byte[] difference(Charge some, Charge others) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < some.eve.frames.size(); i++) {
      byte[] one = sealed(some.eve.frames.get(i));
      byte[] other = sealed(others.eve.frames.get(i));
      for (int at = 0; at < Math.min(one.length, other.length); at++) {
        out.write(one[at] ^ other[at]);
      }
    }
    return out.toByteArray();
  }

  /** By how many standard deviations the bytes' values are more uneven than they should be. */
  private static double unevenness(byte[] bytes) {
    long[] counts = new long[256];
    for (byte each : bytes) {
      counts[each & 0xff]++;
    }
    double expected = bytes.length / 256.0;
    double chiSquare = 0;
    for (long count : counts) {
      chiSquare += (count - expected) * (count - expected) / expected;
    }
    return (chiSquare - 255) / Math.sqrt(2 * 255);
  }

  /** By how many standard deviations more or fewer bits are one than half of them. */
  private static double bias(byte[] bytes) {
    long ones = 0;
    for (byte each : bytes) {
      ones += Integer.bitCount(each & 0xff);
    }
    double bits = 8.0 * bytes.length;
    return (ones - bits / 2) / Math.sqrt(bits / 4);
  }

  private static void assertNoise(byte[] bytes) {
    assertTrue(bytes.length > 5_000, () -> "enough to tell: " + bytes.length);
    assertTrue(Math.abs(unevenness(bytes)) < FAR, () -> "values: " + unevenness(bytes));
    assertTrue(Math.abs(bias(bytes)) < FAR, () -> "bits: " + bias(bytes));
  }

  @Test
  void whatIsEncryptedIsNoise() {
    assertNoise(sealed(charge));
    assertNoise(sealed(certified));
  }

  @Test
  void theSameSaidUnderOtherKeysIsUnrelated() {
    assertNoise(difference(charge, otherKeys));
    assertNoise(difference(charge, otherPrice));
  }

  @Test
  void plainMessagesAreNoNoise() {
    ByteArrayOutputStream plain = new ByteArrayOutputStream();
    charge.names.plain.forEach(plain::writeBytes);
    assertTrue(unevenness(plain.toByteArray()) > 10 * FAR);
    assertTrue(Math.abs(bias(plain.toByteArray())) > FAR);
    assertTrue(Math.abs(bias(difference(charge, charge))) > 10 * FAR, "the same keystream twice");
  }
}
