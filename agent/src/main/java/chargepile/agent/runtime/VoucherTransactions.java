package chargepile.agent.runtime;

import chargepile.agent.chain.ChainException;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.ChainTime;
import chargepile.agent.evm.ChannelViews;
import chargepile.agent.evm.DisagreeingNodesException;
import chargepile.agent.evm.EvmException;
import chargepile.agent.evm.EvmKey;
import chargepile.agent.evm.EvmNode;
import chargepile.agent.evm.OutboxEntry;
import chargepile.agent.evm.OutboxEntry.Finish;
import chargepile.agent.evm.RevertedException;
import chargepile.agent.evm.TransactionIntent;
import chargepile.agent.evm.TransactionSender;
import chargepile.agent.evm.VoucherChannelContract;
import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import chargepile.agent.voucher.OnLedger;
import chargepile.agent.voucher.Party;
import chargepile.agent.voucher.SignedClose;
import chargepile.agent.voucher.SignedLock;
import chargepile.agent.voucher.SignedVoucher;
import chargepile.agent.voucher.VoucherAction;
import chargepile.agent.voucher.VoucherEvent;
import chargepile.agent.voucher.VoucherSetup;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.Crypto;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.tinylog.Logger;

/**
 * The transactions that voucher channels ask for. A key follows from what is asked, so that asking
 * again finds the transaction that is under way.
 *
 * <p>Used by one thread at a time.
 */
final class VoucherTransactions {
  /** Before the key of every transaction of a voucher channel. */
  static final String KEYS = "voucher/";

  private static final String OPEN = "open/";
  private static final String DEPOSIT = "deposit/";

  private final ChannelViews views;
  private final VoucherChannelContract contract;
  private final TransactionSender sender;
  private final Once once;
  private final Allowances allowances;

  VoucherTransactions(
      EvmNode node,
      ChannelViews views,
      VoucherChannelContract contract,
      EvmKey account,
      TransactionSender sender) {
    this.views = views;
    this.contract = contract;
    this.sender = sender;
    this.once = new Once(views, sender);
    this.allowances = new Allowances(node, views, account, sender, once);
  }

  /**
   * Begins what is asked for.
   *
   * @throws RevertedException when the contract refuses it, and not because it is done already
   * @throws EvmException when it can't be begun now
   */
  Optional<VoucherEvent.Report> carryOut(VoucherAction.Errand errand) {
    return switch (errand) {
      case VoucherAction.Watch _ ->
          throw new IllegalArgumentException("a watch is nothing to be carried out");
      case VoucherAction.OpenOnChain(var channel, Amount deposit) -> open(channel, deposit);
      case VoucherAction.AbandonOpening(var channel) -> abandon(channel);
      case VoucherAction.RaiseDeposit(var channel, Amount total) -> raise(channel, total);
      case VoucherAction.CloseTogether(var channel, SignedClose close) -> {
        String key = "%s/%d".formatted(key("close/", channel), close.close().deadline());
        Instant latest = ChainTime.instant(close.close().deadline());
        yield inTime(
            channel,
            now -> now instanceof OnLedger.Open || now instanceof OnLedger.Closing,
            VoucherTransactions::isSettled,
            List.of(settled(channel)),
            key,
            () -> contract.cooperativeClose(key, channel, close).withDeadline(latest));
      }
      case VoucherAction.RequestClose(var channel, Optional<SignedVoucher> best) -> {
        String key = key("request/", channel);
        yield inTime(
            channel,
            now -> now instanceof OnLedger.Open,
            now -> isSettled(now) || now instanceof OnLedger.Closing,
            List.of(closing(channel), settled(channel)),
            key,
            () -> contract.requestClose(key, channel, best));
      }
      case VoucherAction.Challenge(var channel, SignedVoucher best) -> challenge(channel, best);
      case VoucherAction.Settle(var channel) -> {
        String key = key("settle/", channel);
        yield inTime(
            channel,
            OnLedger.Closing.class::isInstance,
            VoucherTransactions::isSettled,
            List.of(settled(channel)),
            key,
            () -> contract.settle(key, channel));
      }
      case VoucherAction.Claim(var channel) -> claim(channel);
      case VoucherAction.Hold(var channel, SignedLock lock) -> hold(channel, lock);
      case VoucherAction.RegisterPreimage(var channel, var preimage, long before) ->
          register(channel, preimage, ChainTime.instant(before));
      case VoucherAction.Redeem(var channel, SignedLock lock, var preimage) ->
          redeem(channel, lock, preimage);
      case VoucherAction.AskPreimage(_, var hashlock) -> Optional.of(views.preimage(hashlock));
    };
  }

