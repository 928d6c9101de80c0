package chargepile.agent.sim;

import chargepile.agent.chain.Chain;
import chargepile.agent.session.notary.Clerk;
import chargepile.agent.session.notary.SessionAccount;
import chargepile.agent.store.Store;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/**
 * A deliberate bug, put in at a port of the production code: the checks must find it.
 *
 * @param store what lies between a program and its disk
 * @param chain what lies between a program and the chain
 * @param clerk what lies between a program and its clerk
 * @param impPerKwh what the pile takes the meter for
 */
record Deviation(
    String name,
    UnaryOperator<Store> store,
    UnaryOperator<Chain> chain,
    BiFunction<Who, Clerk, Clerk> clerk,
    int impPerKwh) {
  private Deviation(
      String name, UnaryOperator<Store> store, UnaryOperator<Chain> chain, int impPerKwh) {
    this(name, store, chain, (_, clerk) -> clerk, impPerKwh);
  }

  static final Deviation NONE =
      new Deviation("none", UnaryOperator.identity(), UnaryOperator.identity(), World.IMP_PER_KWH);

  /** Speaks before what it says is on the disk: a secret is out, its successor is not kept. */
  static final Deviation SPEAKS_FIRST = ofStore("speaks before it stores", LateStore::new);

  /** Counts some pulses twice: nine of the meter's are ten of the program's. */
  static final Deviation COUNTS_TWICE =
      new Deviation(
          "counts pulses twice",
          UnaryOperator.identity(),
          UnaryOperator.identity(),
          World.IMP_PER_KWH * 9 / 10);

  /** Takes what was mined once for mined for ever. */
  static final Deviation IGNORES_REORGANISATIONS =
      new Deviation(
          "ignores reorganisations",
          UnaryOperator.identity(),
          SettledChain::new,
          World.IMP_PER_KWH);

  /** Never looks for what happened while it was away. */
  static final Deviation SEES_NO_SPEND =
      new Deviation(
          "does not see spends", UnaryOperator.identity(), BlindChain::new, World.IMP_PER_KWH);

  /** Takes what a breach pays to both balances, and leaves the HTLCs to the one who broke it. */
  static final Deviation FORGETS_HTLCS =
      ofStore("forgets the penalty on HTLCs", HtlcForgettingStore::new);

  /** Never sends what its outbox holds. */
  static final Deviation SKIPS_OUTBOX =
      new Deviation(
          "skips the outbox",
          UnaryOperator.identity(),
          OutboxSkippingChain::new,
          World.IMP_PER_KWH);

  /**
   * Starts with an empty outbox. No bug that costs anyone anything: every stage of a channel
   * publishes again what the chain lacks.
   */
  static final Deviation FORGETS_OUTBOX_AT_START =
      ofStore("forgets the outbox at its start", OutboxLosingStore::new);

  /** Signs a number for two contents. */
  static final Deviation SIGNS_TWICE = ofStore("signs twice", UnguardedStore::new);

  /** Has the driver sign for more energy than the meter counted. */
  static final Deviation PROPOSES_ANOTHER_METER_END =
      ofPilesClerk("proposes another meter end", MisreadingClerk::laterEnd);

  /** Names a commitment that does not hold the last payment. */
  static final Deviation PROPOSES_ANOTHER_COMMITMENT =
      ofPilesClerk("proposes another final commitment", MisreadingClerk::nextCommitment);

  /** The same mistake on both sides, so that they agree. */
  static final Deviation SIGNS_ANOTHER_METER_END =
      ofClerk(
          "signs another meter end, on both sides",
          (_, clerk) -> new MisreadingClerk(clerk, MisreadingClerk::laterEnd));

  /** Likewise. */
  static final Deviation SIGNS_ANOTHER_COMMITMENT =
      ofClerk(
          "signs another final commitment, on both sides",
          (_, clerk) -> new MisreadingClerk(clerk, MisreadingClerk::nextCommitment));

  static final List<Deviation> ALL =
      List.of(
          SPEAKS_FIRST,
          COUNTS_TWICE,
          IGNORES_REORGANISATIONS,
          SEES_NO_SPEND,
          FORGETS_HTLCS,
          SKIPS_OUTBOX,
          SIGNS_TWICE,
          PROPOSES_ANOTHER_METER_END,
          PROPOSES_ANOTHER_COMMITMENT,
          SIGNS_ANOTHER_METER_END,
          SIGNS_ANOTHER_COMMITMENT);

  private static Deviation ofPilesClerk(String name, UnaryOperator<SessionAccount> misread) {
    return ofClerk(
        name,
        (who, clerk) ->
            switch (who) {
              case PILE -> new MisreadingClerk(clerk, misread);
              case DRIVER -> clerk;
            });
  }

  private static Deviation ofClerk(String name, BiFunction<Who, Clerk, Clerk> clerk) {
    return new Deviation(
        name, UnaryOperator.identity(), UnaryOperator.identity(), clerk, World.IMP_PER_KWH);
  }

  private static Deviation ofStore(String name, UnaryOperator<Store> store) {
    return new Deviation(name, store, UnaryOperator.identity(), World.IMP_PER_KWH);
  }
}
