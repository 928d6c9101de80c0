package chargepile.agent.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fr.acinq.bitcoin.ByteVector32;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class SigningRecordTest {
  private static final ByteVector32 THIS = new ByteVector32("01".repeat(32));
  private static final ByteVector32 THAT = new ByteVector32("02".repeat(32));

  @Test
  void signsAContentOncePerNumber() {
    SigningRecord signed = SigningRecord.empty().signRemoteCommitment(0, THIS);
    assertEquals(signed, signed.signRemoteCommitment(0, THIS));
    assertRefused("another content", () -> signed.signRemoteCommitment(0, THAT));
    assertEquals(1, signed.signRemoteCommitment(1, THAT).remoteSigned());
  }

  @Test
  void numbersRiseByOne() {
    SigningRecord one =
        SigningRecord.empty().signRemoteCommitment(0, THIS).signRemoteCommitment(1, THIS);
    assertRefused("highest one signed is 1", () -> one.signRemoteCommitment(0, THIS));
    assertRefused("highest one signed is 1", () -> one.signRemoteCommitment(3, THIS));
    assertRefused("0 comes first", () -> SigningRecord.empty().signRemoteCommitment(1, THIS));
    assertRefused("0 comes first", () -> SigningRecord.empty().storeLocalCommitment(2));
  }

  @Test
  void revealsOnlyWhatHasASuccessorOnDisk() {
    SigningRecord zero = SigningRecord.empty().storeLocalCommitment(0);
    assertRefused("successor", () -> zero.reveal(0));
    SigningRecord one = zero.storeLocalCommitment(1);
    assertRefused("highest one revealed", () -> one.reveal(0).reveal(2));
    assertEquals(0, one.reveal(0).revealed());
    assertEquals(one.reveal(0), one.reveal(0).reveal(0));
  }

  @Test
  void publishesOnlyTheLatest() {
    SigningRecord one = SigningRecord.empty().storeLocalCommitment(0).storeLocalCommitment(1);
    assertRefused("latest one is 1", () -> one.publishLocal(0));
    assertRefused("revoked", () -> one.reveal(0).publishLocal(0));
    SigningRecord published = one.publishLocal(1);
    assertEquals(published, published.publishLocal(1));
    assertRefused("latest one is -1", () -> SigningRecord.empty().publishLocal(0));
  }

  @Test
  void publishingEndsTheChannel() {
    SigningRecord published = SigningRecord.empty().storeLocalCommitment(0).publishLocal(0);
    assertRefused("is published", () -> published.storeLocalCommitment(1));
    assertRefused("successor", () -> published.reveal(0));
  }

  @Test
  void closesWithOneSetOfBalances() {
    SigningRecord closing = SigningRecord.empty().signRemoteCommitment(0, THIS).signClosing(THIS);
    assertEquals(closing, closing.signClosing(THIS));
    assertRefused("other balances", () -> closing.signClosing(THAT));
    assertRefused("cooperative close", () -> closing.signRemoteCommitment(1, THAT));
    assertEquals(closing, closing.signRemoteCommitment(0, THIS));
  }

  @Test
  void refusesARecordThatContradictsItself() {
    Optional<ByteVector32> none = Optional.empty();
    assertThrows(IllegalArgumentException.class, () -> new SigningRecord(-1, none, 4, 4, -1, none));
    assertThrows(
        IllegalArgumentException.class, () -> new SigningRecord(0, none, -1, -1, -1, none));
    assertThrows(IllegalArgumentException.class, () -> new SigningRecord(-1, none, 4, 3, 3, none));
  }

  /** A call with its arguments. */
  private record Call(int method, long number, ByteVector32 digest) {
    SigningRecord on(SigningRecord guard) {
      return switch (method) {
        case 0 -> guard.signRemoteCommitment(number, digest);
        case 1 -> guard.storeLocalCommitment(number);
        case 2 -> guard.reveal(number);
        case 3 -> guard.publishLocal(number);
        default -> guard.signClosing(digest);
      };
    }
  }

  @Provide
  Arbitrary<List<Call>> calls() {
    // Publishing and closing end most things, so they are rare.
    return Combinators.combine(
            Arbitraries.of(0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 3, 4),
            Arbitraries.longs().between(-1, 6),
            Arbitraries.of(THIS, THAT))
        .as(Call::new)
        .list()
        .ofMaxSize(120);
  }

  @Property(tries = 2000)
  void noSequenceOfCallsCostsMoney(@ForAll("calls") List<Call> calls) {
    SigningRecord guard = SigningRecord.empty();
    Map<Long, ByteVector32> signed = new HashMap<>();
    Set<Long> stored = new HashSet<>();
    Set<Long> revealed = new HashSet<>();
    Set<Long> published = new HashSet<>();
    Set<ByteVector32> closed = new HashSet<>();
    for (Call call : calls) {
      try {
        guard = call.on(guard);
      } catch (SigningRefusedException e) {
        continue;
      }
      switch (call.method()) {
        case 0 -> {
          ByteVector32 before = signed.put(call.number(), call.digest());
          assertTrue(before == null || before.equals(call.digest()), "two contents, one number");
        }
        case 1 -> stored.add(call.number());
        case 2 -> {
          revealed.add(call.number());
          assertTrue(stored.contains(call.number() + 1), "revealed without a successor");
        }
        case 3 -> {
          published.add(call.number());
          assertTrue(stored.contains(call.number()), "published what the peer never signed");
        }
        default -> closed.add(call.digest());
      }
      assertTrue(revealed.stream().noneMatch(published::contains), "revoked and published");
      assertFalse(closed.size() > 1, "two closes");
    }
  }

  private static void assertRefused(String part, Executable call) {
    var e = assertThrows(SigningRefusedException.class, call);
    assertTrue(String.valueOf(e.getMessage()).contains(part), e.toString());
  }
}