  private static String key(String what, VoucherSetup channel) {
    return "%s%s%s".formatted(KEYS, what, channel.id());
  }

  /** Whether a transaction with this key takes tokens out of the account, or lets them be taken. */
  static boolean isPayment(String key) {
    return key.startsWith(KEYS + OPEN) || key.startsWith(KEYS + DEPOSIT);
  }

  private static boolean isSettled(OnLedger state) {
    return state instanceof OnLedger.Settled;
  }

  /** That the channel exists is no refusal: the next view shows it. */
  private Optional<VoucherEvent.Report> open(VoucherSetup channel, Amount deposit) {
    String key = key(OPEN, channel);
    return unlessDone(
        channel,
        now -> !(now instanceof OnLedger.Missing),
        List.of("ChannelExists("),
        key,
        () ->
            allowances.paying(
                key,
                channel,
                deposit,
                () -> contract.open(key, channel, deposit),
                permit -> contract.open(key, channel, deposit, permit)));
  }

  /** Says so once the opening can't happen any more. */
  private Optional<VoucherEvent.Report> abandon(VoucherSetup channel) {
    Optional<OutboxEntry> entry = sender.abandon(key(OPEN, channel));
    Optional<Finish> finish = entry.flatMap(OutboxEntry::finish);
    boolean over =
        entry.isEmpty() || finish.filter(end -> !(end instanceof Finish.Succeeded)).isPresent();
    if (!over || !(views.now(channel) instanceof OnLedger.Missing)) {
      return Optional.empty();
    }
    return Optional.of(
        new VoucherEvent.OpenFailed(
            finish.map(VoucherTransactions::words).orElse("nothing of it was sent")));
  }

  private static String words(Finish finish) {
    return switch (finish) {
      case Finish.Succeeded _ -> "it is done";
      case Finish.Reverted(_, _, _, String reason) -> "the contract refused it: " + reason;
      case Finish.Abandoned _ -> "it was given up in time";
      case Finish.Overtaken _ -> "another transaction of the account took its nonce";
    };
  }

  private Optional<VoucherEvent.Report> raise(VoucherSetup channel, Amount total) {
    Party own = channel.own();
    String key = "%s/%d".formatted(key(DEPOSIT, channel), total.value());
    return unlessDone(
        channel,
        now -> now instanceof OnLedger.Open open && open.deposits().of(own).compareTo(total) >= 0,
        List.of(),
        key,
        () -> {
          if (!(views.now(channel) instanceof OnLedger.Open open)) {
            throw new ChainException(
                "channel %s is not open at the moment".formatted(channel.id()));
          }
          Amount present = open.deposits().of(own);
          if (present.compareTo(total) >= 0) {
            throw new ChainException("the deposit is there already");
          }
          Amount lacking = total.minus(present);
          return allowances.paying(
              key,
              channel,
              lacking,
              () -> contract.deposit(key, channel, own, lacking),
              permit -> contract.deposit(key, channel, own, lacking, permit));
        });
  }

  private Optional<VoucherEvent.Report> challenge(VoucherSetup channel, SignedVoucher best) {
    Party payer = best.voucher().payer().equals(channel.a()) ? Party.A : Party.B;
    String what = payer == channel.own() ? "own/" : "challenge/"; // each side has its own numbers
    String key = "%s/%d".formatted(key(what, channel), best.voucher().seq());
    return inTime(
        channel,
        OnLedger.Closing.class::isInstance,
        now -> isPresented(now, payer, best.voucher().cumulative()),
        List.of("NotBetter("),
        key,
        () -> {
          TransactionIntent intent = contract.challenge(key, channel, best);
          return views.challengeEnd(channel).map(intent::withDeadline).orElse(intent);
        });
  }

  /** Of use before the lock expires and before the channel can be settled. */
  private Optional<VoucherEvent.Report> hold(VoucherSetup channel, SignedLock lock) {
    String key = "%s/%s".formatted(key("hold/", channel), lock.voucher().hashlock().toHex());
    Instant expiry = ChainTime.instant(lock.voucher().expiry());
    Instant latest = views.challengeEnd(channel).filter(end -> end.isBefore(expiry)).orElse(expiry);
    return inTime(
        channel,
        OnLedger.Closing.class::isInstance,
        now -> now instanceof OnLedger.Closing c && c.settleAfter() > expiry.getEpochSecond(),
        List.of(),
        key,
        () -> contract.hold(key, channel, lock.voucher(), lock.signature()).withDeadline(latest));
  }

