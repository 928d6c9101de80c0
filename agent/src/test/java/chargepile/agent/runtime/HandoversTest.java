package chargepile.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.runtime.Handovers.Handover;
import fr.acinq.bitcoin.Transaction;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HandoversTest {
  private static final Handover A = handover(1);
  private static final Handover B = handover(2);
  private static final Handover C = handover(3);

  private final List<Long> sent = new ArrayList<>();
  private final Handovers handovers = new Handovers(sent::add);

  private static Handover handover(long number) {
    return Handover.of("test", new Transaction(2, List.of(), List.of(), number));
  }

  @Test
  void aCommitIsSentWhenAllOfItAndAllBeforeItIs() {
    assertTrue(handovers.add(5, A));
    assertTrue(handovers.add(5, B));
    assertTrue(handovers.add(8, C));
    handovers.done(C);
    handovers.done(A);
    assertEquals(List.of(4L), sent, "nothing was to be sent before");
    handovers.done(B);
    assertEquals(List.of(4L, 8L), sent);
  }

  @Test
  void whatWaitsHoldsBackOnlyWhatComesAfterIt() {
    handovers.add(5, A);
    handovers.add(8, B);
    handovers.add(9, C);
    handovers.done(A);
    handovers.done(C);
    assertEquals(List.of(7L), sent);
    handovers.done(B);
    assertEquals(List.of(7L, 9L), sent);
  }

  @Test
  void whatFailedIsTriedAgainOnceHoweverOftenItIsAskedFor() {
    handovers.add(5, A);
    assertTrue(handovers.failed(A));
    assertFalse(handovers.failed(A), "told once");
    assertFalse(handovers.add(6, A), "the next round has it");
    handovers.add(7, B);
    assertEquals(List.of(A), handovers.failed());
    handovers.done(A);
    assertEquals(List.of(), handovers.failed());
    assertEquals(List.of(6L), sent);
    handovers.done(A);
    assertEquals(List.of(6L), sent, "done twice is done");
  }
}
