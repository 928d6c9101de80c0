package chargepile.agent.voucher.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.codec.MalformedStateException;
import chargepile.agent.crypto.SealedBackup;
import chargepile.agent.fuzz.Door;
import chargepile.agent.fuzz.Fuzz;
import chargepile.agent.voucher.VoucherBook;
import chargepile.agent.voucher.VoucherChannel;
import chargepile.agent.voucher.VoucherStage;
import chargepile.agent.voucher.VoucherStates;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What a backup keeps of voucher channels (P2-15). */
class VoucherBackupTest {
  private static final ByteVector32 SEED = new ByteVector32("a5".repeat(32));
  private static final PublicKey PEER =
      PublicKey.fromHex("0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798");

  private static final List<VoucherChannel> STATES = VoucherStates.ofEveryStage();

  private static List<VoucherBackup.Entry> entries() {
    List<VoucherBackup.Entry> entries = new ArrayList<>();
    STATES.forEach(
        state ->
            state
                .recovering()
                .ifPresent(kept -> entries.add(new VoucherBackup.Entry(PEER, 7, kept))));
    return entries;
  }

  private static VoucherBackup backup(List<VoucherBackup.Entry> entries) {
    return new VoucherBackup(
        true,
        PEER,
        entries().getFirst().book().setup().domain().separator(),
        Instant.parse("2026-01-02T03:04:05Z"),
        Optional.of("chargepile:02ab@127.0.0.1:1883/pile-1"),
        entries);
  }

  @Test
  void whatIsReadIsWhatWasWritten() {
    VoucherBackup backup = backup(entries());
    assertTrue(backup.channels().size() > 20, "some of every stage");
    assertTrue(VoucherBackup.isKind(backup.encode()));
    assertEquals(backup, VoucherBackup.decode(backup.encode()));
  }

  @Test
  void everyVoucherAndLockIsKeptAndNothingThatChangesWithoutThem() {
    for (VoucherChannel state : STATES) {
      state
          .recovering()
          .flatMap(VoucherChannel::book)
          .ifPresent(
              kept -> {
                VoucherBook book = state.book().orElseThrow();
                assertEquals(book.own(), kept.own());
                assertEquals(book.peer(), kept.peer());
                assertEquals(book.setup(), kept.setup());
                assertEquals(book.deposits(), kept.deposits());
                assertEquals(0, kept.time(), "else each block would be written");
                assertEquals(Optional.empty(), kept.pending());
              });
    }
  }

  /** What was signed since is not known. */
  @Test
  void noneOfThemSignsAnythingAgain() {
    Set<String> stages =
        entries().stream().map(e -> e.channel().stage().title()).collect(Collectors.toSet());
    assertEquals(Set.of("DataLost", "Closing"), stages);
  }

  @Test
  void whatIsOverOrWasNeverAgreedToIsNotInIt() {
    for (VoucherChannel state : STATES) {
      boolean nothing = !(state.stage() instanceof VoucherStage.Established);
      assertEquals(nothing, state.recovering().isEmpty(), state.stage()::title);
    }
  }

  @Test
  void anotherContractOrChainIsRefused() {
    VoucherBackup backup = backup(entries());
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new VoucherBackup(
                true,
                PEER,
                ByteVector32.One,
                backup.madeAt(),
                Optional.empty(),
                backup.channels()));
    byte[] bytes = backup.encode();
    bytes[3 + 33] ^= 1; // the ledger follows kind, version, flag and key
    assertThrows(MalformedStateException.class, () -> VoucherBackup.decode(bytes));
  }

  @Test
  void aChannelThatIsInUseCanNotBeInIt() {
    VoucherChannel used =
        STATES.stream()
            .filter(state -> state.stage() instanceof VoucherStage.Normal)
            .findFirst()
            .orElseThrow();
    assertThrows(IllegalArgumentException.class, () -> new VoucherBackup.Entry(PEER, 7, used));
  }

  @Test
  void anotherVersionIsSaid() {
    byte[] bytes = backup(List.of()).encode();
    bytes[1] = 9;
    MalformedStateException refused =
        assertThrows(MalformedStateException.class, () -> VoucherBackup.decode(bytes));
    assertTrue(String.valueOf(refused.getMessage()).contains("version 9"), refused::getMessage);
  }

  @Test
  void oneCoversAnotherThatKnowsOfNoLaterVoucher() {
    List<VoucherBackup.Entry> paid =
        entries().stream().filter(e -> e.book().received().isPresent()).toList();
    VoucherBackup.Entry later = paid.getLast();
    VoucherBackup.Entry first =
        entries().stream()
            .filter(e -> e.id().equals(later.id()) && e.book().setup().equals(later.book().setup()))
            .filter(e -> e.book().received().isEmpty())
            .findFirst()
            .orElseThrow();
    assertTrue(backup(List.of(later)).covers(backup(List.of(first))));
    assertFalse(backup(List.of(first)).covers(backup(List.of(later))));
    assertFalse(backup(List.of()).covers(backup(List.of(first))));
    assertTrue(backup(List.of(later)).covers(backup(List.of(later))));
  }

  @TestFactory
  Stream<DynamicTest> doors() {
    return Fuzz.tests(
        Door.of(
            "what a backup of vouchers holds",
            List.of(backup(entries().subList(0, 6)).encode()),
            MalformedStateException.class,
            VoucherBackup::decode));
  }

  @Test
  void onlyItsOwnSeedOpensIt() {
    byte[] content = backup(entries()).encode();
    byte[] sealed = SealedBackup.seal(SEED, content, new ByteVector(new byte[12])).toByteArray();
    assertEquals(
        VoucherBackup.decode(content), VoucherBackup.decode(SealedBackup.open(SEED, sealed)));
    assertThrows(
        SealedBackup.UnreadableBackupException.class,
        () -> SealedBackup.open(ByteVector32.One, sealed));
    sealed[sealed.length / 2] ^= 1;
    assertThrows(
        SealedBackup.UnreadableBackupException.class, () -> SealedBackup.open(SEED, sealed));
  }
}
