package chargepile.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.chain.ChainException;
import chargepile.agent.chain.RejectedException;
import chargepile.agent.evm.EvmKey;
import chargepile.agent.evm.EvmNode;
import chargepile.agent.evm.EvmOutbox;
import chargepile.agent.evm.FeePolicy;
import chargepile.agent.evm.Finality;
import chargepile.agent.evm.TransactionSender;
import chargepile.agent.evm.VoucherChain;
import chargepile.agent.store.SqliteStore;
import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import chargepile.agent.voucher.ChainView;
import chargepile.agent.voucher.SignedVoucher;
import chargepile.agent.voucher.VoucherAction;
import chargepile.agent.voucher.VoucherBook;
import chargepile.agent.voucher.VoucherChannel;
import chargepile.agent.voucher.VoucherContext;
import chargepile.agent.voucher.VoucherEvent;
import chargepile.agent.voucher.VoucherMachine;
import chargepile.agent.voucher.VoucherNotice;
import chargepile.agent.voucher.VoucherSettings;
import chargepile.agent.voucher.VoucherStage;
import chargepile.agent.voucher.VoucherTransition;
import chargepile.agent.voucher.Watching;
import chargepile.agent.voucher.codec.VoucherChannelCodec;
import chargepile.agent.voucher.wire.VoucherMessage;
import fr.acinq.bitcoin.PrivateKey;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** One side of a voucher channel on the real contract: machine, store and ledger. */
final class ChainSide implements AutoCloseable {
  static final Duration CHALLENGE = Duration.ofHours(2);
  static final Amount MONEY = new Amount(1_000_000);

  /** Rounds are asked for by hand. */
  private static final EvmVoucherLedger.Pace BY_HAND =
      new EvmVoucherLedger.Pace(Duration.ofDays(1), Duration.ofDays(2));

  /** A node, and the single ones in it where there are two. */
  record Nodes(EvmNode node, List<EvmNode> witnesses) {
    static Nodes one(EvmNode node) {
      return new Nodes(node, List.of());
    }
  }

  final EvmKey account;
  final Deque<VoucherMessage> said = new ArrayDeque<>();
  final List<VoucherNotice> told = new ArrayList<>();
  final List<SignedVoucher> received = new ArrayList<>();
  final List<String> refused = new ArrayList<>();
  final List<String> postponed = new ArrayList<>();
  final List<String> alerts = new ArrayList<>();
  final VoucherMachine machine;
  VoucherChannel state = VoucherChannel.NEW;

  private final VoucherChain chain;
  private final Path file;
  private final Finality finality;
  private Supplier<Nodes> nodes;
  private EvmVoucherLedger.Pace pace = BY_HAND;
  private Executor searches = Runnable::run;
  private byte[] stored = VoucherChannelCodec.encode(VoucherChannel.NEW);
  private Nodes open;
  private SqliteStore store;
  EvmOutbox outbox;
  TransactionSender sender;
  EvmVoucherLedger ledger;

  ChainSide(
      VoucherChain chain,
      Path file,
      PrivateKey key,
      boolean metering,
      Finality finality,
      Supplier<Nodes> nodes) {
    this.chain = chain;
    this.file = file;
    this.finality = finality;
    this.nodes = nodes;
    this.account = new EvmKey(key, TwoNodes.SIGNER);
    this.machine =
        new VoucherMachine(new VoucherContext(TwoNodes.SIGNER, key, settings(chain), metering));
    chain.endow(account.address(), MONEY);
    open = nodes.get();
    store = SqliteStore.open(file);
    outbox = outbox();
    sender = sender();
    ledger = ledger();
  }

  static VoucherSettings settings(VoucherChain chain) {
    return new VoucherSettings(
        chain.domain(),
        chain.token(),
        CHALLENGE,
        VoucherChain.SHORTEST,
        Duration.ofDays(7),
        new Amount(1000),
        Duration.ofMinutes(30));
  }

