package chargepile.agent.cli.market.trade;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.market.chain.AccountOptions;
import chargepile.agent.config.ConfigException;
import java.io.IOException;
import java.io.PrintWriter;
import picocli.CommandLine.Mixin;

/** On which market somebody trades, and from whose account. */
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class Trading {
  @Mixin private AccountOptions account;
  @Mixin private MarketOptions market;

  /** What a person does who has a market before it. */
  interface Looking {
    void at(Market market) throws CommandFailedException, IOException;
  }

  /** What a person does with an account on a market. */
  interface Acting {
    void with(Desk desk) throws CommandFailedException, IOException, InterruptedException;
  }

  /** Only looks, from no account. */
  void look(Looking looking) throws CommandFailedException, ConfigException, IOException {
    try (Market opened = market.open(account.read().ledger())) {
      looking.at(opened);
    }
  }

  /** Acts, and says what it waits for. */
  void act(PrintWriter out, Acting acting)
      throws CommandFailedException, ConfigException, IOException, InterruptedException {
    AccountOptions.Read read = account.read();
    try (Market opened = market.open(read.ledger())) {
      account.act(
          read,
          opened.chain(),
          why -> said(out, "  " + why),
          own -> acting.with(new Desk(opened, own)));
    }
  }

  static void said(PrintWriter out, String text) {
    out.println(text);
    out.flush();
  }
}
