package chargepile.agent.chain.esplora;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class AddressesTest {
  @Test
  void addressesAreHandedOutInTheirOrderAndNotTwice() {
    Addresses addresses = new Addresses();

    assertEquals(List.of(0, 1, 2), List.of(addresses.take(), addresses.take(), addresses.take()));
  }

  @Test
  void whatTheChainHasSeenIsNotHandedOut() {
    Addresses addresses = new Addresses();
    addresses.used(7);

    assertEquals(8, addresses.take());
  }

  @Test
  void theLastOneIsHandedOutAgainWhereANewStartWouldNotLook() {
    Addresses addresses = new Addresses();
    addresses.used(4);
    for (int i = 5; i < 4 + Addresses.GAP; i++) {
      assertEquals(i, addresses.take());
    }

    assertEquals(4 + Addresses.GAP, addresses.take());
    assertEquals(4 + Addresses.GAP, addresses.take());
  }

  @Property
  void numbersNeverFallAndANewStartFindsThemAll(
      @ForAll @Size(max = 60) List<@IntRange(min = -1, max = 30) Integer> steps) {
    Addresses addresses = new Addresses();
    Addresses restarted = new Addresses();
    int last = -1;
    for (int step : steps) {
      if (step < 0) {
        int taken = addresses.take();
        assertTrue(taken >= last);
        assertTrue(taken < restarted.end());
        last = taken;
      } else {
        addresses.used(step);
        restarted.used(step);
      }
    }
  }

  @Test
  void usedUpAddressesGrowOldWhenManyWereUsedSince() {
    Addresses addresses = new Addresses();
    addresses.used(0);
    addresses.holds(0, false);
    assertFalse(addresses.isOld(0));

    addresses.used(Addresses.GAP);
    assertTrue(addresses.isOld(0));
    addresses.holds(0, true);
    assertFalse(addresses.isOld(0));
  }
}
