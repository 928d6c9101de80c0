package chargepile.agent.evm;

/** Outbox entries for tests of other packages. */
public final class OutboxSamples {
  private OutboxSamples() {}

  /** One that is under way. */
  public static OutboxEntry any() {
    return OutboxCodecTest.ENTRIES.getFirst();
  }
}
