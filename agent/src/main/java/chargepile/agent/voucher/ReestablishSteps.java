package chargepile.agent.voucher;

import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import chargepile.agent.units.VoucherChannelId;
import chargepile.agent.voucher.VoucherChannel.Link;
import chargepile.agent.voucher.VoucherStage.AwaitingReady;
import chargepile.agent.voucher.VoucherStage.Closing;
import chargepile.agent.voucher.VoucherStage.DataLost;
import chargepile.agent.voucher.VoucherStage.Established;
import chargepile.agent.voucher.VoucherStage.Normal;
import chargepile.agent.voucher.wire.VoucherMessage.LockProof;
import chargepile.agent.voucher.wire.VoucherMessage.VoucherError;
import chargepile.agent.voucher.wire.VoucherMessage.VoucherReestablish;
import fr.acinq.bitcoin.ByteVector;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Taking up a channel after a lost link: both say the latest voucher that they signed and the
 * latest that they hold, and each sees who lacks what, and who lost data.
 */
final class ReestablishSteps {
  private final VoucherContext context;
  private final Predicate<VoucherChannelId> known;
  private final VoucherExchange exchange;
  private final OpeningSteps opening;
  private final PayingSteps paying;
  private final OfferedLockSteps offered;
  private final EndingSteps ending;
  private final SettlingSteps settling;

  ReestablishSteps(
      VoucherContext context,
      Predicate<VoucherChannelId> known,
      VoucherExchange exchange,
      OpeningSteps opening,
      PayingSteps paying,
      OfferedLockSteps offered,
      EndingSteps ending,
      SettlingSteps settling) {
    this.context = context;
    this.known = known;
    this.exchange = exchange;
    this.opening = opening;
    this.paying = paying;
    this.offered = offered;
    this.ending = ending;
    this.settling = settling;
  }

  /** What this side says first on a new link. */
  static void say(Step step, Established stage) {
    VoucherBook book = stage.book();
    if (stage instanceof Normal normal && normal.closing().isPresent()) {
      step.to(normal.with(normal.closing().get().unsaid()));
    }
    step.to(Link.SYNCING).send(message(book));
  }

  private static VoucherReestablish message(VoucherBook book) {
    return new VoucherReestablish(
        book.id(),
        book.setup().a(),
        book.setup().b(),
        book.setup().openNonce(),
        book.setup().challengePeriod(),
        book.sent().map(VoucherExchange::proof),
        book.received().map(VoucherExchange::proof),
        book.own().pending().map(LockExchange::proof),
        book.peer().lock().map(LockExchange::proof));
  }

  /** What the peer said first: agree, or find out who lost data. */
  void heard(Step step, Established stage, VoucherReestablish message) {
    VoucherBook book = stage.book();
    Party own = book.setup().own();
    Optional<SignedVoucher> shown =
        message.received().map(proof -> exchange.signedBy(book, own, proof));
    Optional<SignedVoucher> theirs =
        message.sent().map(proof -> exchange.signedBy(book, own.other(), proof));
    List<Lock> locks = locks(book, message);
    step.to(Link.UP);
    if (isNews(book, own, shown) || locks.stream().anyMatch(lock -> isNews(book, lock))) {
      lost(step, stage, Stream.concat(shown.stream(), theirs.stream()).toList(), locks);
      return;
    }
    if (PayingSteps.isUnasked(book, message.sent())) {
      unasked(step, stage, theirs.orElseThrow(), locks);
      return;
    }
    if (seq(shown) < book.seqOf(own) - mostUnheard(book) || seq(theirs) < book.seqOf(own.other())) {
      closeForThePeer(step, stage);
      return;
    }
    if (seq(theirs) == book.seqOf(own.other()) && !theirs.equals(book.received())) {
      throw new ProtocolException("two vouchers with the number " + seq(theirs));
    }
    switch (stage) {
      case AwaitingReady waiting -> {
        AwaitingReady again = waiting.unsaid();
        step.to(again);
        opening.advance(step, again);
      }
      case Normal normal -> {
        step.send(OpeningSteps.ready(book));
        paying.takeUp(step, normal, message);
        offered.takeUp(step, shown.equals(book.sent()), message.receivedLock());
        TakenLockSteps.takeUp(step);
        ending.sayShutdownIfQuiet(step);
      }
      case Closing closing -> sayThatItCloses(step, closing);
      case DataLost _ -> askToClose(step, book);
    }
  }

