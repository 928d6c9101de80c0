package chargepile.agent.channel;

/** What the owner of a channel wants done with it; what can't be done is refused with a reason. */
final class CommandSteps {
  private static final String ONLY_THE_PEER =
      "this side lost data and must not publish: only the peer can close, and is asked to";

  private final OpeningSteps opening;
  private final UpdatingSteps updating;
  private final HtlcSteps htlcs;
  private final EndingSteps ending;
  private final SettlingSteps settling;

  CommandSteps(
      OpeningSteps opening,
      UpdatingSteps updating,
      HtlcSteps htlcs,
      EndingSteps ending,
      SettlingSteps settling) {
    this.opening = opening;
    this.updating = updating;
    this.htlcs = htlcs;
    this.ending = ending;
    this.settling = settling;
  }

  void on(Step step, ChannelEvent.Command command) {
    Stage stage = step.next().stage();
    switch (command) {
      case ChannelEvent.Open open -> {
        if (stage instanceof Stage.Absent) {
          opening.open(step, open);
        } else {
          refuse(step, "the channel exists already");
        }
      }
      case ChannelEvent.ClaimEnergy claim -> funded(step, n -> updating.claim(step, n, claim));
      case ChannelEvent.SetFeerate rate -> inUse(step, n -> updating.setFeerate(step, n, rate));
      case ChannelEvent.AddHtlc add -> funded(step, n -> htlcs.add(step, n, add));
      case ChannelEvent.FailHtlc fail -> inUse(step, n -> htlcs.fail(step, n, fail));
      case ChannelEvent.FulfillHtlc fulfill -> {
        if (stage instanceof Stage.Closing closing) {
          htlcs.fulfill(step, closing, fulfill);
        } else {
          inUse(step, n -> htlcs.fulfill(step, n, fulfill));
        }
      }
      case ChannelEvent.Refuse refused -> {
        if (stage instanceof Stage.Normal normal) {
          ending.refuse(step, normal, refused.reason());
        }
      }
      case ChannelEvent.CloseCooperatively close -> {
        switch (stage) {
          case Stage.Normal normal -> ending.want(step, normal);
          case Stage.Funded funded ->
              refuse(step, "the channel can't be closed together in stage " + stage.title());
          case Stage.Recovering recovering -> refuse(step, ONLY_THE_PEER);
          case Stage.Closed closed -> refuse(step, "the channel is closed");
          default -> opening.giveUp(step, "closed before it was funded");
        }
      }
      case ChannelEvent.CloseUnilaterally close -> closeUnilaterally(step, close.reason());
    }
  }

  /** Takes money only while the channel's own is on the chain. */
  private static void funded(Step step, InNormal answer) {
    if (step.next().isSuspended()) {
      refuse(step, "a reorganisation undid the channel's funding");
    } else {
      inUse(step, answer);
    }
  }

  private static void inUse(Step step, InNormal answer) {
    Stage stage = step.next().stage();
    if (stage instanceof Stage.Normal normal) {
      answer.accept(normal);
    } else {
      refuse(step, "the channel can't be used in stage " + stage.title());
    }
  }

  private void closeUnilaterally(Step step, String reason) {
    switch (step.next().stage()) {
      case Stage.AwaitingReady stage -> settling.publish(step, stage, reason);
      case Stage.Normal stage -> settling.publish(step, stage, reason);
      case Stage.DataLost stage -> refuse(step, ONLY_THE_PEER);
      case Stage.Recovering stage -> refuse(step, ONLY_THE_PEER);
      case Stage.Closing stage when stage.mutual().isPresent() && stage.seen().isEmpty() ->
          settling.publish(step, stage, reason); // its fee may be too low to be mined
      case Stage.Closing stage -> refuse(step, "the channel is being closed already");
      case Stage.Closed stage -> refuse(step, "the channel is closed");
      case Stage.Absent stage -> opening.giveUp(step, reason);
      case Stage.AwaitingAccept stage -> opening.giveUp(step, reason);
      case Stage.AwaitingFunding stage -> opening.giveUp(step, reason);
      case Stage.AwaitingFundingSigned stage -> opening.giveUp(step, reason);
      case Stage.AwaitingFundingCreated stage -> opening.giveUp(step, reason);
    }
  }

  private interface InNormal {
    void accept(Stage.Normal stage);
  }

  private static void refuse(Step step, String reason) {
    step.tell(new ChannelNotice.CommandRefused(reason));
  }
}
