package chargepile.agent.evm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What every {@link EvmOutbox} does. */
public abstract class EvmOutboxContract {
  /** An empty one. */
  protected abstract EvmOutbox create();

  /** The same one as a program finds it that was killed and started again. */
  protected abstract EvmOutbox reopened(EvmOutbox outbox);

  private static OutboxEntry entry(String key, long nonce) {
    OutboxEntry sample = OutboxCodecTest.ENTRIES.getFirst();
    TransactionIntent intent = sample.intent();
    return new OutboxEntry(
        new TransactionIntent(
            key,
            intent.purpose(),
            intent.to(),
            intent.data(),
            intent.value(),
            intent.gasLimit(),
            intent.deadline()),
        sample.chainId(),
        sample.from(),
        nonce,
        sample.gasLimit(),
        sample.attempts(),
        sample.finish());
  }

  @Test
  void aNewOneIsEmpty() {
    assertEquals(List.of(), create().entries());
  }

  @Test
  void whatIsSavedIsThereAfterARestartByNonce() {
    EvmOutbox outbox = create();
    outbox.save(entry("b", 8));
    outbox.save(entry("a", 7));
    outbox.save(entry("c", 300));
    assertEquals(
        List.of(entry("a", 7), entry("b", 8), entry("c", 300)), reopened(outbox).entries());
  }

  @Test
  void everyKindOfEntryIsKept() {
    for (OutboxEntry entry : OutboxCodecTest.ENTRIES) {
      EvmOutbox outbox = create();
      outbox.save(entry);
      assertEquals(List.of(entry), reopened(outbox).entries());
    }
  }

  @Test
  void aSavedEntryTakesThePlaceOfTheOneWithItsKey() {
    EvmOutbox outbox = create();
    outbox.save(entry("a", 7));
    OutboxEntry longer = entry("a", 7).with(entry("a", 7).last());
    outbox.save(longer);
    assertEquals(List.of(longer), reopened(outbox).entries());
  }

  @Test
  void whatIsForgottenIsGoneAndAgainIsNoError() {
    EvmOutbox outbox = create();
    outbox.save(entry("a", 7));
    outbox.save(entry("b", 8));
    outbox.forget("a");
    outbox.forget("a");
    assertEquals(List.of(entry("b", 8)), reopened(outbox).entries());
  }
}