  /**
   * The peer takes up a channel that this side knows nothing of. If this side signed in it, or was
   * paid, the store was lost, and what the peer shows is all that there is; if not, its opening was
   * forgotten before the chain showed it, and it is waited for once more. Words cost nothing, so
   * who did not open it believes the chain alone, and so does a pile, which opens none. One that
   * the store knows is over.
   *
   * @return whether it is between the two of them, and may exist
   */
  boolean recover(Step step, VoucherReestablish message) {
    EvmAddress own = context.address();
    boolean isParty = message.a().equals(own) != message.b().equals(own);
    VoucherSetup setup =
        new VoucherSetup(
            context.settings().domain(),
            context.settings().token(),
            message.a(),
            message.b(),
            message.openNonce(),
            message.challengePeriod(),
            message.a().equals(own) ? Party.A : Party.B,
            context.metering());
    if (!isParty || !setup.id().equals(message.channelId()) || known.test(setup.id())) {
      return false;
    }
    VoucherBook book = VoucherBook.start(setup);
    List<SignedVoucher> vouchers =
        Stream.concat(
                message.received().stream()
                    .map(proof -> exchange.signedBy(book, setup.own(), proof)),
                message.sent().stream()
                    .map(proof -> exchange.signedBy(book, setup.own().other(), proof)))
            .toList();
    List<Lock> locks = locks(book, message);
    boolean isAtStake =
        setup.own() == Party.A
            || message.received().isPresent()
            || message.receivedLock().isPresent()
            || vouchers.stream().anyMatch(paid -> !paid.voucher().cumulative().equals(Amount.ZERO))
            || !locks.isEmpty();
    if (isAtStake) {
      boolean shown = setup.own() == Party.A && !context.metering(); // a pile opens none
      lost(step, new DataLost(book, shown), vouchers, locks);
      return true;
    }
    boolean isTakenUp = vouchers.isEmpty() && opening.takeUp(step, book);
    if (isTakenUp) {
      step.send(message(book));
    }
    return isTakenUp;
  }

  /** What the chain says to a side that lost data. */
  static void look(Step step, DataLost stage, ChainView view) {
    boolean unknown =
        view.latest() instanceof OnLedger.Missing && view.finalised() instanceof OnLedger.Missing;
    if (unknown && stage.isAwaited()) {
      await(step, stage, view);
      return;
    }
    if (unknown && stage.book().isSuspended()) {
      forget(step, stage, "the chain knows no such channel");
      return;
    }
    VoucherBook book = SettlingSteps.at(stage.book(), view);
    if (!stage.shown() && book.isSuspended()) {
      forget(step, stage, "there is nothing in it");
      return;
    }
    if (stage.isAwaited() && !book.isSuspended()) {
      step.to(new DataLost(book.wanting(Optional.empty()))).store("opening seen");
      return;
    }
    step.to(new DataLost(book));
    if (!stage.shown()) {
      step.store("own data lost");
      alert(step, book);
    }
  }

  /** With the store went what is known of the opening's transaction, which may be on its way. */
  private static void await(Step step, DataLost stage, ChainView view) {
    VoucherBook book = stage.book();
    if (book.time() == 0) {
      step.to(stage.with(book.at(view.time(), book.deposits()))).store("opening awaited");
    } else if (view.time() - book.time() >= OpeningSteps.FORGOTTEN_AFTER.toSeconds()) {
      forget(step, stage, "the chain has not shown it for " + OpeningSteps.FORGOTTEN_AFTER);
    }
  }

  private static void forget(Step step, DataLost stage, String reason) {
    step.to(new VoucherStage.Closed(VoucherOutcome.ABANDONED, reason, Optional.of(stage.book())))
        .store("closed: ABANDONED")
        .tell(new VoucherNotice.Closed(VoucherOutcome.ABANDONED));
  }

  /** Whether the peer holds a voucher of this side's that this side does not know of. */
  private static boolean isNews(VoucherBook book, Party own, Optional<SignedVoucher> shown) {
    return seq(shown) > book.seqOf(own)
        || (seq(shown) == book.seqOf(own) && !shown.equals(book.sent()));
  }

  /** Of a lock whose payer this side is, likewise. */
  private static boolean isNews(VoucherBook book, Lock lock) {
    boolean isOwn = lock.voucher().payer().equals(book.setup().ownAddress());
    long known = book.own().lockSeq();
    return isOwn
        && (lock.voucher().seq() > known
            || (lock.voucher().seq() == known
                && book.own().lock().filter(own -> own.signed().equals(lock.signed())).isEmpty()));
  }

  /** The locks that the peer shows, as far as a message tells of them. */
  private List<Lock> locks(VoucherBook book, VoucherReestablish message) {
    Party own = book.setup().own();
    List<Lock> locks = new ArrayList<>();
    message.receivedLock().ifPresent(proof -> locks.add(lock(book, own, proof)));
    message.sentLock().ifPresent(proof -> locks.add(lock(book, own.other(), proof)));
    return locks;
  }

  private Lock lock(VoucherBook book, Party payer, LockProof proof) {
    return Lock.of(
        proof.id(),
        proof.amount(),
        ByteVector.empty,
        exchange.locks().signedBy(book, payer, proof));
  }

