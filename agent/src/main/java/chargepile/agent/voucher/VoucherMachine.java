package chargepile.agent.voucher;

import chargepile.agent.units.VoucherChannelId;
import chargepile.agent.voucher.VoucherChannel.Link;
import chargepile.agent.voucher.VoucherStage.AwaitingAccept;
import chargepile.agent.voucher.VoucherStage.AwaitingReady;
import chargepile.agent.voucher.VoucherStage.Closing;
import chargepile.agent.voucher.VoucherStage.DataLost;
import chargepile.agent.voucher.VoucherStage.Established;
import chargepile.agent.voucher.VoucherStage.Normal;
import chargepile.agent.voucher.wire.VoucherMessage;
import chargepile.agent.voucher.wire.VoucherMessage.AcceptVoucherChannel;
import chargepile.agent.voucher.wire.VoucherMessage.LockDone;
import chargepile.agent.voucher.wire.VoucherMessage.LockFailed;
import chargepile.agent.voucher.wire.VoucherMessage.LockOffer;
import chargepile.agent.voucher.wire.VoucherMessage.LockPaid;
import chargepile.agent.voucher.wire.VoucherMessage.LockPreimage;
import chargepile.agent.voucher.wire.VoucherMessage.OpenVoucherChannel;
import chargepile.agent.voucher.wire.VoucherMessage.VoucherChannelReady;
import chargepile.agent.voucher.wire.VoucherMessage.VoucherClosingSigned;
import chargepile.agent.voucher.wire.VoucherMessage.VoucherError;
import chargepile.agent.voucher.wire.VoucherMessage.VoucherGiven;
import chargepile.agent.voucher.wire.VoucherMessage.VoucherReestablish;
import chargepile.agent.voucher.wire.VoucherMessage.VoucherRequest;
import chargepile.agent.voucher.wire.VoucherMessage.VoucherShutdown;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The voucher channel between a pile and a driver (P2-15 to P2-18): every event in every stage has
 * an answer, and the answer is all that happens. Stateless itself; thread-safe.
 */
public final class VoucherMachine {
  private static final String NEVER_OPENED =
      "the peer, which was to open it, does not know it any more";

  private final VoucherSettings settings;
  private final OpeningSteps opening;
  private final DepositSteps deposits;
  private final PayingSteps paying;
  private final EndingSteps ending;
  private final OfferedLockSteps offered;
  private final TakenLockSteps taken;
  private final SettlingSteps settling;
  private final ReestablishSteps reestablish;
  private final CommandSteps commands;

  /** For a node that has and had no other channel. */
  public VoucherMachine(VoucherContext context) {
    this(context, _ -> false);
  }

  /**
   * @param known whether a channel that is or was had this id: none is begun under it again
   */
  public VoucherMachine(VoucherContext context, Predicate<VoucherChannelId> known) {
    VoucherExchange exchange = new VoucherExchange(context);
    this.settings = context.settings();
    this.opening = new OpeningSteps(context, known);
    this.settling = new SettlingSteps(settings);
    this.ending = new EndingSteps(context, exchange);
    this.deposits = new DepositSteps(ending);
    this.offered = new OfferedLockSteps(context, exchange, ending);
    this.taken = new TakenLockSteps(context, exchange, ending);
    this.paying = new PayingSteps(exchange, ending, offered);
    this.reestablish =
        new ReestablishSteps(context, known, exchange, opening, paying, offered, ending, settling);
    this.commands = new CommandSteps(opening, deposits, paying, ending, settling, offered, taken);
  }

  /** The answer to {@code event} in {@code state}. */
  public VoucherTransition on(VoucherChannel state, VoucherEvent event) {
    Step step = new Step(state);
    switch (event) {
      case VoucherEvent.Command command -> commands.on(step, command);
      case VoucherEvent.Connected _ -> connected(step);
      case VoucherEvent.Disconnected _ -> {
        step.to(Link.DOWN);
        forgetLink(step);
      }
      case VoucherEvent.Superseded _ -> {
        if (isNeverOpened(state)) {
          opening.abandon(step, NEVER_OPENED);
        }
      }
      case VoucherEvent.Received(var message) -> {
        return received(state, message);
      }
      case VoucherEvent.OpenFailed(String reason) -> openFailed(step, reason);
      case VoucherEvent.DepositFailed(String reason) -> {
        if (state.stage() instanceof Normal normal) {
          deposits.failed(step, normal, reason);
        }
      }
      case VoucherEvent.PreimageSaid said -> LockWatch.said(step, said, settings);
      case VoucherEvent.ChainChanged(var view) -> chainChanged(step, view);
      case VoucherEvent.EndHinted(var shown) -> {
        if (state.stage() instanceof Established established) {
          HintSteps.look(step, established, shown);
        }
      }
    }
    return step.done();
  }

