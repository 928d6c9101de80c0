package chargepile.agent.cli.demo;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.market.chain.Carrying;
import chargepile.agent.crypto.Signer;
import chargepile.agent.evm.ContractArtifact;
import chargepile.agent.evm.EvmKey;
import chargepile.agent.evm.EvmNode;
import chargepile.agent.evm.EvmOutbox;
import chargepile.agent.evm.EvmReceipt;
import chargepile.agent.evm.FeePolicy;
import chargepile.agent.evm.Finality;
import chargepile.agent.evm.PrivateAnvil;
import chargepile.agent.evm.TokenContract;
import chargepile.agent.evm.TransactionIntent;
import chargepile.agent.evm.TransactionSender;
import chargepile.agent.evm.Wei;
import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.PrivateKey;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.tinylog.Logger;

/** The private chain of a demo, whose accounts have what they need and whose clock it moves. */
final class EvmDemoChain implements AutoCloseable {
  /** On a chain where nobody else mines, a block is as final as it gets. */
  static final Finality FINALITY = Finality.depth(1);

  private static final Duration PAUSE = Duration.ofMillis(5);
  private static final Wei COINS = Wei.ofGwei(100_000_000_000L);

  /** Answers 6 to everything: the decimals, which are all that is asked of it. */
  private static final ByteVector SAYS_6 = ByteVector.fromHex("60065f5260205ff3");

  private static final EvmAddress MINT = EvmAddress.of("0x" + "0".repeat(36) + "d011");

  private final PrivateAnvil anvil;
  private final EvmNode node;
  private final Signer signer;
  private long gas;

  private EvmDemoChain(PrivateAnvil anvil, Signer signer) {
    this.anvil = anvil;
    this.node = anvil.node();
    this.signer = signer;
  }

  /** Starts one; {@code program} empty looks for it. */
  static EvmDemoChain start(Optional<Path> program, Signer signer)
      throws DemoFailedException, InterruptedException {
    Path anvil =
        program
            .or(PrivateAnvil::find)
            .orElseThrow(
                () ->
                    new DemoFailedException(
                        "no anvil on the PATH nor beside the program: install Foundry, let the"
                            + " build fetch it (it needs npm), or name the program with --anvil"));
    try {
      return new EvmDemoChain(PrivateAnvil.start(anvil), signer);
    } catch (IOException e) {
      throw new DemoFailedException(e.getMessage() + "; give another one with --anvil", e);
    }
  }

  /**
   * An account that has coins of the chain.
   *
   * @param outbox where what it sends is kept
   */
  Purse purse(PrivateKey secret, EvmOutbox outbox) {
    EvmKey key = new EvmKey(secret, signer);
    anvil.setBalance(key.address(), COINS);
    TransactionSender sender =
        new TransactionSender(
            node,
            key,
            outbox,
            FeePolicy.USUAL,
            FINALITY,
            ContractArtifact.reverts(
                ContractArtifact.load("Registry"),
                ContractArtifact.load("EnergyAccountToken"),
                ContractArtifact.load("VoucherChannel"),
                ContractArtifact.load("OrderBook"),
                ContractArtifact.load("ReviewBoard"),
                ContractArtifact.load("OfferBoard"),
                ContractArtifact.load("SettlementLog")));
    return new Purse(
        key, outbox, sender, new Carrying(node, sender, PAUSE, why -> Logger.debug("{}", why)));
  }

  /** An account with all that sends from it. */
  final class Purse {
    private final EvmKey key;
    private final EvmOutbox outbox;
    private final TransactionSender sender;
    private final Carrying carrying;

    Purse(EvmKey key, EvmOutbox outbox, TransactionSender sender, Carrying carrying) {
      this.key = key;
      this.outbox = outbox;
      this.sender = sender;
      this.carrying = carrying;
    }

    EvmKey key() {
      return key;
    }

    EvmAddress address() {
      return key.address();
    }

    EvmOutbox outbox() {
      return outbox;
    }

    TransactionSender sender() {
      return sender;
    }

    Carrying carrying() {
      return carrying;
    }

    /** Sends something, which must work. */
    EvmReceipt done(TransactionIntent intent) throws DemoFailedException, InterruptedException {
      try {
        EvmReceipt receipt = carrying.done(intent);
        gas += receipt.gasUsed();
        return receipt;
      } catch (CommandFailedException e) {
        throw new DemoFailedException(String.valueOf(e.getMessage()), e);
      }
    }
  }

  /** A token that stands for money from outside, of 6 decimals; the chain itself gives it. */
  TokenContract money(Purse by) throws DemoFailedException, InterruptedException {
    anvil.setCode(MINT, SAYS_6);
    EvmReceipt made =
        by.done(ContractArtifact.load("EnergyAccountToken").creation("demo/money", MINT));
    return new TokenContract(node, made.contract().orElseThrow());
  }

  /** Gives somebody money, who puts it into its energy account by itself (P2-14). */
  void fund(Purse purse, TokenContract money, TokenContract account, Amount amount)
      throws DemoFailedException, InterruptedException {
    anvil.give(money.address(), purse.address(), amount);
    EvmReceipt unused = purse.done(money.approve("demo/approve", account.address(), amount));
    unused = purse.done(account.deposit("demo/deposit", amount, purse.address()));
  }

  EvmNode node() {
    return node;
  }

  /** Puts the clock forward by a block. */
  void pass(Duration time) {
    anvil.passTime(time);
  }

  void mine() {
    anvil.mine();
  }

  /** What the demo itself has sent so far. */
  long gas() {
    return gas;
  }

  /** For people. */
  String name() {
    return "%s, chain %d".formatted(anvil.version(), PrivateAnvil.CHAIN_ID);
  }

  @Override
  public void close() {
    node.close();
    anvil.close();
  }
}
