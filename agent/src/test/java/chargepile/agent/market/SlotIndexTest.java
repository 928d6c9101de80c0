package chargepile.agent.market;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class SlotIndexTest {
  @Property(tries = 300)
  void itFindsWhatAMapFinds(@ForAll("ids") List<Long> ids) {
    SlotIndex index = new SlotIndex();
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

  @Provide
  Arbitrary<List<Long>> ids() {
    // Multiples of 2^57 meet in one home.
    return Arbitraries.oneOf(
            Arbitraries.longs().between(0, 40),
            Arbitraries.longs().between(0, 60).map(n -> n << 57))
        .list()
        .ofMaxSize(150);
  }
}
