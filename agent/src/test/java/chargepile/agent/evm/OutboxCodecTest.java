package chargepile.agent.evm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import chargepile.agent.crypto.Keccak256;
import chargepile.agent.evm.OutboxEntry.Attempt;
import chargepile.agent.evm.OutboxEntry.Finish;
import chargepile.agent.units.EvmAddress;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

/** What is kept comes back, and nothing else does. */
class OutboxCodecTest {
  private static final EvmAddress ADDRESS =
      EvmAddress.of("0x00000000000000000000000000000000000000be");
  private static final ByteVector32 HASH = new ByteVector32("ab".repeat(32));

  private static final TransactionIntent PLAIN =
      new TransactionIntent(
          "key",
          "a payment to \u00e4",
          Optional.of(ADDRESS),
          ByteVector.empty,
          Wei.ZERO,
          OptionalLong.empty(),
          Optional.empty());

  private static final TransactionIntent CREATION =
      new TransactionIntent(
          "k",
          "",
          Optional.empty(),
          ByteVector.fromHex("00ff"),
          Wei.ofGwei(3),
          OptionalLong.of(21_000),
          Optional.of(Instant.ofEpochSecond(2_000_000_000)));

  static final List<OutboxEntry> ENTRIES =
      List.of(
          entry(PLAIN, Optional.empty()),
          entry(CREATION, Optional.empty()),
          entry(CREATION, Optional.of(new Finish.Succeeded(HASH, 7, HASH, Optional.of(ADDRESS)))),
          entry(PLAIN, Optional.of(new Finish.Succeeded(HASH, 0, HASH, Optional.empty()))),
          entry(PLAIN, Optional.of(new Finish.Reverted(HASH, 7, HASH, "TooLate(7)"))),
          entry(PLAIN, Optional.of(new Finish.Abandoned(HASH, 8, HASH))),
          entry(PLAIN, Optional.of(new Finish.Overtaken(9, HASH))));

  private static OutboxEntry entry(TransactionIntent intent, Optional<Finish> finish) {
    return new OutboxEntry(
        intent, 1, ADDRESS, 0, 50_000, List.of(attempt("02", 0), attempt("0203", 8)), finish);
  }

  private static Attempt attempt(String raw, long after) {
    ByteVector bytes = ByteVector.fromHex(raw);
    return new Attempt(
        new FeeBid(Wei.ofGwei(2), Wei.ZERO), bytes, Keccak256.hash(bytes), after, after == 0);
  }

  @Test
  void everyKindOfEntryComesBack() {
    for (OutboxEntry entry : ENTRIES) {
      assertEquals(entry, OutboxCodec.decode(OutboxCodec.encode(entry)));
    }
  }

  @Test
  void aPartOfAnEntryOrMoreThanOneIsNone() {
    byte[] sound = OutboxCodec.encode(ENTRIES.get(2));
    for (int length = 0; length < sound.length; length++) {
      byte[] cut = Arrays.copyOf(sound, length);
      assertThrows(IllegalArgumentException.class, () -> OutboxCodec.decode(cut));
    }
    byte[] longer = Arrays.copyOf(sound, sound.length + 1);
    assertThrows(IllegalArgumentException.class, () -> OutboxCodec.decode(longer));
  }

  @Property(tries = 200)
  void anyIntentComesBack(
      @ForAll @AlphaChars @StringLength(min = 1, max = 40) String key,
      @ForAll @Size(max = 200) byte[] data,
      @ForAll @LongRange(min = 0, max = Long.MAX_VALUE) long wei,
      @ForAll @LongRange(min = 0, max = Long.MAX_VALUE) long nonce,
      @ForAll @LongRange(min = 1, max = Long.MAX_VALUE) long gas) {
    var intent =
        new TransactionIntent(
            key,
            key,
            Optional.of(ADDRESS),
            new ByteVector(data),
            Wei.of(wei),
            OptionalLong.of(gas),
            Optional.of(Instant.ofEpochSecond(wei >>> 32)));
    var entry =
        new OutboxEntry(
            intent, 5, ADDRESS, nonce, gas, List.of(attempt("02", nonce)), Optional.empty());
    assertEquals(entry, OutboxCodec.decode(OutboxCodec.encode(entry)));
  }
}
