package chargepile.agent.market;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class SlotIndexTest {
  @Property(tries = 300)
  void itFindsWhatAMapFinds(@ForAll long salt, @ForAll("ids") List<Long> ids) {
    SlotIndex index = new SlotIndex(salt);
    Map<Long, Integer> model = new HashMap<>();
    for (int i = 0; i < ids.size(); i++) {
      long id = ids.get(i);
      if (model.remove(id) == null) {
        model.put(id, i);
        index.put(id, i);
      } else {
        index.remove(id);
      }
      assertEquals(model.size(), index.size());
      for (long known : ids) {
        assertEquals(model.getOrDefault(known, QuoteSlots.NONE), index.get(known));
      }
    }
  }

  /** Ids that one product sends to one place: their product is a small number. */
  @Test
  void noIdsThatAreChosenMeetInOnePlace() {
    long inverse = 0x9E37_79B9_7F4A_7C15L;
    for (int i = 0; i < 6; i++) {
      inverse *= 2 - 0x9E37_79B9_7F4A_7C15L * inverse;
    }
    SlotIndex index = new SlotIndex(7);
    List<Long> chosen = new ArrayList<>();
    for (long n = 1; chosen.size() < 10_000; n++) {
      if (n * inverse >= 0) {
        index.put(n * inverse, chosen.size());
        chosen.add(n * inverse);
      }
    }
    assertTrue(chosen.stream().mapToInt(index::steps).max().orElseThrow() < 100);
  }

  @Provide
  Arbitrary<List<Long>> ids() {
    // Multiples of 2^57 differ in their highest bits only.
    return Arbitraries.oneOf(
            Arbitraries.longs().between(0, 40),
            Arbitraries.longs().between(0, 60).map(n -> n << 57))
        .list()
        .ofMaxSize(150);
  }
}