  private void connected(Step step) {
    forgetLink(step); // a restart or a missed end of the last link says no Disconnected
    if (step.stage() instanceof Established established) {
      ReestablishSteps.say(step, established);
    } else {
      step.to(Link.UP);
    }
  }

  /** An opening of which nothing is known to the chain or the peer is given up. */
  private void forgetLink(Step step) {
    if (step.stage() instanceof AwaitingAccept) {
      opening.abandon(step, "the link was lost before the channel was agreed to");
    }
  }

  private static boolean isNeverOpened(VoucherChannel state) {
    return state.stage() instanceof AwaitingReady waiting && SettlingSteps.isWorthless(waiting);
  }

  /** A ledger that finds the channel there already refuses the opening too: the chain is asked. */
  private static void openFailed(Step step, String reason) {
    if (step.stage() instanceof AwaitingReady waiting && waiting.book().isSuspended()) {
      step.send(
          new VoucherError(Optional.of(waiting.book().id()), "the channel could not be opened"));
      step.to(new Closing(waiting.book(), "it could not be opened on the chain").notOpened())
          .store("opening failed")
          .alert("the channel could not be opened on the chain: " + reason);
    } else if (step.stage() instanceof Closing closing) {
      step.to(closing.notOpened()).store("opening failed");
    }
  }

  private VoucherTransition received(VoucherChannel state, VoucherMessage message) {
    Step step = new Step(state);
    try {
      heard(step, message);
      return step.done();
    } catch (UndecidedLockException e) {
      return new Step(state).alert(e.reason()).done();
    } catch (ProtocolException e) {
      return broken(new Step(state), message, e.reason());
    }
  }

  /** The peer broke a rule: nothing of its message counts, and the channel ends. */
  private VoucherTransition broken(Step step, VoucherMessage message, String reason) {
    String text = "%s: %s".formatted(message.getClass().getSimpleName(), reason);
    if (step.stage().isHearsay()) {
      return ofHearsay(step, text);
    }
    switch (step.stage()) {
      case AwaitingReady stage -> settling.publish(step, stage, text);
      case Normal stage -> settling.publish(step, stage, text);
      case AwaitingAccept _ -> {
        step.send(new VoucherError(Optional.empty(), text));
        opening.abandon(step, text);
      }
      case VoucherStage.Absent _, Closing _, DataLost _, VoucherStage.Closed _ -> {}
    }
    return step.alert("the peer broke the protocol: " + text).done();
  }

  /** Anybody can say what it wants of a channel that there may never be: no reason to alert. */
  private VoucherTransition ofHearsay(Step step, String text) {
    step.send(new VoucherError(step.next().book().map(VoucherBook::id), text));
    if (step.stage() instanceof AwaitingReady) {
      opening.abandon(step, text);
    }
    return step.done();
  }

  private void heard(Step step, VoucherMessage message) {
    if (step.next().link() == Link.DOWN) {
      return; // of a link that is gone already
    }
    boolean early =
        step.next().link() == Link.SYNCING
            && !(message instanceof VoucherReestablish || message instanceof VoucherError);
    if (early) {
      return; // said before the peer knew of the new link
    }
    switch (message) {
      case OpenVoucherChannel open -> opened(step, open);
      case AcceptVoucherChannel accept -> {
        if (step.stage() instanceof AwaitingAccept waiting) {
          opening.accepted(step, waiting, accept);
        }
      }
      case VoucherError error -> {
        if (error.channelId().isEmpty() || isOwn(step, error.channelId().get())) {
          error(step, error);
        }
      }
      case VoucherReestablish again -> {
        if (isOwn(step, again.channelId()) && step.stage() instanceof Established established) {
          reestablish.heard(step, established, again);
        } else if (!(step.stage() instanceof VoucherStage.Absent)
            || !reestablish.recover(step, again)) {
          // Without a word the peer would wait for ever for a side that has lost its store.
          step.send(
              new VoucherError(
                  Optional.of(again.channelId()), "this channel is not known here or settled"));
        }
      }
      case VoucherChannelReady ready -> {
        if (isOwn(step, ready.channelId())) {
          ready(step, ready);
        }
      }
      case VoucherRequest said ->
          inNormal(step, said.channelId(), n -> paying.requested(step, n, said));
      case VoucherGiven said -> inNormal(step, said.channelId(), n -> paying.given(step, n, said));
      case VoucherShutdown said ->
          inNormal(step, said.channelId(), n -> ending.heard(step, n, said));
      case LockOffer said -> inNormal(step, said.channelId(), n -> taken.heard(step, n, said));
      case LockPaid said -> inNormal(step, said.channelId(), n -> taken.heard(step, n, said));
      case LockPreimage said -> inNormal(step, said.channelId(), n -> offered.heard(step, n, said));
      case LockFailed said -> inNormal(step, said.channelId(), n -> offered.heard(step, n, said));
      case LockDone said -> inNormal(step, said.channelId(), n -> offered.heard(step, n, said));
      case VoucherClosingSigned said ->
          inNormal(step, said.channelId(), n -> ending.closingSigned(step, n, said));
    }
  }

