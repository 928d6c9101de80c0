package chargepile.agent.channel;

import chargepile.agent.chain.FeerateBounds;
import chargepile.agent.chain.Network;
import chargepile.agent.chain.bitcoind.BitcoindChain;
import chargepile.agent.chain.bitcoind.BitcoindWallet;
import chargepile.agent.chain.bitcoind.PrivateNode;
import chargepile.agent.chain.bitcoind.ReservedCoins;
import chargepile.agent.channel.wire.ChannelMessage;
import chargepile.agent.crypto.ChannelKeys;
import chargepile.agent.crypto.Signer;
import chargepile.agent.units.Amount;
import chargepile.agent.units.ChannelId;
import chargepile.agent.units.Direction;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.Satoshi;
import chargepile.agent.units.SessionId;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.Transaction;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * How long a breach stands in the mempool of a Bitcoin node before its remedy stands there, too.
 * The victim learns of it as of any stranger's transaction.
 *
 * <p>{@code BreachToRemedy BITCOIND [RUNS]} starts a node of its own on regtest. Prints a line for
 * each run, and the median.
 */
public final class BreachToRemedy {
  private static final int RUNS = 9;
  private static final int MINIMUM_DEPTH = 3;
  private static final Satoshi CAPACITY = new Satoshi(1_000_000);
  private static final String WALLET = "bench";

  private final Signer signer = Signer.best();
  private final PrivateNode node;
  private final BitcoindWallet wallet;
  private final BitcoindChain stranger;
  private final BitcoindChain victim;

  private BreachToRemedy(PrivateNode node) {
    this.node = node;
    node.createWallet(WALLET);
    wallet = new BitcoindWallet(node.endpoint(), WALLET, ReservedCoins.UNKEPT);
    node.mineTo(wallet.freshScript(), 101);
    stranger = chain();
    victim = chain();
  }

  private BitcoindChain chain() {
    return new BitcoindChain(
        node.endpoint(), Network.REGTEST, FeerateBounds.DEFAULT, Optional.empty());
  }

  public static void main(String[] arguments) throws Exception {
    int runs = arguments.length > 1 ? Integer.parseInt(arguments[1]) : RUNS;
    try (PrivateNode node = PrivateNode.start(Path.of(arguments[0]), List.of())) {
      BreachToRemedy bench = new BreachToRemedy(node);
      try (bench.wallet;
          bench.stranger;
          bench.victim) {
        long[] micros = new long[runs];
        for (int run = 0; run < runs; run++) {
          micros[run] = bench.run(run) / 1000;
          System.out.println("breach_to_remedy_us " + micros[run]);
        }
        Arrays.sort(micros);
        System.out.println("median_us " + micros[runs / 2]);
      }
    }
  }

  private long run(int number) throws Exception {
    Pair pair = new Pair(number);
    Transaction old = pair.openAndPay();
    LinkedBlockingQueue<Boolean> changes = new LinkedBlockingQueue<>();
    try (AutoCloseable subscription = victim.onChange(() -> changes.add(true))) {
      pair.pile.look(victim);
      changes.clear();
      long start = System.nanoTime();
      stranger.broadcast(old);
      while (!pair.pile.remedied) {
        changes.take();
        pair.pile.look(victim);
      }
      return System.nanoTime() - start;
    }
  }

  /** A pile and a driver with a channel. */
  private final class Pair {
    final Side pile;
    final Side driver;

    Pair(int number) {
      pile = new Side(number, true);
      driver = new Side(number, false);
      pile.other = driver;
      driver.other = pile;
    }

    /** The driver's commitment that the first payment revoked. */
    Transaction openAndPay() {
      pile.on(new ChannelEvent.Connected());
      driver.on(new ChannelEvent.Connected());
      driver.on(
          new ChannelEvent.Open(
              new ChannelId(ByteVector32.One), CAPACITY, Amount.ZERO, new Feerate(2500)));
      talk();
      node.mine(MINIMUM_DEPTH);
      pile.look(stranger);
      driver.look(stranger);
      talk();
      Transaction first = driver.commitment();
      pile.on(
          new ChannelEvent.ClaimEnergy(
              new SessionId(new ByteVector(new byte[16])),
              Direction.IMPORT,
              new MilliWattHours(1000),
              1000,
              new Amount(100_000_000),
              7,
              ByteVector.empty));
      talk();
      return first;
    }

    private void talk() {
      while (!pile.inbox.isEmpty() || !driver.inbox.isEmpty()) {
        Side side = pile.inbox.isEmpty() ? driver : pile;
        side.on(new ChannelEvent.Received(side.inbox.remove()));
      }
    }
  }

  private final class Side {
    final ChannelMachine machine;
    final Deque<ChannelMessage> inbox = new ArrayDeque<>();
    Side other = this;
    Channel state = Channel.NEW;
    Watches watches = Watches.NONE;
    boolean remedied;

    Side(int number, boolean metering) {
      byte[] seed = new byte[32];
      seed[0] = (byte) (metering ? 1 : 2);
      machine =
          new ChannelMachine(
              new ChannelContext(
                  signer,
                  ChannelKeys.derive(new ByteVector32(seed), number),
                  number,
                  settings(),
                  metering,
                  wallet.freshScript()));
    }

    void on(ChannelEvent event) {
      ChannelTransition transition = machine.on(state, event);
      state = transition.next();
      for (ChannelAction action : transition.actions()) {
        switch (action) {
          case ChannelAction.Send(List<ChannelMessage> messages) -> other.inbox.addAll(messages);
          case ChannelAction.BuildFunding(var script, var amount, var feerate) ->
              on(new ChannelEvent.FundingBuilt(wallet.fund(script, amount, feerate)));
          case ChannelAction.Broadcast(Transaction transaction, String purpose) -> {
            stranger.broadcast(transaction);
            remedied |= purpose.startsWith("breach remedy");
          }
          case ChannelAction.Recall(_, long number) ->
              on(new ChannelEvent.Recalled(number, List.of()));
          case ChannelAction.Watch(Watches wanted) -> watches = wanted;
          default -> {} // nothing else happens to a channel without HTLCs and with high fees
        }
      }
    }

    /** Looks until nothing new is to be watched. */
    void look(BitcoindChain chain) {
      Watches before;
      do {
        before = watches;
        on(new ChannelEvent.ChainChanged(chain.view(watches.outputs(), watches.transactions())));
      } while (!before.equals(watches));
    }

    /** The own commitment as it could be published now. */
    Transaction commitment() {
      return machine.on(state, new ChannelEvent.CloseUnilaterally("bench")).actions().stream()
          .filter(ChannelAction.Broadcast.class::isInstance)
          .map(action -> ((ChannelAction.Broadcast) action).transaction())
          .findFirst()
          .orElseThrow();
    }
  }

  private static ChannelSettings settings() {
    return new ChannelSettings(
        Network.REGTEST.genesis().value,
        new ChannelSettings.CapacityBounds(new Satoshi(20_000), new Satoshi(100_000_000)),
        new ChannelSettings.FeerateBounds(Feerate.MINIMUM_RELAY, new Feerate(50_000)),
        new Satoshi(354),
        10,
        50,
        2016,
        MINIMUM_DEPTH,
        6,
        new Amount(1000),
        new Amount(5_000_000_000L),
        30);
  }
}
