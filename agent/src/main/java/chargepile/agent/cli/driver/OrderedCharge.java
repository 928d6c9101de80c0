package chargepile.agent.cli.driver;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.session.driver.DriverAction;
import chargepile.agent.session.driver.DriverCommand;
import chargepile.agent.session.driver.DriverNotice;
import chargepile.agent.session.leg.PaymentLeg.Life;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** Buying on a market, the sessions of the orders, and their settlement, told line by line. */
final class OrderedCharge {
  private static final Duration GLANCE = Duration.ofMillis(500);
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final DriverSide driver;
  private final TradeWatch trade;
  private final Charge charge;
  private final Duration timeout;
  private boolean declined;
  private boolean opening;

  /**
   * @param charge tells what sessions come to
   * @param timeout how long to wait until all is settled
   */
  OrderedCharge(DriverSide driver, TradeWatch trade, Charge charge, Duration timeout) {
    this.driver = driver;
    this.trade = trade;
    this.charge = charge;
    this.timeout = timeout;
  }

  /**
   * Returns when all is bought and settled.
   *
   * @throws InterruptedException when interrupted; the session was stopped before
   */
  void run() throws CommandFailedException, IOException, InterruptedException {
    try {
      driver.found().forEach(charge::say);
      charge.say(trade.wanted());
      await();
    } catch (InterruptedException e) {
      charge.say("stopping");
      charge.stop();
      trade.left().forEach(charge::say);
      throw e;
    } catch (CommandFailedException e) {
      trade.left().forEach(charge::say);
      throw e;
    }
    charge.awaitSettlement();
    trade.finish();
    if (!trade.defaults().isEmpty()) {
      throw new CommandFailedException(
          "not delivered as ordered: " + String.join(", ", trade.defaults()));
    }
    charge.say("all is bought, charged and settled");
  }

  private void await() throws CommandFailedException, InterruptedException {
    long since = System.nanoTime();
    boolean told = false;
    while (!trade.isDone()) {
      Optional<DriverAction> action = driver.next(GLANCE);
      if (action.isPresent()) {
        tell(action.get());
      }
      trade.news().forEach(charge::say);
      long waited = System.nanoTime() - since;
      if (!told && waited > PATIENCE.toNanos() && !driver.state().connected()) {
        charge.say("the pile does not answer yet; still trying");
        told = true;
      }
      reopen();
      if (waited > timeout.toNanos()) {
        charge.stop();
        throw new CommandFailedException(
            "not settled within %d min (--timeout)".formatted(timeout.toMinutes()));
      }
    }
    trade.news().forEach(charge::say);
  }

  /** A channel that was closed after a session is followed by another where one is needed. */
  private void reopen() {
    if (driver.leg().life() != Life.CLOSED) {
      opening = false;
    } else if (!opening && driver.state().connected() && trade.mayCharge()) {
      charge.say("opening another channel");
      driver.node().command(new DriverCommand.OpenChannel());
      opening = true;
    }
  }

  private void tell(DriverAction action) throws CommandFailedException {
    if (action instanceof DriverAction.Tell(DriverNotice.OfferRefused(var offer, String text))) {
      if (trade.isOrdered(offer.tariff().id())) {
        throw new CommandFailedException("the pile's offer of what is ordered is refused: " + text);
      }
      if (!declined) {
        declined = true;
        charge.say("the pile's own terms are declined: this wallet charges what it has ordered");
      }
      return;
    }
    charge.tell(action);
    charge.failUnadmitted(action);
    if (action
        instanceof DriverAction.Tell(DriverNotice.ClaimRefused(_, var refusal, String text))) {
      throw new CommandFailedException(
          "a claim of the pile's is refused and the channel is being closed: %s: %s"
              .formatted(refusal, text));
    }
  }
}
