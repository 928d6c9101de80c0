package chargepile.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.session.pile.OperatorCommand;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Stored before said, published or switched on; switched off before anything. */
@Timeout(60)
final class OrderTest {
  private static final Set<String> AFTER_THE_COMMIT = Set.of("send", "broadcast", "engage");

  private static List<List<String>> transitions(List<String> log) {
    List<List<String>> all = new ArrayList<>();
    List<String> current = new ArrayList<>();
    for (String entry : log) {
      if (entry.equals("done")) {
        all.add(current);
        current = new ArrayList<>();
      } else {
        current.add(entry.split(" ")[0]);
      }
    }
    return all;
  }

  private static int checkOrder(List<String> log) {
    int outward = 0;
    for (List<String> transition : transitions(log)) {
      int commit = transition.indexOf("commit");
      assertEquals(commit, transition.lastIndexOf("commit"), "one commit a transition");
      for (int i = 0; i < transition.size(); i++) {
        if (AFTER_THE_COMMIT.contains(transition.get(i))) {
          outward++;
          assertTrue(commit >= 0 && commit < i, transition::toString);
        } else if (transition.get(i).equals("release")) {
          assertTrue(commit < 0 || i < commit, transition::toString);
        }
      }
    }
    return outward;
  }

  @Test
  void everyTransitionIsStoredBeforeItIsFelt() {
    try (TwoNodes nodes = new TwoNodes(TwoNodes.Terms.USUAL).start().open()) {
      nodes.chargeUntil(100_000);
      nodes.pile.command(new OperatorCommand.Pause());
      nodes.run(Duration.ofSeconds(30));
      nodes.pile.command(new OperatorCommand.Resume());
      nodes.finish();
      assertTrue(checkOrder(nodes.pileLog) > 30);
      assertTrue(checkOrder(nodes.driverLog) > 30);
    }
  }

  @Test
  void aCloseWithoutTheDriverIsStoredBeforeItIsPublished() {
    try (TwoNodes nodes = new TwoNodes(TwoNodes.Terms.USUAL).start().open()) {
      nodes.chargeUntil(100_000);
      nodes.driver.close();
      nodes.runUntil("giving up", nodes::isEnded, TwoNodes.LONG);
      nodes.restartDriver();
      nodes.mineUntilSettled();
      nodes.checkExposure();
      checkOrder(nodes.pileLog);
      assertTrue(nodes.pileLog.stream().filter(e -> e.startsWith("broadcast")).count() >= 2);
    }
  }
}
