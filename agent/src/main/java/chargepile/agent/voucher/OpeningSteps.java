package chargepile.agent.voucher;

import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import chargepile.agent.units.VoucherChannelId;
import chargepile.agent.voucher.VoucherStage.AwaitingReady;
import chargepile.agent.voucher.wire.VoucherMessage.AcceptVoucherChannel;
import chargepile.agent.voucher.wire.VoucherMessage.OpenVoucherChannel;
import chargepile.agent.voucher.wire.VoucherMessage.VoucherChannelReady;
import chargepile.agent.voucher.wire.VoucherMessage.VoucherError;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * From the first word to a channel that can be used (P2-16): both agree to the terms, from which
 * the id follows; A opens the channel on the chain; both see it final and say so.
 */
final class OpeningSteps {
  /**
   * Nobody has signed anything for an opening that the chain does not show, and a fee that was too
   * low is raised within hours. Should it come after all, the peer closes it and has its deposit.
   */
  static final Duration FORGOTTEN_AFTER = Duration.ofDays(1);

  private static final String USED = "this channel was opened before";

  private final VoucherContext context;
  private final VoucherSettings settings;
  private final EvmAddress own;
  private final Predicate<VoucherChannelId> known;

  OpeningSteps(VoucherContext context, Predicate<VoucherChannelId> known) {
    this.context = context;
    this.known = known;
    this.settings = context.settings();
    this.own = context.address();
  }

  void open(Step step, VoucherEvent.Open command) {
    if (!step.isUp()) {
      step.refuse("there is no link to the peer");
      return;
    }
    if (command.openNonce() < 0 || command.deposit().equals(Amount.ZERO)) {
      step.refuse("a channel is opened with a number of 0 or more and a deposit above 0");
      return;
    }
    OpenVoucherChannel open =
        new OpenVoucherChannel(
            settings.domain().chainId(),
            settings.domain().contract(),
            settings.token(),
            own,
            command.openNonce(),
            command.deposit(),
            settings.challengePeriod());
    step.to(new VoucherStage.AwaitingAccept(open)).store("opening a channel").send(open);
  }

  /**
   * The peer would open a channel. Of one that is or was here, it would be the same id, under which
   * numbers are signed already.
   */
  void opened(Step step, OpenVoucherChannel open) {
    Optional<String> objection = objection(open);
    if (objection.isPresent()) {
      step.send(new VoucherError(Optional.empty(), objection.get()))
          .alert("a channel that a peer would open is refused: " + objection.get());
      return;
    }
    VoucherSetup setup = setup(open, own, Party.B);
    step.to(new AwaitingReady(VoucherBook.start(setup), open.deposit()))
        .store("channel accepted")
        .send(new AcceptVoucherChannel(open.openNonce(), own));
  }

  /**
   * The peer, which was to open it, takes up a channel of which nothing is known here. It is not
   * told again what is to be in it, so the least that is accepted will do.
   *
   * @return whether it is waited for
   */
  boolean takeUp(Step step, VoucherBook book) {
    if (isAccepted(book.setup().challengePeriod())) {
      step.to(new AwaitingReady(book, settings.leastDeposit())).store("opening taken up again");
      return true;
    }
    return false;
  }

  private boolean isAccepted(Duration challengePeriod) {
    return challengePeriod.compareTo(settings.shortest()) >= 0
        && challengePeriod.compareTo(settings.longest()) <= 0;
  }

  private Optional<String> objection(OpenVoucherChannel open) {
    if (open.chainId() != settings.domain().chainId()
        || !open.contract().equals(settings.domain().contract())
        || !open.token().equals(settings.token())) {
      return Optional.of(
          "chain %d, contract %s, token %s: wanted are %d, %s, %s"
              .formatted(
                  open.chainId(),
                  open.contract(),
                  open.token(),
                  settings.domain().chainId(),
                  settings.domain().contract(),
                  settings.token()));
    }
    if (open.opener().equals(own)) {
      return Optional.of("the opener's account %s is this side's own".formatted(own));
    }
    if (!isAccepted(open.challengePeriod())) {
      return Optional.of(
          "a challenge period of %s is outside %s to %s"
              .formatted(open.challengePeriod(), settings.shortest(), settings.longest()));
    }
    if (open.deposit().compareTo(settings.leastDeposit()) < 0) {
      return Optional.of(
          "a deposit of %,d units is less than %,d"
              .formatted(open.deposit().value(), settings.leastDeposit().value()));
    }
    VoucherChannelId id = setup(open, own, Party.B).id();
    return known.test(id)
        ? Optional.of("%s: open_nonce %d".formatted(USED, open.openNonce()))
        : Optional.empty();
  }

