package chargepile.agent.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.codec.StateWriter;
import chargepile.agent.session.driver.DriverAction;
import chargepile.agent.session.driver.DriverTransition;
import chargepile.agent.session.notary.Notary;
import chargepile.agent.session.notary.NotaryCodec;
import chargepile.agent.session.pile.Pile;
import chargepile.agent.session.pile.PileAction;
import chargepile.agent.session.pile.PileTransition;
import fr.acinq.bitcoin.PublicKey;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What every list of actions obeys: the contactor opens first of all; nothing is said, published or
 * closed before the one store, unless there is nothing to be stored.
 */
public final class OrderRule {
  private OrderRule() {}

  public static void check(Pile before, PileTransition transition) {
    int stores = 0;
    int position = 0;
    for (PileAction action : transition.actions()) {
      switch (action) {
        case PileAction.SwitchContactor(boolean closed) -> {
          if (closed) {
            assertTrue(stores == 1, () -> "closes before it stores: " + transition.actions());
          } else {
            assertEquals(0, position, () -> "opens too late: " + transition.actions());
          }
        }
        case PileAction.Store _ -> stores++;
        case PileAction.Send _, PileAction.Errand _ ->
            assertTrue(
                stores == 1 || changesNothing(before, transition.next()),
                () -> "acts before it stores: " + transition.actions());
        default -> {}
      }
      position++;
    }
    assertTrue(stores <= 1, () -> "stores more than once: " + transition.actions());
    boolean opened = before.contactor().closed() && !transition.next().contactor().closed();
    assertEquals(
        opened,
        transition.actions().contains(new PileAction.SwitchContactor(false)) && opened,
        "the state says what was commanded");
    assertFalse(
        transition.next().contactor().closed() && !transition.next().plugged(),
        "no car, but the contactor is closed");
  }

  /**
   * Nothing is to be stored of what is a driver's word alone, nor anew of a channel that is over.
   */
  private static boolean changesNothing(Pile before, Pile after) {
    return kept(before).equals(kept(after))
        && before.session().equals(after.session())
        && Arrays.equals(stored(before.notary()), stored(after.notary()))
        && before.page() == after.page();
  }

  private static byte[] stored(Notary notary) {
    StateWriter out = new StateWriter();
    NotaryCodec.write(out, notary);
    return out.toByteArray();
  }

  private static Map<PublicKey, PeerChannel> kept(Pile pile) {
    return pile.channels().entrySet().stream()
        .filter(entry -> !entry.getValue().leg().isHearsay())
        .filter(entry -> !entry.getValue().leg().isClosed())
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  public static void check(DriverTransition transition) {
    boolean stored = false;
    for (DriverAction action : transition.actions()) {
      switch (action) {
        case DriverAction.Store _ -> stored = true;
        case DriverAction.Send _, DriverAction.Errand _ ->
            assertTrue(stored, "acts before it stores: " + transition.actions());
        default -> {}
      }
    }
  }
}
