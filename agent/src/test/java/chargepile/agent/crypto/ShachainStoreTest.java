package chargepile.agent.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fr.acinq.bitcoin.ByteVector32;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class ShachainStoreTest {
  private static final ByteVector32 SEED = new ByteVector32("5a".repeat(32));

  @TestFactory
  Stream<DynamicTest> storesAndRefusesAsAppendixDSays() {
    return Bolt3Vectors.tests("per_commitment_secret_storage", ShachainStoreTest::check);
  }

  private static void check(Bolt3Vectors.Node vector) {
    ShachainStore store = ShachainStore.empty();
    Iterator<Bolt3Vectors.Node> inserts = vector.get("inputs").get("inserts").elements().iterator();
    for (var result : vector.get("expected").get("results").elements().toList()) {
      var insert = inserts.next();
      ShachainStore before = store;
      if (result.text().equals("OK")) {
        store = before.insert(insert.number("index"), insert.bytes32("secret"));
        assertEquals(Optional.of(insert.bytes32("secret")), store.secret(insert.number("index")));
      } else {
        assertThrows(
            IllegalArgumentException.class,
            () -> before.insert(insert.number("index"), insert.bytes32("secret")));
      }
    }
  }

  @Property(tries = 20)
  void givesBackEverySecretAndNoOther(@ForAll @IntRange(max = 600) int count) {
    ShachainStore store = filled(count);
    for (int number = 0; number < count; number++) {
      long index = Shachain.index(number);
      assertEquals(Optional.of(Shachain.secret(SEED, index)), store.secret(index));
    }
    assertEquals(Optional.empty(), store.secret(Shachain.index(count)));
    assertEquals(Shachain.index(count), store.nextIndex());
  }

  @Test
  void thousandSecretsAreTenEntries() {
    assertEquals(10, filled(1000).entries().size());
  }

  @Test
  void theLastSecretIsTheSeedOfAll() {
    // The largest store: one entry a bucket, and the seed itself at index 0.
    List<ShachainStore.Entry> entries =
        Stream.iterate(0, bucket -> bucket < 48, bucket -> bucket + 1)
            .map(bucket -> 1L << bucket)
            .map(index -> new ShachainStore.Entry(index, Shachain.secret(SEED, index)))
            .toList();
    ShachainStore all = new ShachainStore(entries).insert(0, SEED);
    assertEquals(49, all.entries().size());
    assertEquals(-1, all.nextIndex());
    assertEquals(Optional.of(SEED), all.secret(0));
    assertThrows(IllegalArgumentException.class, () -> all.insert(-1, SEED));
  }

  @Test
  void refusesASecretOutOfOrder() {
    ByteVector32 third = Shachain.secret(SEED, Shachain.index(2));
    ShachainStore one = filled(1);
    assertThrows(IllegalArgumentException.class, () -> one.insert(Shachain.index(2), third));
    assertThrows(IllegalArgumentException.class, () -> one.insert(Shachain.index(0), third));
  }

  @Test
  void refusesEntriesThatNoInsertsLeadTo() {
    List<ShachainStore.Entry> entries = filled(4).entries();
    assertEquals(new ShachainStore(entries), filled(4));
    assertThrows(IllegalArgumentException.class, () -> new ShachainStore(entries.reversed()));
    assertThrows(IllegalArgumentException.class, () -> new ShachainStore(entries.subList(1, 3)));
  }

  @Test
  void doesNotPrintSecrets() {
    ShachainStore store = filled(3);
    for (ShachainStore.Entry entry : store.entries()) {
      assertFalse(store.toString().contains(entry.secret().toHex()));
      assertFalse(entry.toString().contains(entry.secret().toHex()));
      assertTrue(entry.toString().contains(Long.toString(entry.index())));
    }
  }

  private static ShachainStore filled(int count) {
    ShachainStore store = ShachainStore.empty();
    for (int number = 0; number < count; number++) {
      long index = Shachain.index(number);
      store = store.insert(index, Shachain.secret(SEED, index));
    }
    return store;
  }
}
