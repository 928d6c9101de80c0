package chargepile.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.channel.Channel;
import chargepile.agent.channel.ChannelAction;
import chargepile.agent.channel.ChannelEvent;
import chargepile.agent.channel.ChannelSettings;
import chargepile.agent.channel.ChannelTransition;
import chargepile.agent.channel.Outcome;
import chargepile.agent.channel.Stage;
import chargepile.agent.channel.wire.ChannelMessage;
import chargepile.agent.channel.wire.ErrorMessage;
import chargepile.agent.channel.wire.FundingSigned;
import chargepile.agent.session.leg.ChannelLogic;
import chargepile.agent.units.Amount;
import chargepile.agent.units.ChannelId;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxId;
import fr.acinq.bitcoin.TxIn;
import fr.acinq.bitcoin.TxOut;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A driver opens a channel with a pile, whose store has known other channels. */
class ChannelMachinesTest {
  private static final ByteVector32 CHAIN = TwoNodes.seed("chain");
  private static final ByteVector SCRIPT = new ByteVector("0014" + "11".repeat(20));
  private static final ChannelSettings SETTINGS =
      new ChannelSettings(
          CHAIN,
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

  private final Set<ChannelId> stored = new HashSet<>();
  private final ChannelLogic pile = machines("pile", true).apply(0);
  private final ChannelLogic driver = machines("driver", false).apply(0);

  private ChannelMachines machines(String name, boolean metering) {
    NodeKeys keys = new NodeKeys(TwoNodes.seed(name), TwoNodes.SIGNER);
    return new ChannelMachines(keys, SETTINGS, metering, SCRIPT, stored::contains);
  }

  private static List<ChannelMessage> said(ChannelTransition transition) {
    return transition.actions().stream()
        .filter(ChannelAction.Send.class::isInstance)
        .flatMap(action -> ((ChannelAction.Send) action).messages().stream())
        .toList();
  }

  private static ChannelTransition hear(ChannelLogic side, Channel state, ChannelMessage message) {
    return side.on(state, new ChannelEvent.Received(message));
  }

  /** What the pile answers to {@code funding_created} of a channel on this coin. */
  private ChannelTransition fundingCreated(OutPoint coin) {
    Channel funder = driver.on(Channel.NEW, new ChannelEvent.Connected()).next();
    Channel fundee = pile.on(Channel.NEW, new ChannelEvent.Connected()).next();
    ChannelTransition opened =
        driver.on(
            funder,
            new ChannelEvent.Open(
                new ChannelId(TwoNodes.seed("temporary")),
                new Satoshi(1_000_000),
                Amount.ZERO,
                new Feerate(1000)));
    ChannelTransition accepted = hear(pile, fundee, said(opened).getFirst());
    ChannelTransition asked = hear(driver, opened.next(), said(accepted).getFirst());
    ChannelAction.BuildFunding wanted =
        asked.actions().stream()
            .filter(ChannelAction.BuildFunding.class::isInstance)
            .map(ChannelAction.BuildFunding.class::cast)
            .findFirst()
            .orElseThrow();
    Transaction funding =
        new Transaction(
            2,
            List.of(new TxIn(coin, new byte[0], 0xffffffffL)),
            List.of(
                new TxOut(new fr.acinq.bitcoin.Satoshi(wanted.amount().value()), wanted.script())),
            0);
    ChannelTransition created = driver.on(asked.next(), new ChannelEvent.FundingBuilt(funding));
    return hear(pile, accepted.next(), said(created).getFirst());
  }

  private static OutPoint coin() {
    return new OutPoint(new TxId(TwoNodes.seed("coin")), 0);
  }

  @Test
  void aChannelOnItsOwnFundingOutputIsSignedFor() {
    assertInstanceOf(FundingSigned.class, said(fundingCreated(coin())).getFirst());
  }

  /** The store would refuse the second channel under an id, and the node would stop. */
  @Test
  void aChannelOnTheFundingOutputOfAnotherIsGivenUpAndThePeerIsTold() {
    ChannelTransition signed = fundingCreated(coin());
    stored.add(((FundingSigned) said(signed).getFirst()).channelId());
    ChannelTransition refused = fundingCreated(coin());
    Stage.Closed closed = assertInstanceOf(Stage.Closed.class, refused.next().stage());
    assertEquals(Outcome.ABANDONED, closed.outcome());
    ErrorMessage error = assertInstanceOf(ErrorMessage.class, said(refused).getFirst());
    assertTrue(error.toString().contains("another channel"), error::toString);
    assertEquals(1, said(refused).size());
  }
}
