package chargepile.agent.cli.agency;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.evm.EvmException;
import chargepile.agent.evm.market.ReviewLog;
import chargepile.agent.market.order.RejectionReason.VetoReason;
import chargepile.agent.market.order.ReviewRule;
import chargepile.agent.market.order.eip712.OrderKey;
import chargepile.agent.runtime.MarketMemory;
import chargepile.agent.units.EvmAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class VerdictsTest {
  private static final EvmAddress BOOK = EvmAddress.of("0x%040x".formatted(1));
  private static final EvmAddress AGENCY = EvmAddress.of("0x%040x".formatted(2));
  private static final EvmAddress DEPUTY = EvmAddress.of("0x%040x".formatted(3));

  private final NavigableMap<Long, ReviewLog> chain = new TreeMap<>();
  private final List<String> told = new ArrayList<>();
  private final Kept kept = new Kept();
  private boolean away;

  private static final class Kept implements MarketMemory {
    private Optional<byte[]> bytes = Optional.empty();

    @Override
    public Optional<byte[]> load() {
      return bytes;
    }

    @Override
    public void save(byte[] remembered) {
      bytes = Optional.of(remembered);
    }
  }

  private Verdicts verdicts() {
    return new Verdicts(
        BOOK,
        AGENCY,
        (first, last) -> {
          if (away) {
            throw new EvmException("away");
          }
          return List.copyOf(chain.subMap(first, true, last, true).values());
        },
        0,
        kept,
        told::add);
  }

  private static OrderKey order(int number) {
    return OrderKey.of("0x%064x".formatted(number));
  }

  private static ReviewLog reviewed(int order, Optional<ReviewRule> broken) {
    return new ReviewLog.Reviewed(BOOK, order(order), AGENCY, broken);
  }

  @Test
  void eachVerdictIsToldOnceWithItsReason() {
    Verdicts verdicts = verdicts();
    verdicts.tellTo(10);
    chain.put(11L, reviewed(1, Optional.empty()));
    chain.put(12L, reviewed(2, Optional.of(ReviewRule.R4)));
    chain.put(13L, new ReviewLog.Vetoed(BOOK, order(3), DEPUTY, VetoReason.MAINTENANCE));
    chain.put(14L, new ReviewLog.Vetoed(DEPUTY, order(4), AGENCY, VetoReason.MAINTENANCE));
    verdicts.tellTo(14);
    verdicts.tellTo(15);
    assertEquals(3, told.size(), told.toString());
    assertEquals("order %s is approved".formatted(order(1)), told.get(0));
    assertTrue(told.get(1).contains("is rejected: it broke R4: " + ReviewRule.R4.text()));
    assertTrue(told.get(2).contains("the agency's veto: maintenance, by the deputy 0x"));
    assertTrue(verdicts.isDecided(order(2)));
    assertFalse(verdicts.isDecided(order(4)), "another book's");
  }

  @Test
  void whatWasDecidedWhileNobodyWasThereIsToldAtTheNextStartAndNothingTwice() {
    Verdicts before = verdicts();
    before.tellTo(10);
    chain.put(11L, reviewed(1, Optional.empty()));
    before.tellTo(11);
    chain.put(12L, reviewed(2, Optional.empty()));
    told.clear();
    Verdicts again = verdicts();
    again.tellTo(500);
    assertEquals(List.of("order %s is approved".formatted(order(2))), told);
  }

  @Test
  void theFirstStartTellsNothingOfThePast() {
    chain.put(5L, reviewed(1, Optional.empty()));
    Verdicts first = verdicts();
    first.tellTo(10);
    assertEquals(List.of(), told);
    assertTrue(first.isDecided(order(1)));
  }

  @Test
  void anotherOutcomeAfterAReorganisationIsToldToo() {
    Verdicts verdicts = verdicts();
    verdicts.tellTo(10);
    chain.put(11L, reviewed(1, Optional.empty()));
    verdicts.tellTo(12);
    chain.clear();
    chain.put(12L, reviewed(1, Optional.of(ReviewRule.R5)));
    verdicts.tellTo(12);
    assertEquals(2, told.size(), told.toString());
    assertTrue(told.getLast().contains("R5"), told.toString());
  }

  @Test
  void whatCouldNotBeReadIsToldLater() {
    Verdicts verdicts = verdicts();
    verdicts.tellTo(10);
    chain.put(11L, reviewed(1, Optional.empty()));
    away = true;
    assertThrows(EvmException.class, () -> verdicts.tellTo(11));
    away = false;
    verdicts.tellTo(12);
    assertEquals(1, told.size(), told.toString());
  }
}
