package chargepile.agent.mqtt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.crypto.Signer;
import chargepile.agent.mqtt.FrameCipher.Discarded;
import chargepile.agent.mqtt.FrameCipher.Opened;
import chargepile.agent.mqtt.FrameCipher.Reason;
import fr.acinq.bitcoin.PrivateKey;
import fr.acinq.bitcoin.PublicKey;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FrameCipherTest {
  private static final PublicKey PEER =
      Signer.best().publicKey(new PrivateKey(HexFormat.of().parseHex("21".repeat(32))));
  private static final byte[] KEY = HexFormat.of().parseHex("31".repeat(32));
  private static final byte[] OTHER_KEY = HexFormat.of().parseHex("32".repeat(32));
  private static final byte[] CHAINING_KEY = HexFormat.of().parseHex("33".repeat(32));

  private final FrameCipher driver = new FrameCipher(keys(KEY, OTHER_KEY), "up", "down");
  private final FrameCipher pile = new FrameCipher(keys(OTHER_KEY, KEY), "down", "up");

  private static TransportKeys keys(byte[] send, byte[] receive) {
    return new TransportKeys(PEER, send, receive, CHAINING_KEY);
  }

  private static byte[] content(int number) {
    return ByteBuffer.allocate(4).putInt(number).array();
  }

  private List<byte[]> frames(int count) {
    List<byte[]> frames = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      frames.add(driver.seal(content(i)));
    }
    return frames;
  }

  private void assertDiscarded(Reason reason, byte[] frame) {
    assertEquals(new Discarded(reason), pile.open(frame));
  }

  private void assertOpened(int number, long skipped, byte[] frame) {
    Opened opened = assertInstanceOf(Opened.class, pile.open(frame));
    assertArrayEquals(content(number), opened.content());
    assertEquals(number, opened.counter());
    assertEquals(skipped, opened.skipped());
  }

  @Test
  void aFrameStartsWithItsTypeAndCounter() {
    List<byte[]> frames = frames(3);
    byte[] third = frames.get(2);
    assertEquals("040000000000000002", HexFormat.of().formatHex(third, 0, 9));
    assertEquals(9 + 4 + 16, third.length);
  }

  @Test
  void framesInOrderOpenInOrder() {
    List<byte[]> frames = frames(2500);
    for (int i = 0; i < frames.size(); i++) {
      assertOpened(i, 0, frames.get(i));
    }
    assertEquals(Map.of(), pile.discarded());
  }

  @Test
  void bothDirectionsHaveTheirOwnKeysAndNumbers() {
    assertOpened(0, 0, driver.seal(content(0)));
    Opened back = assertInstanceOf(Opened.class, driver.open(pile.seal(content(9))));
    assertArrayEquals(content(9), back.content());
    assertEquals(new Discarded(Reason.NOT_AUTHENTIC), driver.open(driver.seal(content(1))));
  }

  @Test
  void aReplayedFrameIsDiscarded() {
    byte[] frame = driver.seal(content(0));
    assertOpened(0, 0, frame);
    assertDiscarded(Reason.REPLAYED, frame);
    assertDiscarded(Reason.REPLAYED, frame);
    assertEquals(Map.of(Reason.REPLAYED, 2L), pile.discarded());
  }

  @Test
  void aGapIsReportedAndWhatWasOvertakenStillOpens() {
    List<byte[]> frames = frames(4);
    assertOpened(0, 0, frames.get(0));
    assertOpened(3, 2, frames.get(3));
    assertOpened(2, -2, frames.get(2));
    assertDiscarded(Reason.REPLAYED, frames.get(2));
  }

  @Test
  void whatFellOutOfTheWindowIsDiscarded() {
    List<byte[]> frames = frames(FrameCipher.WINDOW + 1);
    assertOpened(FrameCipher.WINDOW, FrameCipher.WINDOW, frames.get(FrameCipher.WINDOW));
    assertDiscarded(Reason.TOO_OLD, frames.get(0));
    assertOpened(1, 1 - 65, frames.get(1));
  }

  @ParameterizedTest
  @ValueSource(ints = {999, 1000, 1001, 5500, FrameCipher.MAX_AHEAD})
  void lossAcrossKeyRotationsIsHarmless(int lost) {
    List<byte[]> frames = frames(lost + 1);
    assertOpened(lost, lost, frames.get(lost));
    assertOpened(lost - 1, -2, frames.get(lost - 1));
  }

  @Test
  void aCounterTooFarAheadIsDiscardedBeforeAnyKeyIsDerived() {
    byte[] frame = driver.seal(content(0));
    ByteBuffer.wrap(frame).putLong(1, FrameCipher.MAX_AHEAD + 1);
    assertDiscarded(Reason.TOO_FAR_AHEAD, frame);
    ByteBuffer.wrap(frame).putLong(1, -1);
    assertDiscarded(Reason.TOO_FAR_AHEAD, frame);
    ByteBuffer.wrap(frame).putLong(1, 0);
    assertOpened(0, 0, frame);
  }

  @Test
  void aForgedCounterMovesNothing() {
    byte[] frame = driver.seal(content(0));
    byte[] forged = frame.clone();
    ByteBuffer.wrap(forged).putLong(1, 5000);
    assertDiscarded(Reason.NOT_AUTHENTIC, forged);
    assertOpened(0, 0, frame);
  }

  @Test
  void aFrameCountsOnItsOwnTopicOnly() {
    FrameCipher elsewhere = new FrameCipher(keys(OTHER_KEY, KEY), "down", "up-elsewhere");
    assertEquals(new Discarded(Reason.NOT_AUTHENTIC), elsewhere.open(driver.seal(content(0))));
  }

  @Test
  void whatIsNoFrameIsDiscarded() {
    assertDiscarded(Reason.NOT_A_FRAME, new byte[0]);
    assertDiscarded(Reason.NOT_A_FRAME, new byte[] {4, 0, 0});
    assertDiscarded(Reason.NOT_A_FRAME, new byte[100]);
    byte[] huge = new byte[FrameCipher.MAX_FRAME_BYTES + 1];
    huge[0] = 4;
    assertDiscarded(Reason.TOO_LONG, huge);
  }

  @Test
  void aFrameCarriesAtMost64KiBInAll() {
    byte[] most = driver.seal(new byte[FrameCipher.MAX_CONTENT_BYTES]);
    assertEquals(65_536, most.length);
    assertInstanceOf(Opened.class, pile.open(most));
    assertThrows(
        IllegalArgumentException.class,
        () -> driver.seal(new byte[FrameCipher.MAX_CONTENT_BYTES + 1]));
  }

  @Property(tries = 200)
  void eachFrameOpensAtMostOnceWhateverTheOrder(@ForAll long seed) {
    Random random = new Random(seed);
    FrameCipherTest fresh = new FrameCipherTest();
    List<byte[]> frames = fresh.frames(200);
    List<byte[]> carried = new ArrayList<>(frames);
    carried.addAll(frames.subList(0, 100));
    Collections.shuffle(carried, random);
    Set<Long> opened = new HashSet<>();
    for (byte[] frame : carried) {
      if (fresh.pile.open(frame) instanceof Opened(byte[] content, long counter, long _)) {
        assertTrue(opened.add(counter), () -> counter + " opened twice");
        assertArrayEquals(content((int) counter), content);
      }
    }
    assertTrue(opened.contains(199L));
  }

  @Property(tries = 500)
  void aDamagedFrameChangesNothing(@ForAll int where, @ForAll byte what) {
    FrameCipherTest fresh = new FrameCipherTest();
    byte[] frame = fresh.driver.seal(content(0));
    byte[] damaged = frame.clone();
    damaged[Math.floorMod(where, frame.length)] ^= what == 0 ? 1 : what;
    assertInstanceOf(Discarded.class, fresh.pile.open(damaged));
    fresh.assertOpened(0, 0, frame);
  }
}