  private static boolean isOwn(Step step, VoucherChannelId id) {
    return step.next().book().filter(book -> book.id().equals(id)).isPresent();
  }

  private void opened(Step step, OpenVoucherChannel open) {
    switch (step.stage()) {
      case VoucherStage.Absent _ -> opening.opened(step, open);
      case VoucherStage other ->
          step.send(
              new VoucherError(
                  Optional.empty(),
                  "there is a channel in stage %s already; try again when it is settled"
                      .formatted(other.title())));
    }
  }

  private void ready(Step step, VoucherChannelReady ready) {
    switch (step.stage()) {
      case AwaitingReady waiting -> opening.heardReady(step, waiting, ready);
      case Normal normal -> deposits.heard(step, normal, ready);
      case VoucherStage.Absent _,
          AwaitingAccept _,
          Closing _,
          DataLost _,
          VoucherStage.Closed _ -> {}
    }
  }

  private interface InNormal {
    void accept(Normal stage);
  }

  /** A message for another channel does nothing to this one; one that crossed a close neither. */
  private static void inNormal(Step step, VoucherChannelId id, InNormal answer) {
    if (isOwn(step, id)) {
      switch (step.stage()) {
        case Normal normal -> answer.accept(normal);
        case AwaitingReady other ->
            throw new ProtocolException("not expected in stage " + other.title());
        case VoucherStage.Absent _,
            AwaitingAccept _,
            Closing _,
            DataLost _,
            VoucherStage.Closed _ -> {}
      }
    }
  }

  private void error(Step step, VoucherError error) {
    step.tell(new VoucherNotice.PeerObjected(error.text()));
    boolean ofOpening = error.channelId().isEmpty();
    switch (step.stage()) {
      case AwaitingAccept _ -> opening.abandon(step, "the peer gave up: " + error.text());
      case AwaitingReady waiting when !ofOpening -> {
        if (SettlingSteps.isWorthless(waiting)) {
          opening.abandon(step, NEVER_OPENED);
        } else {
          settling.publish(step, waiting, "error from the peer");
        }
      }
      case Normal normal when !ofOpening -> settling.publish(step, normal, "error from the peer");
      case AwaitingReady _, Normal _, Closing _, DataLost _ -> {}
      case VoucherStage.Absent _, VoucherStage.Closed _ -> {}
    }
  }

  private void chainChanged(Step step, ChainView view) {
    boolean ends = Findings.isEnding(view.latest());
    switch (step.stage()) {
      case AwaitingReady stage when ends -> settling.seen(step, stage, view);
      case AwaitingReady stage -> opening.look(step, stage, view, settling);
      case Normal stage when ends -> settling.seen(step, stage, view);
      case Normal stage -> {
        deposits.look(step, stage, view);
        lookAtLocks(step);
      }
      case Closing stage -> settling.settle(step, stage, view);
      case DataLost stage when ends -> settling.seen(step, stage, view);
      case DataLost stage -> {
        ReestablishSteps.look(step, stage, view);
        LockWatch.look(step, settings);
      }
      case VoucherStage.Absent _, AwaitingAccept _, VoucherStage.Closed _ -> {}
    }
  }

  private void lookAtLocks(Step step) {
    LockWatch.look(step, settings);
    if (step.stage() instanceof Normal stage && LockWatch.isDenied(step, stage)) {
      settling.publish(step, stage, "the peer does not pay a lock that is open");
    }
  }
}
