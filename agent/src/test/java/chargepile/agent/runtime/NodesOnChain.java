package chargepile.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.evm.Anvil;
import chargepile.agent.evm.EvmKey;
import chargepile.agent.evm.EvmRpc;
import chargepile.agent.evm.FeePolicy;
import chargepile.agent.evm.Finality;
import chargepile.agent.evm.TransactionSender;
import chargepile.agent.evm.VoucherChain;
import chargepile.agent.session.leg.PaymentLeg;
import chargepile.agent.session.leg.VoucherLeg;
import chargepile.agent.store.SqliteStore;
import chargepile.agent.store.Store;
import chargepile.agent.units.Amount;
import chargepile.agent.voucher.VoucherBook;
import fr.acinq.bitcoin.PrivateKey;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Pile and driver as they run in earnest, on the real contract and a real file each (P2-15). */
abstract class NodesOnChain {
  static final Amount MONEY = new Amount(1_000_000_000);
  static final PrivateKey PILE = Anvil.privateKey(1);
  static final PrivateKey DRIVER = Anvil.privateKey(0);

  @TempDir Path directory;
  final List<EvmRpc> clients = new ArrayList<>();
  Anvil anvil;
  VoucherChain chain;
  TwoNodes nodes;
  EvmVoucherLedger pileLedger;
  EvmVoucherLedger driverLedger;

  @BeforeEach
  @SuppressWarnings("NullAway.Init") // the rest comes with the channel and the nodes
  void start() throws IOException, InterruptedException {
    anvil = Anvil.still();
    chain = VoucherChain.on(anvil);
    chain.endow(account(PILE).address(), MONEY);
    chain.endow(account(DRIVER).address(), MONEY);
    nodes = new TwoNodes(TwoNodes.Terms.USUAL.with(VoucherNodesTest.DRIVER));
    nodes.pileMedium = () -> SqliteStore.open(directory.resolve("pile.db"));
    nodes.driverMedium = () -> SqliteStore.open(directory.resolve("driver.db"));
    nodes.pileLedger =
        () -> {
          pileLedger = ledger(PILE, nodes.pileStore);
          return new NodeLedger.Evm(pileLedger, ChainSide.settings(chain), PILE);
        };
    nodes.driverLedger =
        () -> {
          driverLedger = ledger(DRIVER, nodes.driverStore);
          return new NodeLedger.Evm(driverLedger, ChainSide.settings(chain), DRIVER);
        };
    nodes.start();
  }

  @AfterEach
  void stop() {
    if (nodes != null) {
      nodes.close();
    }
    clients.forEach(EvmRpc::close);
    if (anvil != null) {
      anvil.close();
    }
  }

  static EvmKey account(PrivateKey key) {
    return new EvmKey(key, TwoNodes.SIGNER);
  }

  private EvmVoucherLedger ledger(PrivateKey key, Store store) {
    EvmRpc node = anvil.rpc();
    clients.add(node);
    Finality finality = Finality.depth(2);
    EvmKey account = account(key);
    TransactionSender sender =
        new TransactionSender(
            node,
            account,
            new StoredOutbox(store, Anvil.CHAIN_ID, account.address()),
            FeePolicy.USUAL,
            finality,
            VoucherChain.reverts());
    return new EvmVoucherLedger(
        node,
        List.of(),
        chain.contract(node),
        account,
        sender,
        finality,
        new EvmVoucherLedger.Pace(Duration.ofDays(1), Duration.ofDays(2)),
        text -> {
          throw new AssertionError(text);
        });
  }

  /** A block, which both see. */
  void mine() {
    anvil.mine(1);
    pileLedger.round();
    driverLedger.round();
    nodes.run(Duration.ofSeconds(12));
  }

  void mineUntil(String what, BooleanSupplier done) {
    for (int i = 0; i < 60 && !done.getAsBoolean(); i++) {
      mine();
    }
    assertTrue(
        done.getAsBoolean(),
        () -> "%s does not come about: %s, %s".formatted(what, leg(), nodes.pile.failure()));
  }

  PaymentLeg leg() {
    return nodes.pile.state().leg(new NodeKeys(TwoNodes.seed("driver"), TwoNodes.SIGNER).nodeId());
  }

  VoucherBook book() {
    return ((VoucherLeg) leg()).channel().book().orElseThrow();
  }

  void open() {
    mineUntil("the opening", () -> leg().life() == PaymentLeg.Life.IN_USE);
    nodes.hardware.plugIn();
  }
}
