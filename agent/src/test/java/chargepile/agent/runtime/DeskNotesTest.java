package chargepile.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.codec.MalformedStateException;
import chargepile.agent.codec.StateWriter;
import chargepile.agent.market.desk.Decision;
import chargepile.agent.market.desk.Metered;
import chargepile.agent.market.desk.OrderStage;
import chargepile.agent.market.desk.OrderView;
import chargepile.agent.market.desk.Outages;
import chargepile.agent.market.desk.Testimony;
import chargepile.agent.market.order.eip712.OrderKey;
import chargepile.agent.store.StoreException;
import chargepile.agent.units.Amount;
import chargepile.agent.units.WattHours;
import fr.acinq.bitcoin.ByteVector;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a desk remembers is on disk before anything follows from it. */
class DeskNotesTest {
  private static final OrderView ORDER = StillMarket.order(OrderStage.SETTLED);
  private static final Instant END = ORDER.terms().window().end();
  private static final Metered SAID = new Metered(new WattHours(5000), new WattHours(70), END);
  private static final Testimony.Receipt RECEIPT =
      new Testimony.Receipt(new Amount(5), new ByteVector(new byte[65]));

  private final List<String> troubles = new ArrayList<>();
  private final Disk disk = new Disk();

  private static final class Disk implements MarketMemory {
    private Optional<byte[]> kept = Optional.empty();
    private boolean fails;

    @Override
    public Optional<byte[]> load() {
      return kept;
    }

    @Override
    public void save(byte[] remembered) {
      if (fails) {
        throw new StoreException("the disk is full");
      }
      kept = Optional.of(remembered);
    }
  }

  private DeskNotes notes() {
    DeskNotes notes = new DeskNotes(disk, troubles::add);
    notes.load();
    return notes;
  }

  private static Outages outages(Map<OrderKey, Metered> said) {
    return new Outages(Optional.of(StillMarket.NOW), true, Map.of(), said);
  }

  private static Decision decision(Outages outages) {
    return new Decision(List.of(), List.of(), outages, List.of());
  }

  @Test
  void whatTheMeterSaysIsOnDiskBeforeItIsHandedOver() {
    DeskNotes notes = notes();
    disk.fails = true;
    Outages said = outages(Map.of(ORDER.key(), SAID));
    assertFalse(notes.remember(decision(said), 0));
    assertEquals(1, troubles.size());
    disk.fails = false;
    assertTrue(notes.remember(decision(said), 0));
    assertEquals(Map.of(ORDER.key(), SAID), notes().outages().metered());
  }

  @Test
  void receiptsAndOutagesSurviveTogether() {
    DeskNotes notes = notes();
    assertTrue(notes.keep(ORDER.key(), RECEIPT));
    Outages all =
        new Outages(
            Optional.of(StillMarket.NOW),
            false,
            Map.of(ORDER.key(), Duration.ofSeconds(77)),
            Map.of(ORDER.key(), SAID));
    assertTrue(notes.remember(decision(all), 0));
    DeskNotes later = notes();
    assertEquals(all, later.outages());
    assertTrue(later.isAtLeast(ORDER.key(), new Amount(5)));
    assertFalse(later.isAtLeast(ORDER.key(), new Amount(6)));
  }

  @Test
  void aReceiptIsKeptAfterTheOrderUntilNothingUndoesItsEnd() {
    DeskNotes notes = notes();
    assertTrue(notes.keep(ORDER.key(), RECEIPT));
    notes.forget(StillMarket.shown(List.of(ORDER)));
    assertTrue(notes.isAtLeast(ORDER.key(), new Amount(5)));
    Instant past = END.plus(Duration.ofDays(30)).plusSeconds(1);
    notes.forget(StillMarket.shown(List.of(ORDER)).at(past));
    assertTrue(notes.isAtLeast(ORDER.key(), new Amount(5)), "by a block that counts as done");
    notes.forget(StillMarket.shown(past, List.of(ORDER)));
    assertFalse(notes.isAtLeast(ORDER.key(), new Amount(5)));
  }

  @Test
  void theNotesOfAnEarlierProgramAreRead() {
    StateWriter out = new StateWriter();
    out.u8(1);
    out.optional(Optional.of(StillMarket.NOW), last -> out.i64(last.getEpochSecond()));
    out.flag(true);
    out.list(
        List.of(Duration.ofSeconds(9)),
        missed -> out.bytes(ORDER.key().value()).i64(missed.toSeconds()));
    out.list(
        List.of(RECEIPT),
        receipt ->
            out.bytes(ORDER.key().value()).amount(receipt.paid()).bytes(receipt.signature()));
    DeskMemory memory = DeskMemory.decode(out.toByteArray());
    assertEquals(
        new Outages(Optional.of(StillMarket.NOW), true, Map.of(ORDER.key(), Duration.ofSeconds(9))),
        memory.outages());
    assertEquals(Map.of(ORDER.key(), RECEIPT), memory.receipts());
  }

  @Test
  void damagedNotesAreToldOf() {
    byte[] bytes = DeskMemory.encode(new DeskMemory(outages(Map.of(ORDER.key(), SAID)), Map.of()));
    bytes[bytes.length - 16] = 1; // more was taken than was available
    assertThrows(MalformedStateException.class, () -> DeskMemory.decode(bytes));
    disk.kept = Optional.of(bytes);
    assertEquals(Outages.NONE, notes().outages());
    assertEquals(1, troubles.size());
    assertTrue(troubles.getFirst().contains("can't be read"), troubles::toString);
  }
}
