package chargepile.agent.cli.agency;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.crypto.Keccak256;
import chargepile.agent.market.order.eip712.ChainNames;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PrivateKey;
import fr.acinq.bitcoin.PublicKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RegisteredMetersTest {
  private static final ByteVector32 PILE = Keccak256.hash("pile");
  private static final ByteVector32 CAR = Keccak256.hash("car");
  private static final PublicKey NONE = key("none");

  private final TreeMap<Long, Map.Entry<ByteVector32, Optional<PublicKey>>> chain = new TreeMap<>();
  private final List<Long> asked = new ArrayList<>();
  private final RegisteredMeters meters =
      new RegisteredMeters(
          (first, last) -> {
            asked.add(first);
            Map<ByteVector32, Optional<PublicKey>> found = new HashMap<>();
            chain
                .subMap(first, true, last, true)
                .values()
                .forEach(each -> found.put(each.getKey(), each.getValue()));
            return found;
          },
          NONE,
          5);

  private static PublicKey key(String of) {
    return new PrivateKey(Keccak256.hash(of)).publicKey();
  }

  @Test
  void aPilesLastMeterCountsAndWhoHasNoneHasTheOneThatBreaksTheRule() {
    chain.put(6L, Map.entry(PILE, Optional.of(key("old"))));
    chain.put(7L, Map.entry(CAR, Optional.empty()));
    chain.put(300L, Map.entry(PILE, Optional.of(key("new"))));
    assertEquals(key("old"), meters.at(299).get(ChainNames.pile(PILE)));
    assertEquals(
        Map.of(ChainNames.pile(PILE), key("new"), ChainNames.pile(CAR), NONE), meters.at(300));
  }

  @Test
  void aHeadThatThereNeverWasHidesNoPileForLong() {
    assertTrue(meters.at(5000).isEmpty());
    chain.put(310L, Map.entry(PILE, Optional.of(key("pile"))));
    assertEquals(1, meters.at(320).size());
    assertEquals(1, meters.at(700).size());
  }

  @Test
  void whatIsDeepIsReadOnceAndWhatIsNotAgain() {
    chain.put(300L, Map.entry(PILE, Optional.of(key("gone"))));
    assertEquals(1, meters.at(300).size());
    chain.clear(); // a reorganisation
    assertTrue(meters.at(301).isEmpty());
    assertEquals(1, asked.stream().filter(first -> first == 5).count(), asked.toString());
  }
}
