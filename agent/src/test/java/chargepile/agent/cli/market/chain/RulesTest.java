package chargepile.agent.cli.market.chain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.cli.CommandFailedException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RulesTest {
  @Test
  void theUsualOnesFitTogether() throws Exception {
    Rules rules = Rules.of(50, Map.of());
    assertEquals(50 * 24, rules.bondPerKw());
    assertEquals(7 * 50 * 24, rules.smallestBond());
  }

  @ParameterizedTest
  @EnumSource(Rule.class)
  void eachHasBounds(Rule rule) {
    String why = refusal(Map.of(rule, -1L));
    assertTrue(why.contains(rule.label() + " is "), why);
    refusal(Map.of(rule, Long.MAX_VALUE));
    assertTrue(rule.objection(rule.usual()).isEmpty(), rule.label());
  }

  @Test
  void aBondStaysUntilItsPilesDisputesEnd() {
    String why = refusal(Map.of(Rule.MOST_CHALLENGE, 60L * 86_400));
    assertTrue(why.contains("unlock is below"), why);
  }

  @Test
  void aCycleIsOfWholeRounds() {
    assertTrue(refusal(Map.of(Rule.ROUNDS, 7L)).contains("no multiple of rounds"));
    assertTrue(refusal(Map.of(Rule.MATCHING, 300L)).contains("no time for quotes"));
  }

  @Test
  void severalReasonsAreToldAtOnce() {
    String why = refusal(Map.of(Rule.ROUNDS, 7L, Rule.LEAD, 604_800L));
    assertTrue(why.contains("rounds") && why.contains("lead"), why);
  }

  @Test
  void aPriceCapIsAPrice() {
    assertThrows(CommandFailedException.class, () -> Rules.of(0, Map.of()));
    assertThrows(CommandFailedException.class, () -> Rules.of(Long.MAX_VALUE, Map.of()));
  }

  private static String refusal(Map<Rule, Long> changed) {
    return String.valueOf(
        assertThrows(CommandFailedException.class, () -> Rules.of(50, changed)).getMessage());
  }
}