  /**
   * The peer signed what nobody asked it for. It can do so at any time, so that proves no loss of
   * the own data; be it a breach or not, what it owes is closed with, and with all that it showed.
   */
  private void unasked(Step step, Established stage, SignedVoucher voucher, List<Lock> locks) {
    String reason = "voucher %d, which nobody asked for".formatted(voucher.voucher().seq());
    if (stage instanceof AwaitingReady waiting && waiting.isUnopened()) {
      step.send(new VoucherError(Optional.of(stage.book().id()), reason));
      opening.abandon(step, reason);
      return;
    }
    VoucherBook book = best(stage.book(), voucher);
    for (Lock lock : locks) {
      boolean isSame = book.taken().map(Lock::id).filter(id -> id != lock.id()).isEmpty();
      book = isSame ? best(book, lock) : book;
    }
    Established kept = stage.with(book.answered());
    switch (kept) {
      case AwaitingReady waiting -> settling.publish(step, waiting, reason);
      case Normal normal -> settling.publish(step, normal, reason);
      case Closing closing -> {
        step.to(closing).store("voucher seen that nobody asked for");
        sayThatItCloses(step, closing);
      }
      case DataLost lost -> {
        step.to(lost).store("voucher seen that nobody asked for");
        askToClose(step, lost.book());
      }
    }
    step.alert(
        "the peer of channel %s showed %s. This side closes with the best that it holds; should it"
                .formatted(book.id(), reason)
            + " run on an old copy of its store, restore none again.");
  }

  /** The own vouchers that the peer may not have heard: one, and one for a lock. */
  private static int mostUnheard(VoucherBook book) {
    return book.offered().filter(lock -> lock.status() == Lock.Status.PAID).isPresent() ? 2 : 1;
  }

  private static void lost(
      Step step, Established stage, List<SignedVoucher> vouchers, List<Lock> locks) {
    VoucherBook book = stage.book().answered();
    for (SignedVoucher voucher : vouchers) {
      book = best(book, voucher);
    }
    for (Lock lock : locks) {
      book = best(book, lock);
    }
    if (stage instanceof Closing closing) {
      step.to(closing.with(book)).store("own data lost");
    } else {
      boolean shown = !stage.isHearsay();
      step.to(new DataLost(book, shown))
          .store("own data lost")
          .tell(new VoucherNotice.Ending("this side's data is older than the peer's"));
    }
    askToClose(step, book);
    if (!step.stage().isHearsay()) {
      alert(step, book);
    }
  }

  private static void alert(Step step, VoucherBook book) {
    step.alert(
        "the peer of channel %s proved that this store is older than the channel. It keeps what the "
                .formatted(book.id())
            + "peer showed, signs no voucher again and asked the peer to close; should the peer not"
            + " do so, close the channel unilaterally. Do not restore old copies of the store.");
  }

  private static VoucherBook best(VoucherBook book, Lock lock) {
    Party payer = lock.voucher().payer().equals(book.setup().a()) ? Party.A : Party.B;
    return lock.voucher().seq() > book.of(payer).lockSeq() ? book.with(lock) : book;
  }

  /** The larger of the peer's vouchers pays the more; a number never goes back. */
  private static VoucherBook best(VoucherBook book, SignedVoucher voucher) {
    Party payer = voucher.voucher().payer().equals(book.setup().a()) ? Party.A : Party.B;
    boolean better =
        payer == book.setup().own()
            ? voucher.voucher().seq() > book.seqOf(payer)
            : voucher.voucher().seq() >= book.seqOf(payer)
                && voucher.voucher().cumulative().compareTo(book.paidBy(payer)) > 0;
    return better ? book.with(voucher) : book;
  }

  private static void askToClose(Step step, VoucherBook book) {
    step.send(
        new VoucherError(
            Optional.of(book.id()),
            "this side lost data and signs no voucher again: please close"));
  }

  /** The peer lost data and will sign nothing more, so this side closes. */
  private void closeForThePeer(Step step, Established stage) {
    String reason = "the peer lost its data";
    switch (stage) {
      case AwaitingReady waiting -> settling.publish(step, waiting, reason);
      case Normal normal -> settling.publish(step, normal, reason);
      case Closing closing -> sayThatItCloses(step, closing);
      case DataLost lost -> askToClose(step, lost.book());
    }
    step.alert(
        "the peer of channel %s lost its data: %s"
            .formatted(
                stage.book().id(),
                stage instanceof DataLost
                    ? "so did this side, and an operator must close"
                    : "this side closes with its latest voucher"));
  }

  private static void sayThatItCloses(Step step, Closing stage) {
    EndingSteps.answer(stage)
        .ifPresentOrElse(
            step::send,
            () ->
                step.send(
                    new VoucherError(
                        Optional.of(stage.book().id()),
                        "this channel was closed: " + stage.reason())));
  }

  private static long seq(Optional<SignedVoucher> voucher) {
    return voucher.map(signed -> signed.voucher().seq()).orElse(0L);
  }
}
