package chargepile.agent.runtime;

import chargepile.agent.chain.ChainException;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.ChannelViews;
import chargepile.agent.evm.EvmKey;
import chargepile.agent.evm.EvmNode;
import chargepile.agent.evm.OutboxEntry;
import chargepile.agent.evm.RefusedByNodeException;
import chargepile.agent.evm.TokenContract;
import chargepile.agent.evm.TransactionIntent;
import chargepile.agent.evm.TransactionSender;
import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import chargepile.agent.voucher.VoucherSetup;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What a contract takes from the account must be approved: by what it is allowed already, by a
 * permit in the same transaction (EIP-2612), or, where the token knows none, by a transaction
 * before it.
 *
 * <p>Used by one thread at a time.
 */
final class Allowances {
  /** A transaction that waits longer than this with its permit has to be decided on anew. */
  private static final Duration PERMIT_LIFE = Duration.ofDays(30);

  private static final long APPROVE_GAS = 100_000;
  private static final String APPROVAL = "/approval";

  private final EvmNode node;
  private final ChannelViews views;
  private final EvmKey account;
  private final TransactionSender sender;
  private final Once once;

  Allowances(
      EvmNode node, ChannelViews views, EvmKey account, TransactionSender sender, Once once) {
    this.node = node;
    this.views = views;
    this.account = account;
    this.sender = sender;
    this.once = once;
  }

  /**
   * The transaction that pays an amount into a channel.
   *
   * @param key of that transaction
   * @throws ChainException while it has to wait for another transaction
   */
  TransactionIntent paying(
      String key,
      VoucherSetup channel,
      Amount amount,
      Supplier<TransactionIntent> allowed,
      Function<TokenContract.Permit, TransactionIntent> permitted) {
    awaitOtherPayments(key);
    TokenContract token = new TokenContract(node, channel.token());
    EvmAddress spender = channel.domain().contract();
    if (token.allowance(account.address(), spender, BlockRef.LATEST).compareTo(amount) >= 0) {
      return allowed.get();
    }
    Optional<TokenContract.Permit> permit = permit(token, spender, amount);
    if (permit.isPresent()) {
      return permitted.apply(permit.get());
    }
    String approval = key + APPROVAL;
    once.begin(
        approval,
        channel.challengePeriod(),
        () -> token.approve(approval, spender, amount).withGasLimit(APPROVE_GAS));
    throw new ChainException("it waits for the approval of %,d units".formatted(amount.value()));
  }

  private Optional<TokenContract.Permit> permit(
      TokenContract token, EvmAddress spender, Amount amount) {
    long deadline = views.head().time().plus(PERMIT_LIFE).getEpochSecond();
    try {
      return Optional.of(token.permit(account, spender, amount, deadline));
    } catch (RefusedByNodeException e) {
      if (e.isRevert()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Two at once would share an allowance, or the number of a permit. */
  private void awaitOtherPayments(String key) {
    long used = node.nonce(account.address(), BlockRef.LATEST);
    for (OutboxEntry entry : sender.decided()) {
      String other = entry.intent().key();
      boolean pays =
          VoucherTransactions.isPayment(other)
              && !other.equals(key)
              && !other.equals(key + APPROVAL);
      if (pays && entry.finish().isEmpty() && entry.nonce() >= used) {
        throw new ChainException("it waits for the " + entry.intent());
      }
    }
  }
}