  private EvmOutbox outbox() {
    return new StoredOutbox(store, chain.domain().chainId(), account.address());
  }

  private TransactionSender sender() {
    return new TransactionSender(
        open.node(),
        account,
        outbox,
        FeePolicy.USUAL,
        finality,
        VoucherChain.reverts(),
        EvmVoucherLedger::isOther);
  }

  private EvmVoucherLedger ledger() {
    return new EvmVoucherLedger(
        open.node(),
        open.witnesses(),
        chain.contract(open.node()),
        account,
        sender,
        finality,
        pace,
        alerts::add,
        searches);
  }

  EvmAddress address() {
    return account.address();
  }

  Amount balance() {
    return chain.balance(address());
  }

  VoucherBook book() {
    return state.book().orElseThrow();
  }

  /** Of all that was sent and not forgotten, by nonce. */
  List<String> keys() {
    return outbox.entries().stream().map(entry -> entry.intent().key()).toList();
  }

  <S extends VoucherStage> S stage(Class<S> kind) {
    assertTrue(kind.isInstance(state.stage()), () -> "it is in " + state.stage());
    return kind.cast(state.stage());
  }

  /** The program is gone, and starts again with what its file holds. */
  void restart() {
    store.close();
    open.node().close();
    open = nodes.get();
    store = SqliteStore.open(file);
    outbox = outbox();
    sender = sender();
    ledger = ledger();
    state = VoucherChannelCodec.decode(stored);
  }

  /** Starts again with other nodes. */
  void through(Supplier<Nodes> others) {
    nodes = others;
    restart();
  }

  /** Starts again with another pace. */
  void pace(EvmVoucherLedger.Pace other) {
    pace = other;
    restart();
  }

  /** Starts again, and asks what may take long elsewhere. */
  void searchingOn(Executor thread) {
    searches = thread;
    restart();
  }

  /** The same with an outbox that was never written: the file comes from an old backup. */
  void loseOutbox() {
    store.evmTransactions().forEach(row -> store.removeEvmTransaction(row.key()));
    restart();
  }

  void on(VoucherEvent event) {
    VoucherTransition transition = machine.on(state, event);
    state = transition.next();
    for (VoucherAction action : transition.actions()) {
      switch (action) {
        case VoucherAction.Store _ -> stored = VoucherChannelCodec.encode(state);
        case VoucherAction.Send(var messages) -> said.addAll(messages);
        case VoucherAction.Watch _ -> {}
        case VoucherAction.Errand errand -> carryOut(errand);
        case VoucherAction.Notify(var notice) -> told.add(notice);
        case VoucherAction.Alert(String text) -> alerts.add(text);
      }
    }
    state
        .book()
        .flatMap(VoucherBook::received)
        .filter(last -> received.isEmpty() || !received.getLast().equals(last))
        .ifPresent(received::add);
  }

  private void carryOut(VoucherAction.Errand errand) {
    try {
      ledger.carryOut(errand).ifPresent(this::on);
    } catch (RejectedException e) {
      refused.add(errand.getClass().getSimpleName() + ": " + e.getMessage());
      if (errand instanceof VoucherAction.OpenOnChain) {
        on(new VoucherEvent.OpenFailed(String.valueOf(e.getMessage())));
      }
    } catch (ChainException e) {
      postponed.add(errand.getClass().getSimpleName() + ": " + e.getMessage());
    }
  }

  /** Looks after what was sent, and at the chain; what can't be seen is not reported. */
  void look() {
    ledger.round();
    Watching.of(state.stage())
        .ifPresent(
            channel -> {
              try {
                ChainView view = ledger.view(channel);
                on(new VoucherEvent.ChainChanged(view));
              } catch (ChainException e) {
                postponed.add("view: " + e.getMessage());
              }
              ledger.hints(channel).forEach(shown -> on(new VoucherEvent.EndHinted(shown)));
            });
  }

  @Override
  public void close() {
    store.close();
    open.node().close();
  }
}
