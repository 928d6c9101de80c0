package chargepile.agent.cli.driver;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.Figures;
import chargepile.agent.session.driver.DriverAction;
import chargepile.agent.session.driver.DriverCommand;
import chargepile.agent.session.driver.DriverNotice;
import chargepile.agent.session.driver.DriverSession;
import chargepile.agent.session.leg.LegOutcome;
import chargepile.agent.session.wire.SessionSummary;
import chargepile.agent.session.wire.StopReason;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** One session, from the link to the pile's summary, told line by line. */
final class Charge {
  private static final Duration GLANCE = Duration.ofMillis(500);

  /** Less than the process has after Ctrl-C. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(7);

  /** A pile signs within a second; one that does not is not waited for. */
  private static final Duration SETTLEMENT = Duration.ofSeconds(15);

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** Ends that nobody complains of. */
  private static final Set<StopReason> USUAL =
      EnumSet.complementOf(
          EnumSet.of(
              StopReason.UPDATE_REFUSED,
              StopReason.TERMS_REFUSED,
              StopReason.CHANNEL_CLOSING,
              StopReason.CHAIN_OUT_OF_SIGHT));

  private final DriverSide driver;
  private final PrintWriter out;
  private Optional<SessionSummary> summary = Optional.empty();

  Charge(DriverSide driver, PrintWriter out) {
    this.driver = driver;
    this.out = out;
  }

  /**
   * Returns when the session has ended.
   *
   * @throws InterruptedException when interrupted; the session was stopped before
   */
  void run() throws CommandFailedException, InterruptedException {
    try {
      begin();
      await();
    } catch (InterruptedException e) {
      say("stopping the session");
      stop();
      throw e;
    }
  }

  private void begin() throws CommandFailedException, InterruptedException {
    driver.found().forEach(this::say);
    awaitLink();
    if (summary.isPresent()) {
      return; // of the session that the last run left
    }
    switch (driver.leg().life()) {
      case CLOSED -> {
        say("opening another channel");
        driver.node().command(new DriverCommand.OpenChannel());
      }
      case IN_USE -> say("the channel is open");
      case CLOSING_TOGETHER, SETTLING ->
          throw new CommandFailedException(
              driver.isRecovering()
                  ? "the channel's data was lost: wait with `driver close` until the pile has"
                      + " closed it and its money is back, then charge"
                  : "the channel is being closed: wait with `driver close` until it is settled,"
                      + " then charge");
      case OPENING ->
          say(
              driver.leg().isUnfinished()
                  ? "waiting until the channel's funding is confirmed"
                  : "opening a channel");
      case ABSENT -> say("opening a channel");
    }
    driver
        .state()
        .session()
        .filter(s -> s.summary().isEmpty())
        .ifPresentOrElse(
            session -> say("going on with session " + session.id()),
            () -> say("plug the car in to get the pile's offer"));
  }

  private void awaitLink() throws CommandFailedException, InterruptedException {
    long since = System.nanoTime();
    boolean told = false;
    while (!driver.state().connected()) {
      Optional<DriverAction> action = driver.next(GLANCE);
      if (action.isPresent()) {
        tell(action.get());
        failUnadmitted(action.get());
      }
      if (!told && System.nanoTime() - since > PATIENCE.toNanos()) {
        say("the pile does not answer yet; still trying");
        told = true;
      }
    }
  }

  private void await() throws CommandFailedException, InterruptedException {
    while (summary.isEmpty()) {
      Optional<DriverAction> action = driver.next(GLANCE);
      if (action.isPresent()) {
        tell(action.get());
        fail(action.get());
      } else if (isGivenUp()) {
        throw new CommandFailedException(
            "the session ended without the pile's account of it: it was silent for too long;"
                + " `driver status` shows what was paid");
      }
    }
    awaitSettlement();
    SessionSummary ended = summary.get();
    if (!USUAL.contains(ended.reason())) {
      throw new CommandFailedException("the session ended: " + ended.reason());
    }
  }

  /** The certificate of what the session came to, where both are certified. */
  void awaitSettlement() throws CommandFailedException, InterruptedException {
    awaitSettlement(SETTLEMENT);
  }

  private void awaitSettlement(Duration patience)
      throws CommandFailedException, InterruptedException {
    long since = System.nanoTime();
    while (isUnsettled() && driver.state().connected()) {
      driver.next(GLANCE).ifPresent(this::tell);
      if (System.nanoTime() - since > patience.toNanos()) {
        break;
      }
    }
    if (isUnsettled()) {
      say("the settlement certificate is not signed yet; the next `driver charge` goes on with it");
    }
  }

