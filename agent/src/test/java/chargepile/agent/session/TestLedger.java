package chargepile.agent.session;

import chargepile.agent.session.driver.DriverPolicy;
import chargepile.agent.session.leg.LegAction;
import chargepile.agent.session.leg.LegMessage;
import chargepile.agent.session.leg.LegReport;
import chargepile.agent.session.leg.Legs;
import chargepile.agent.units.Amount;
import chargepile.agent.units.ChannelId;
import chargepile.agent.units.Satoshi;
import java.util.function.Consumer;

/** A ledger in memory that sessions are tested on. */
interface TestLedger extends AutoCloseable {
  /** Which one. */
  enum Kind {
    BITCOIN,
    EVM;

    TestLedger fresh() {
      return switch (this) {
        case BITCOIN -> new BitcoinLedger();
        case EVM -> new EvmLedger();
      };
    }
  }

  /** The channels of a party. */
  Legs legs(String party, boolean metering);

  /** What a party's runtime does on the ledger. */
  Desk desk(String party, Consumer<LegReport> reports);

  /**
   * What a driver opens.
   *
   * @param push of that, what is the pile's from the beginning
   */
  DriverPolicy.Opening opening(Satoshi capacity, Amount push);

  /** What a driver says who will not pay. */
  LegMessage objection(ChannelId channel, String text);

  /** Adds a block. */
  void mine();

  /** What a party got back in the end. */
  Amount received(String party);

  /** What of an amount the ledger can pay. */
  Amount whole(Amount amount);

  @Override
  void close();

  /** What a party's runtime does. */
  interface Desk {
    void run(LegAction.Errand errand);

    /** Tells what the ledger says now, and again as long as something else is asked of it. */
    void look();
  }
}
