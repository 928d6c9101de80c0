package chargepile.agent.cli.agency;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.chain.ChainException;
import chargepile.agent.chain.RejectedException;
import chargepile.agent.crypto.Keccak256;
import chargepile.agent.evm.EvmBlock;
import chargepile.agent.evm.EvmException;
import chargepile.agent.market.desk.AgencyDesk;
import chargepile.agent.market.desk.DeskAction;
import chargepile.agent.market.desk.MarketView;
import chargepile.agent.market.desk.OrderView;
import chargepile.agent.market.desk.Outages;
import chargepile.agent.market.desk.OwnSide;
import chargepile.agent.market.order.PileId;
import chargepile.agent.market.order.eip712.OrderKey;
import chargepile.agent.runtime.MarketLedger;
import chargepile.agent.runtime.MarketMemory;
import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PrivateKey;
import fr.acinq.bitcoin.PublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What an agency looks at, and what it does when the contract says no (P2-09). */
class ReviewOfficeTest {
  private static final OwnSide NO_PILE = new OwnSide(true, false, true, Map.of(), Map.of());
  private static final PublicKey KEY = new PrivateKey(Keccak256.hash("meter")).publicKey();

  private final List<OrderView> shown = new ArrayList<>();
  private final Set<OrderKey> refusedByContract = new HashSet<>();
  private final List<OrderKey> begun = new ArrayList<>();
  private final List<Set<PileId>> openedWith = new ArrayList<>();
  private final Map<ByteVector32, Optional<PublicKey>> registered = new HashMap<>();
  private final List<ReviewOffice.Seen> seen = new ArrayList<>();
  private long nanos;
  private boolean verdictsAway;
  private boolean chainAway;

  private final ReviewOffice office =
      new ReviewOffice(
          this::head,
          new RegisteredMeters((first, last) -> Map.copyOf(registered), KEY, 0),
          this::ledger,
          _ -> () -> {},
          new AgencyDesk(new AgencyDesk.Policy(Set.of(SampleViews.GRID), Map.of(), new Amount(1))),
          new Verdicts(
              EvmAddress.of("0x%040x".formatted(1)),
              EvmAddress.of("0x%040x".formatted(4)),
              (first, last) -> {
                if (verdictsAway) {
                  throw new EvmException("away");
                }
                return List.of();
              },
              0,
              new Forgetful(),
              _ -> {}),
          new WaitingOrders(Set.of(SampleViews.GRID), Duration.ofMinutes(3)),
          () -> nanos,
          seen::add);

  private static final class Forgetful implements MarketMemory {
    @Override
    public Optional<byte[]> load() {
      return Optional.empty();
    }

    @Override
    public void save(byte[] remembered) {}
  }

  private EvmBlock head() {
    if (chainAway) {
      throw new EvmException("no node answers");
    }
    return SampleViews.block(10);
  }

  private MarketLedger ledger(Map<PileId, PublicKey> meters) {
    openedWith.add(meters.keySet());
    return new MarketLedger() {
      @Override
      public MarketView view() {
        return SampleViews.at(SampleViews.DEADLINE.minusSeconds(600), shown, Set.of());
      }

      @Override
      public void carryOut(DeskAction action) {
        OrderKey order = ((DeskAction.OfOrder) action).order().key();
        if (refusedByContract.contains(order)) {
          throw new RejectedException("OwnOrder");
        }
        begun.add(order);
      }

      @Override
      public ByteVector receipt(OrderKey order, Amount paid) {
        throw new IllegalStateException("an agency signs no receipts");
      }

      @Override
      public boolean isReceipt(OrderView order, Amount paid, ByteVector signature) {
        return false;
      }

      @Override
      public AutoCloseable onChange(Runnable listener) {
        return () -> {};
      }
    };
  }

  private void look() {
    for (DeskAction action : office.next(office.view(), NO_PILE, Outages.NONE).actions()) {
      try {
        office.carryOut(action);
      } catch (RejectedException e) {
        assertEquals("OwnOrder", e.getMessage());
      }
    }
  }

  @Test
  void ordersThatCannotBeReviewedNowDoNotKeepTheOthersWaiting() {
    IntStream.rangeClosed(1, 40).mapToObj(SampleViews::established).forEach(shown::add);
    shown.subList(0, 32).forEach(order -> refusedByContract.add(order.key()));
    look();
    assertEquals(List.of(), begun, "the first sixteen are all refused");
    look();
    look();
    assertEquals(
        shown.subList(32, 40).stream().map(OrderView::key).toList(), begun.stream().toList());
  }

  @Test
  void whatWasRefusedIsTriedAgainLater() {
    OrderView order = SampleViews.established(1);
    shown.add(order);
    refusedByContract.add(order.key());
    look();
    refusedByContract.clear();
    look();
    assertEquals(List.of(), begun);
    nanos = ReviewOffice.PUT_OFF.toNanos();
    look();
    assertEquals(List.of(order.key()), begun);
  }

  @Test
  void aPileThatIsRegisteredWhileItRunsIsSeen() {
    office.view();
    office.view();
    assertEquals(List.of(Set.of()), openedWith);
    registered.put(Keccak256.hash("pile"), Optional.of(KEY));
    office.view();
    assertEquals(2, openedWith.size());
    assertEquals(1, openedWith.getLast().size());
  }

  @Test
  void reviewsGoOnWhileNobodySaysWhatBecameOfThem() {
    verdictsAway = true;
    shown.add(SampleViews.established(1));
    look();
    assertEquals(1, begun.size());
    assertEquals(List.of(), seen);
    verdictsAway = false;
    office.view();
    assertEquals(1, seen.getFirst().news().waiting());
  }

  @Test
  void aChainThatIsAwayIsSaidAsSuch() {
    chainAway = true;
    assertTrue(
        String.valueOf(assertThrows(ChainException.class, office::view).getMessage())
            .contains("no node answers"));
  }
}
