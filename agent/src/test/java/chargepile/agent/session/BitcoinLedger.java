package chargepile.agent.session;

import static chargepile.agent.session.SessionWorld.SIGNER;
import static chargepile.agent.session.SessionWorld.seed;

import chargepile.agent.chain.embedded.EmbeddedChain;
import chargepile.agent.chain.embedded.EmbeddedWallet;
import chargepile.agent.channel.ChannelContext;
import chargepile.agent.channel.ChannelEvent;
import chargepile.agent.channel.ChannelMachine;
import chargepile.agent.channel.ChannelSettings;
import chargepile.agent.channel.InstantErrands;
import chargepile.agent.channel.Watches;
import chargepile.agent.channel.wire.Warning;
import chargepile.agent.crypto.ChannelKeys;
import chargepile.agent.session.driver.DriverPolicy;
import chargepile.agent.session.leg.LegAction;
import chargepile.agent.session.leg.LegMessage;
import chargepile.agent.session.leg.LegReport;
import chargepile.agent.session.leg.Legs;
import chargepile.agent.session.leg.PenaltyLegs;
import chargepile.agent.units.Amount;
import chargepile.agent.units.ChannelId;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.ByteVector;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Penalty channels on an embedded chain. */
final class BitcoinLedger implements TestLedger {
  final EmbeddedChain chain =
      new EmbeddedChain(InstantSource.fixed(Instant.ofEpochSecond(1_700_000_000)), Runnable::run);
  private final Map<String, ByteVector> homes = new HashMap<>();

  /** Where a party's channels pay to. */
  ByteVector home(String party) {
    return homes.computeIfAbsent(
        party, name -> new EmbeddedWallet(chain, seed(name + " home"), SIGNER).freshScript());
  }

  @Override
  public Legs legs(String party, boolean metering) {
    ByteVector home = home(party);
    return new PenaltyLegs(
        index ->
            new ChannelMachine(
                    new ChannelContext(
                        SIGNER,
                        ChannelKeys.derive(seed(party), index),
                        index,
                        channelSettings(),
                        metering,
                        home))
                ::on);
  }

  private ChannelSettings channelSettings() {
    return new ChannelSettings(
        chain.genesis().value,
        new ChannelSettings.CapacityBounds(new Satoshi(20_000), new Satoshi(100_000_000)),
        new ChannelSettings.FeerateBounds(Feerate.MINIMUM_RELAY, new Feerate(50_000)),
        new Satoshi(354),
        10,
        50,
        2016,
        1,
        3,
        new Amount(1000),
        new Amount(500_000_000),
        30);
  }

  @Override
  public Desk desk(String party, Consumer<LegReport> reports) {
    EmbeddedWallet wallet = new EmbeddedWallet(chain, seed(party), SIGNER);
    chain.fund(wallet.freshScript(), new Satoshi(5_000_000));
    InstantErrands errands =
        new InstantErrands(
            chain, wallet, report -> reports.accept(new LegReport.OnBitcoin(report)));
    return new Desk() {
      @Override
      public void run(LegAction.Errand errand) {
        errands.run(((LegAction.OnBitcoin) errand).errand());
      }

      @Override
      public void look() {
        Watches before;
        do {
          before = errands.watches();
          reports.accept(new LegReport.OnBitcoin(new ChannelEvent.ChainChanged(errands.view())));
        } while (!before.equals(errands.watches()));
      }
    };
  }

  @Override
  public DriverPolicy.Opening opening(Satoshi capacity, Amount push) {
    return new DriverPolicy.Funding(capacity, push, new Feerate(500));
  }

  @Override
  public LegMessage objection(ChannelId channel, String text) {
    return new LegMessage.OfChannel(new Warning(channel, text));
  }

  @Override
  public void mine() {
    chain.mine(1);
  }

  @Override
  public Amount received(String party) {
    return chain.balance(home(party)).toAmount();
  }

  @Override
  public Amount whole(Amount amount) {
    return new Amount(amount.value() / 1000 * 1000);
  }

  @Override
  public void close() {
    chain.close();
  }
}