  /** Of any channel: the contract refuses none, so what is public already is not sent. */
  private Optional<VoucherEvent.Report> register(
      VoucherSetup channel, ByteVector32 preimage, Instant before) {
    ByteVector32 hashlock = new ByteVector32(Crypto.sha256(preimage));
    if (!isPublic(hashlock)) {
      String key = KEYS + "preimage/" + hashlock.toHex();
      once.beginInTime(
          key,
          channel.challengePeriod(),
          () -> contract.registeredAt(hashlock, BlockRef.LATEST).isEmpty(),
          () -> contract.registerPreimage(key, preimage).withDeadline(before));
    }
    return Optional.empty();
  }

  /** Where nobody knows, it is sent: again does no harm, and not at all may cost the payment. */
  private boolean isPublic(ByteVector32 hashlock) {
    try {
      return contract.registeredAt(hashlock, BlockRef.LATEST).isPresent();
    } catch (DisagreeingNodesException e) {
      Logger.debug("whether a preimage is public is disputed: {}", e.getMessage());
      return false;
    }
  }

  private Optional<VoucherEvent.Report> redeem(
      VoucherSetup channel, SignedLock lock, ByteVector32 preimage) {
    String key = "%s/%s".formatted(key("redeem/", channel), lock.voucher().hashlock().toHex());
    return inTime(
        channel,
        OnLedger.Closing.class::isInstance,
        now -> isPresented(now, channel.own().other(), lock.voucher().cumulative()),
        List.of("NotBetter("),
        key,
        () -> {
          TransactionIntent intent =
              contract.redeem(key, channel, lock.voucher(), lock.signature(), preimage);
          return views.challengeEnd(channel).map(intent::withDeadline).orElse(intent);
        });
  }

  /** Whether so much of a side's vouchers was presented. */
  private static boolean isPresented(OnLedger now, Party payer, Amount wanted) {
    return now instanceof OnLedger.Closing closing && closing.paidBy(payer).compareTo(wanted) >= 0;
  }

  private Optional<VoucherEvent.Report> claim(VoucherSetup channel) {
    EvmAddress own = channel.ownAddress();
    String key = key("claim/", channel);
    return unlessDone(
        channel,
        now ->
            now instanceof OnLedger.Settled end && end.owed().of(channel.own()).equals(Amount.ZERO),
        List.of("NothingOwed("),
        key,
        () -> contract.claim(key, channel.token(), own));
  }

  /**
   * What must be done before a deadline, at the latest: once it failed in the last block it is sent
   * anew, as long as that block shows it to be lacking.
   *
   * @param isOpen whether the contract takes it in such a state
   */
  private Optional<VoucherEvent.Report> inTime(
      VoucherSetup channel,
      Predicate<OnLedger> isOpen,
      Predicate<OnLedger> isDone,
      List<String> words,
      String key,
      Supplier<TransactionIntent> intent) {
    return begun(
        channel,
        isDone,
        words,
        key,
        () ->
            once.beginInTime(
                key,
                channel.challengePeriod(),
                () -> isOpen.and(isDone.negate()).test(views.now(channel)),
                intent));
  }

  /** What can wait until a failure is final. */
  private Optional<VoucherEvent.Report> unlessDone(
      VoucherSetup channel,
      Predicate<OnLedger> isDone,
      List<String> words,
      String key,
      Supplier<TransactionIntent> intent) {
    return begun(
        channel, isDone, words, key, () -> once.begin(key, channel.challengePeriod(), intent));
  }

  /**
   * Refused because it is done is no refusal: the next view shows it. Nodes try a call on top of
   * what waits for a block, so the contract's words may be ahead of its state at the head.
   *
   * @param words with which the contract refuses what is done
   */
  private Optional<VoucherEvent.Report> begun(
      VoucherSetup channel,
      Predicate<OnLedger> isDone,
      List<String> words,
      String key,
      Runnable begin) {
    try {
      begin.run();
    } catch (RevertedException e) {
      if (words.stream().noneMatch(e.reason()::startsWith) && !isDone.test(views.now(channel))) {
        throw e;
      }
      Logger.debug("{} is done already: {}", key, e.reason());
    }
    return Optional.empty();
  }

  private static String closing(VoucherSetup channel) {
    return "WrongState(0x%s, 2)".formatted(channel.id());
  }

  private static String settled(VoucherSetup channel) {
    return "WrongState(0x%s, 3)".formatted(channel.id());
  }
}