  private boolean isUnsettled() {
    return summary
        .filter(ended -> driver.state().notary().isPending(ended.sessionId()))
        .isPresent();
  }

  /** The pile was silent for longer than it is waited for, and is still not there. */
  private boolean isGivenUp() {
    return !driver.state().connected()
        && driver
            .state()
            .session()
            .flatMap(DriverSession::stopping)
            .filter(reason -> reason == StopReason.PEER_SILENT)
            .isPresent();
  }

  void failUnadmitted(DriverAction action) throws CommandFailedException {
    Optional<String> reason = unadmitted(action, driver.state().session());
    if (reason.isPresent()) {
      throw new CommandFailedException(reason.get());
    }
  }

  /**
   * Why it is no use to wait for an offer: one side agrees to no terms with the other. A session
   * whose terms were agreed to before goes on, and is not left without a word to the pile.
   */
  static Optional<String> unadmitted(DriverAction action, Optional<DriverSession> session) {
    if (session.filter(s -> s.summary().isEmpty()).isPresent()) {
      return Optional.empty();
    }
    return switch (action) {
      case DriverAction.Tell(DriverNotice.PileNotCertified(String reason, boolean needed))
          when needed ->
          Optional.of("the pile is not certified, and --identity-policy is required: " + reason);
      case DriverAction.Tell(DriverNotice.NotAdmitted(String text)) ->
          Optional.of("the pile agrees to no terms with this driver: " + text);
      case DriverAction.Tell _,
          DriverAction.Alert _,
          DriverAction.Errand _,
          DriverAction.Store _,
          DriverAction.Send _,
          DriverAction.Ask _,
          DriverAction.SetTimer _,
          DriverAction.CancelTimer _ ->
          Optional.empty();
    };
  }

  private void fail(DriverAction action) throws CommandFailedException {
    failUnadmitted(action);
    if (action instanceof DriverAction.Tell(var notice)) {
      switch (notice) {
        case DriverNotice.OfferRefused(_, String text) ->
            throw new CommandFailedException("the pile's offer is refused: " + text);
        case DriverNotice.ClaimRefused(_, var refusal, String text) ->
            throw new CommandFailedException(
                "a claim of the pile's is refused and the channel is being closed: %s: %s"
                    .formatted(refusal, text));
        case DriverNotice.ChannelClosed(var outcome)
            when outcome == LegOutcome.ABANDONED && !driver.state().connected() ->
            say("the link was lost before the channel was funded: opening another when it is back");
        case DriverNotice.ChannelClosed(var outcome) ->
            throw new CommandFailedException("there is no channel: " + outcome);
        case DriverNotice.ChannelFunded _,
            DriverNotice.ChannelUsable _,
            DriverNotice.OfferAccepted _,
            DriverNotice.EnergyPaid _,
            DriverNotice.SessionStopping _,
            DriverNotice.SessionEnded _,
            DriverNotice.PileCertified _,
            DriverNotice.PileNotCertified _,
            DriverNotice.NotAdmitted _,
            DriverNotice.Admitted _,
            DriverNotice.SettlementSigned _,
            DriverNotice.SettlementNotSigned _,
            DriverNotice.ChannelEnding _ -> {}
      }
    }
  }

  void stop() throws CommandFailedException {
    if (driver.state().session().filter(s -> s.summary().isEmpty()).isEmpty()) {
      return;
    }
    driver.node().command(new DriverCommand.Stop());
    long since = System.nanoTime();
    try {
      while ((summary.isEmpty() || isUnsettled())
          && System.nanoTime() - since < LAST_WORDS.toNanos()) {
        driver.next(GLANCE).ifPresent(this::tell);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (summary.isEmpty()) {
      say("the pile has not settled it yet; what was signed is safe");
    }
  }

  void tell(DriverAction action) {
    driver.lines().line(action).ifPresent(this::say);
    if (action instanceof DriverAction.Tell(DriverNotice.SessionEnded(var ended))) {
      summary = Optional.of(ended);
      say(
          "paid %s for %s; the meter says %s"
              .formatted(
                  driver.lines().amount(ended.paidImport().amount()),
                  Figures.energy(ended.paidImport().energy()),
                  Figures.energy(ended.importDelivered())));
    }
  }

  void say(String line) {
    out.println(line);
    out.flush();
  }
}
