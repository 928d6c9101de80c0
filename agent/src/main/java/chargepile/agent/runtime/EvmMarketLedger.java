package chargepile.agent.runtime;

import chargepile.agent.chain.ChainException;
import chargepile.agent.chain.RejectedException;
import chargepile.agent.crypto.EvmSignature;
import chargepile.agent.crypto.Signer;
import chargepile.agent.evm.EvmException;
import chargepile.agent.evm.EvmKey;
import chargepile.agent.evm.OutboxEntry;
import chargepile.agent.evm.RevertedException;
import chargepile.agent.evm.TransactionSender;
import chargepile.agent.evm.Wei;
import chargepile.agent.market.desk.DeskAction;
import chargepile.agent.market.desk.MarketView;
import chargepile.agent.market.desk.OrderView;
import chargepile.agent.market.order.PileId;
import chargepile.agent.market.order.eip712.OrderDomain;
import chargepile.agent.market.order.eip712.OrderKey;
import chargepile.agent.market.order.eip712.PaidReceipt;
import chargepile.agent.units.Amount;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.PrivateKey;
import fr.acinq.bitcoin.PublicKey;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The market's contracts on a real chain, for one account. What was sent is in the sender's outbox;
 * all else is asked of the chain.
 */
public final class EvmMarketLedger implements MarketLedger {
  private final MarketReading reading;
  private final MarketTransactions transactions;
  private final TransactionSender sender;
  private final Function<Runnable, AutoCloseable> blocks;
  private final OrderDomain domain;
  private final Signer signer;
  private final PrivateKey secret;

  /** Of the last view. */
  private volatile List<OrderView> orders = List.of();

  private EvmMarketLedger(
      MarketReading reading,
      MarketTransactions transactions,
      TransactionSender sender,
      Function<Runnable, AutoCloseable> blocks,
      OrderDomain domain,
      Signer signer,
      PrivateKey secret) {
    this.reading = reading;
    this.transactions = transactions;
    this.sender = sender;
    this.blocks = blocks;
    this.domain = domain;
    this.signer = signer;
    this.secret = secret;
  }

  /**
   * A pile's, that sells for itself.
   *
   * @param sender alone sends from the account of {@code keys}, for whatever purpose
   * @param reserve what the account keeps for the gas of its channels: no action that begins
   *     something touches it
   * @param blocks tells of new blocks and looks after what was sent, such as {@link
   *     EvmVoucherLedger#onChange}
   */
  public static EvmMarketLedger ofPile(
      MarketContracts contracts,
      NodeKeys keys,
      TransactionSender sender,
      Supplier<Wei> reserve,
      Function<Runnable, AutoCloseable> blocks) {
    return of(
        contracts,
        keys.accountKey(),
        keys.signer(),
        sender,
        reserve,
        Optional.of(keys.meterKey()),
        Map.of(),
        false,
        blocks);
  }

  /** A driver's, that buys for itself and keeps no reserve; otherwise as a pile's. */
  public static EvmMarketLedger ofDriver(
      MarketContracts contracts,
      NodeKeys keys,
      TransactionSender sender,
      Function<Runnable, AutoCloseable> blocks) {
    return of(contracts, keys, sender, Map.of(), false, blocks);
  }

  /**
   * An agency's, that reviews.
   *
   * @param meters the registered keys of the meters of the piles whose orders it reviews
   */
  public static EvmMarketLedger ofAgency(
      MarketContracts contracts,
      NodeKeys keys,
      TransactionSender sender,
      Map<PileId, PublicKey> meters,
      Function<Runnable, AutoCloseable> blocks) {
    return of(contracts, keys, sender, meters, true, blocks);
  }

  /** An agency's whose account is no node's; otherwise as above. */
  public static EvmMarketLedger ofAgency(
      MarketContracts contracts,
      PrivateKey account,
      Signer signer,
      TransactionSender sender,
      Map<PileId, PublicKey> meters,
      Function<Runnable, AutoCloseable> blocks) {
    return of(
        contracts, account, signer, sender, () -> Wei.ZERO, Optional.empty(), meters, true, blocks);
  }

  private static EvmMarketLedger of(
      MarketContracts contracts,
      NodeKeys keys,
      TransactionSender sender,
      Map<PileId, PublicKey> meters,
      boolean reviews,
      Function<Runnable, AutoCloseable> blocks) {
    return of(
        contracts,
        keys.accountKey(),
        keys.signer(),
        sender,
        () -> Wei.ZERO,
        Optional.empty(),
        meters,
        reviews,
        blocks);
  }

  static EvmMarketLedger of(
      MarketContracts contracts,
      PrivateKey secret,
      Signer signer,
      TransactionSender sender,
      Supplier<Wei> reserve,
      Optional<PrivateKey> meter,
      Map<PileId, PublicKey> meters,
      boolean reviews,
      Function<Runnable, AutoCloseable> blocks) {
    EvmKey account = new EvmKey(secret, signer);
    return new EvmMarketLedger(
        new MarketReading(
            contracts,
            account.address(),
            reviews ? Optional.of(meters.keySet()) : Optional.empty(),
            sender.finality()),
        new MarketTransactions(contracts, account, sender, reserve, signer, meter, meters),
        sender,
        blocks,
        contracts.orders().domain(),
        signer,
        secret);
  }

  @Override
  public MarketView view() {
    return asked(
        () -> {
          List<OutboxEntry> decided = sender.decided(); // before the block: none is overlooked
          MarketView view = reading.view(decided);
          orders = view.orders();
          return view;
        });
  }

  @Override
  public void carryOut(DeskAction action) {
    asked(
        () -> {
          transactions.carryOut(action, reading.head(), orders);
          return true;
        });
  }

  private static <T> T asked(Supplier<T> question) {
    try {
      return question.get();
    } catch (RevertedException e) {
      throw new RejectedException(e.reason());
    } catch (EvmException e) {
      throw new ChainException(Objects.toString(e.getMessage(), "no answer"), e);
    }
  }

  @Override
  public ByteVector receipt(OrderKey order, Amount paid) {
    return domain.sign(signer, new PaidReceipt(order, paid), secret).bytes();
  }

  @Override
  public boolean isReceipt(OrderView order, Amount paid, ByteVector signature) {
    try {
      return domain.isSigned(
          signer,
          new PaidReceipt(order.key(), paid),
          EvmSignature.of(signature),
          order.deal().seller());
    } catch (IllegalArgumentException e) {
      return false; // no signature at all
    }
  }

  @Override
  public AutoCloseable onChange(Runnable listener) {
    return blocks.apply(listener);
  }
}
