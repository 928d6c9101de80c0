package chargepile.agent.cli.demo;

import chargepile.agent.chain.Chain;
import chargepile.agent.chain.FeerateBounds;
import chargepile.agent.chain.Network;
import chargepile.agent.chain.Wallet;
import chargepile.agent.chain.bitcoind.BitcoindChain;
import chargepile.agent.chain.bitcoind.BitcoindWallet;
import chargepile.agent.chain.bitcoind.PrivateNode;
import chargepile.agent.chain.bitcoind.ReservedCoins;
import chargepile.agent.channel.ChainView;
import chargepile.agent.cli.node.Closings;
import fr.acinq.bitcoin.BlockHash;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A Bitcoin node on regtest that the demo starts, mines on and stops. */
final class BitcoindDemoChain implements BitcoinDemoChain {
  /** A coinbase may be spent as many blocks later. */
  private static final int MATURITY = 100;

  /** A chain of its own knows no fees: pay what the demo's terms say. */
  private static final FeerateBounds FEERATES =
      new FeerateBounds(BitcoinDemo.FEERATE, BitcoinDemo.FEERATE, BitcoinDemo.FEERATE);

  private final Closings closings = new Closings();
  private final Map<DemoWorld.Who, BitcoindWallet> wallets = new EnumMap<>(DemoWorld.Who.class);
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final Set<TxId> known = ConcurrentHashMap.newKeySet();
  private final PrivateNode node;
  private final BitcoindChain adapter;
  private final String name;

  private BitcoindDemoChain(PrivateNode node) {
    this.node = closings.add(node);
    try {
      for (DemoWorld.Who who : DemoWorld.Who.values()) {
        wallets.put(who, closings.add(richWallet(who)));
      }
      node.mine(MATURITY);
      name = "bitcoind %s at %s".formatted(node.version(), node.endpoint().url());
      adapter =
          closings.add(
              new BitcoindChain(node.endpoint(), Network.REGTEST, FEERATES, Optional.empty()));
    } catch (RuntimeException e) {
      closings.close();
      throw e;
    }
  }

  /** Starts a node; {@code program} empty looks for one. */
  static BitcoindDemoChain start(Optional<Path> program)
      throws DemoFailedException, InterruptedException {
    Path bitcoind =
        program
            .or(PrivateNode::find)
            .orElseThrow(
                () ->
                    new DemoFailedException(
                        "no bitcoind on the PATH nor beside the program: install Bitcoin Core or"
                            + " Bitcoin Knots, let the build unpack one, or name one with"
                            + " --bitcoind"));
    try {
      return new BitcoindDemoChain(PrivateNode.start(bitcoind, List.of()));
    } catch (IOException e) {
      throw new DemoFailedException(
          e.getMessage() + "; give another one with --bitcoind, or leave --chain out", e);
    }
  }

  private BitcoindWallet richWallet(DemoWorld.Who who) {
    String wallet = who.name().toLowerCase(Locale.ROOT);
    node.createWallet(wallet);
    BitcoindWallet rich = new BitcoindWallet(node.endpoint(), wallet, ReservedCoins.UNKEPT);
    node.mineTo(rich.freshScript(), 1);
    return rich;
  }

  /** The node as pile and driver see it: told of every change, once by the demo and once by it. */
  private final class Told implements Chain {
    @Override
    public BlockHash genesis() {
      return adapter.genesis();
    }

    @Override
    public ChainView view(Set<OutPoint> outputs, Set<TxId> transactions) {
      return adapter.view(outputs, transactions);
    }

    @Override
    public void broadcast(Transaction transaction) {
      adapter.broadcast(transaction);
      tell(List.of(transaction));
    }

    @Override
    public void broadcast(List<Transaction> transactions) {
      adapter.broadcast(transactions);
      tell(transactions);
    }

    /** Whoever waits for one hears of it, and says it again. */
    private void tell(List<Transaction> transactions) {
      boolean fresh = false;
      for (Transaction transaction : transactions) {
        fresh |= known.add(transaction.txid);
      }
      if (fresh) {
        listeners.forEach(Runnable::run);
      }
    }

    @Override
    public void expect(Set<OutPoint> outputs, Set<TxId> transactions) {
      adapter.expect(outputs, transactions);
    }

    @Override
    public AutoCloseable onChange(Runnable listener) {
      AutoCloseable subscription = adapter.onChange(listener);
      listeners.add(listener);
      return () -> {
        listeners.remove(listener);
        subscription.close();
      };
    }
  }

  @Override
  public Chain chain() {
    return new Told();
  }

  @Override
  public Wallet wallet(DemoWorld.Who who, ByteVector32 seed) {
    return Objects.requireNonNull(wallets.get(who));
  }

  @Override
  public void mine(int blocks) {
    for (int i = 0; i < blocks; i++) {
      node.mine(1);
      listeners.forEach(Runnable::run);
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void close() {
    closings.close();
  }
}