  /** The peer agreed to the own terms. */
  void accepted(Step step, VoucherStage.AwaitingAccept stage, AcceptVoucherChannel accept) {
    if (accept.openNonce() != stage.sent().openNonce()) {
      return; // to an opening that was given up
    }
    if (accept.acceptor().equals(own)) {
      throw new ProtocolException("the acceptor's account %s is this side's own".formatted(own));
    }
    VoucherSetup setup = setup(stage.sent(), accept.acceptor(), Party.A);
    if (known.test(setup.id())) {
      step.send(new VoucherError(Optional.of(setup.id()), USED));
      abandon(step, USED);
      return;
    }
    step.to(new AwaitingReady(VoucherBook.start(setup), stage.sent().deposit()))
        .store("channel agreed")
        .errand(new VoucherAction.OpenOnChain(setup, stage.sent().deposit()));
  }

  private VoucherSetup setup(OpenVoucherChannel open, EvmAddress acceptor, Party side) {
    return new VoucherSetup(
        settings.domain(),
        open.token(),
        open.opener(),
        acceptor,
        open.openNonce(),
        open.challengePeriod(),
        side,
        context.metering());
  }

  /** What the chain says while the opening is awaited. */
  void look(Step step, AwaitingReady stage, ChainView view, SettlingSteps settling) {
    VoucherBook book = stage.book();
    if (view.latest() instanceof OnLedger.Missing && book.setup().own() == Party.A) {
      step.errand(new VoucherAction.OpenOnChain(book.setup(), stage.promised()));
    }
    long since = isShown(stage, view) ? AwaitingReady.SHOWN : missingSince(stage, view);
    AwaitingReady seen =
        stage.seeing(
            book.at(view.time(), Findings.deposits(view.finalised()).orElse(Deposits.NONE)), since);
    step.to(seen);
    if (view.finalised() instanceof OnLedger.Open open
        && !open.challengePeriod().equals(book.setup().challengePeriod())) {
      settling.publish(
          step,
          seen,
          "the chain says a challenge period of %s, agreed were %s"
              .formatted(open.challengePeriod(), book.setup().challengePeriod()));
      return;
    }
    if (seen.isUnopened() && view.time() - since >= FORGOTTEN_AFTER.toSeconds()) {
      step.send(new VoucherError(Optional.of(book.id()), "the channel was not opened in time"));
      abandon(step, "the chain has not shown it for " + FORGOTTEN_AFTER);
      return;
    }
    if (!seen.book().deposits().equals(book.deposits())) {
      step.store("deposits seen");
    } else if (since != stage.since()) {
      step.store("opening looked for");
    }
    advance(step, seen);
  }

  /**
   * Whether the chain shows what was agreed to, or did. Who opens a channel with less in it than
   * that has opened another.
   */
  private static boolean isShown(AwaitingReady stage, ChainView view) {
    return stage.since() == AwaitingReady.SHOWN
        || Stream.of(view.latest(), view.finalised())
            .flatMap(state -> Findings.deposits(state).stream())
            .anyMatch(deposits -> deposits.a().compareTo(stage.promised()) >= 0);
  }

  private static long missingSince(AwaitingReady stage, ChainView view) {
    return stage.since() > 0 ? stage.since() : view.time();
  }

  /** Says {@code voucher_channel_ready} once the opening is final, and begins once both said it. */
  void advance(Step step, AwaitingReady stage) {
    VoucherBook book = stage.book();
    boolean opened = !book.isSuspended() && book.deposits().a().compareTo(stage.promised()) >= 0;
    boolean say = opened && !stage.saidReady() && step.isUp();
    if (say) {
      step.send(ready(book));
    }
    boolean said = stage.saidReady() || say;
    if (said && opened && stage.heardReady()) {
      step.to(new VoucherStage.Normal(book, Optional.empty()))
          .store("channel usable")
          .tell(new VoucherNotice.Opened(book.id()))
          .tell(new VoucherNotice.Usable());
    } else if (say) {
      step.to(stage.saying()).store("ready said");
    }
  }

  void heardReady(Step step, AwaitingReady stage, VoucherChannelReady ready) {
    AwaitingReady heard = stage.hearing(deposits(ready));
    step.to(heard).store("ready heard");
    advance(step, heard);
  }

  static VoucherChannelReady ready(VoucherBook book) {
    return new VoucherChannelReady(book.id(), book.deposits().a(), book.deposits().b());
  }

  static Deposits deposits(VoucherChannelReady ready) {
    try {
      return new Deposits(ready.depositA(), ready.depositB());
    } catch (IllegalArgumentException e) {
      throw new ProtocolException("deposits of more than 2^63-1 units");
    }
  }

  /** Gives up what is not on the chain. */
  void abandon(Step step, String reason) {
    Optional<VoucherBook> last = step.next().book();
    step.to(new VoucherStage.Closed(VoucherOutcome.ABANDONED, reason, last))
        .store("opening abandoned")
        .tell(new VoucherNotice.Closed(VoucherOutcome.ABANDONED));
  }
}
