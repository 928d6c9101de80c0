package chargepile.agent.runtime;

import chargepile.agent.market.desk.MarketView;
import chargepile.agent.market.desk.OwnSide;
import chargepile.agent.market.desk.Sale;
import chargepile.agent.market.desk.Testimony;
import chargepile.agent.market.order.eip712.OrderKey;
import chargepile.agent.session.Agreement;
import chargepile.agent.units.EvmAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A grid service agency at work (P2-09): it has every established order reviewed by the published
 * rules. It has no sessions and no channels; everything happens on its mailbox, and its methods may
 * be called from any thread.
 */
public final class AgencyNode implements AutoCloseable {
  private final Mailbox mailbox;
  private final MarketErrands errands;

  /**
   * @param market with a desk that reviews
   * @param lane runs all that happens
   */
  public AgencyNode(Market market, Lane lane, Time time) {
    this.mailbox = new Mailbox(lane, () -> {});
    this.errands = new MarketErrands(market, mailbox, time, new NoSessions());
  }

  public void start() {
    mailbox.start();
    mailbox.execute(errands::begin);
  }

  /** Whether all that was enqueued is done, the chain asked included. */
  public boolean isIdle() {
    return mailbox.isIdle() && errands.isIdle();
  }

  /** Runs a task behind what is enqueued: one that is never run shows a node that hangs. */
  public void inTurn(Runnable task) {
    mailbox.execute(task);
  }

  /** What stopped the node; empty while it works. */
  public Optional<RuntimeException> failure() {
    return Optional.ofNullable(mailbox.failure());
  }

  @Override
  public void close() {
    mailbox.close(errands::close);
  }

  private static final class NoSessions implements MarketErrands.Node {
    @Override
    public OwnSide own(MarketView view, boolean unbroken, Map<OrderKey, Testimony> testimony) {
      return new OwnSide(true, false, unbroken, Map.of(), Map.of());
    }

    @Override
    public void agreed(List<Agreement> agreements) {}

    @Override
    public void looked(MarketReport report) {}

    @Override
    public EvmAddress counterparty(Sale sale) {
      throw new IllegalStateException("an agency sells nothing: " + sale);
    }
  }
}
