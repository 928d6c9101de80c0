package chargepile.agent.cli.market.chain;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.EvmKey;
import chargepile.agent.evm.EvmNode;
import chargepile.agent.evm.EvmOutbox;
import chargepile.agent.evm.EvmReceipt;
import chargepile.agent.evm.OutboxEntry;
import chargepile.agent.evm.RevertedException;
import chargepile.agent.evm.TransactionIntent;
import chargepile.agent.evm.TransactionSender;
import chargepile.agent.evm.UnreachableNodeException;
import chargepile.agent.evm.Wei;
import chargepile.agent.units.EvmAddress;
import fr.acinq.bitcoin.PrivateKey;
import java.util.List;
import java.util.function.Consumer;

/**
 * An account from which a person acts. Its transactions are told from those of the account's own
 * program, which a command looks after and never forgets: the program would send them again.
 */
public final class ByHand {
  private static final String KEYS = "hand/";

  private static final List<String> CONTRACTS =
      List.of(
          "OrderBook",
          "QuoteBook",
          "OfferBoard",
          "ReviewBoard",
          "Registry",
          "VoucherChannel",
          "EnergyAccountToken");

  private final PrivateKey secret;
  private final EvmKey key;
  private final NodeOptions.Reached chain;
  private final TransactionSender sender;
  private final Carrying carrying;

  private ByHand(
      PrivateKey secret,
      EvmKey key,
      NodeOptions.Reached chain,
      TransactionSender sender,
      Carrying carrying) {
    this.secret = secret;
    this.key = key;
    this.chain = chain;
    this.sender = sender;
    this.carrying = carrying;
  }

  /** What was begun before is looked after first. */
  static ByHand open(
      NodeOptions.Reached chain,
      PrivateKey secret,
      EvmKey key,
      EvmOutbox outbox,
      Consumer<String> waits) {
    TransactionSender sender = chain.sender(key, outbox, CONTRACTS);
    var standing = sender.advance();
    for (OutboxEntry entry : outbox.entries()) {
      String name = entry.intent().key();
      if (name.startsWith(KEYS) && standing.containsKey(name) && entry.finish().isPresent()) {
        sender.forget(name);
      }
    }
    return new ByHand(
        secret, key, chain, sender, new Carrying(chain.node(), sender, Carrying.PAUSE, waits));
  }

  public EvmAddress address() {
    return key.address();
  }

  /** For signatures that travel without a transaction. */
  public PrivateKey secret() {
    return secret;
  }

  /** The nonce of what is sent next, where nothing waits: it tells one occasion from the next. */
  public long next() {
    return node().nonce(address(), BlockRef.LATEST);
  }

  public EvmNode node() {
    return chain.node();
  }

  /**
   * Carries a transaction into a block. What the contract would refuse is not sent. The same again,
   * while it is not final, is the same transaction.
   */
  public EvmReceipt done(TransactionIntent intent)
      throws CommandFailedException, InterruptedException {
    return carrying.mined(own(intent));
  }

  /** Whether it was decided on, and is not final yet. */
  public boolean isBegun(TransactionIntent intent) {
    return sender.entry(own(intent).key()).isPresent();
  }

  /**
   * What a transaction would take at the present price, and sends nothing.
   *
   * @throws CommandFailedException when the contract would refuse it
   */
  public Cost cost(TransactionIntent intent) throws CommandFailedException {
    TransactionIntent tried;
    try {
      tried = sender.rehearsed(own(intent));
    } catch (UnreachableNodeException e) {
      throw e;
    } catch (RevertedException e) {
      throw new CommandFailedException(
          "the contract would refuse the %s: %s".formatted(intent.purpose(), e.reason()), e);
    }
    return cost(tried.gasLimit().orElseThrow());
  }

  /** What so much gas takes at the present price. */
  public Cost cost(long gas) {
    Wei price = node().feeHistory(1).nextBaseFee().plus(chain.fees().leastTip());
    return new Cost(gas, price.times(gas));
  }

  /**
   * What is paid for a transaction.
   *
   * @param gas at most
   */
  public record Cost(long gas, Wei coins) {}

  private static TransactionIntent own(TransactionIntent of) {
    return new TransactionIntent(
        KEYS + of.key(),
        of.purpose(),
        of.to(),
        of.data(),
        of.value(),
        of.gasLimit(),
        of.deadline());
  }

  @Override
  public String toString() {
    return "ByHand[%s]".formatted(address());
  }
}
