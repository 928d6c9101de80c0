package chargepile.agent.channel;

import chargepile.agent.channel.wire.ChannelReestablish;
import chargepile.agent.channel.wire.ErrorMessage;
import chargepile.agent.crypto.ChannelKeys;
import chargepile.agent.crypto.Shachain;
import chargepile.agent.crypto.Signer;
import fr.acinq.bitcoin.ByteVector32;

/**
 * Taking up a channel after a lost link (BOLT 2, "Message Retransmission"): both say what they
 * have, and say again what the other lacks.
 */
final class ReestablishSteps {
  private final Signer signer;
  private final ChannelKeys keys;
  private final CommitmentExchange exchange;
  private final UpdatingSteps updating;
  private final HtlcSteps htlcs;
  private final EndingSteps ending;
  private final SettlingSteps settling;

  ReestablishSteps(
      ChannelContext context,
      CommitmentExchange exchange,
      UpdatingSteps updating,
      HtlcSteps htlcs,
      EndingSteps ending,
      SettlingSteps settling) {
    this.signer = context.signer();
    this.keys = context.keys();
    this.exchange = exchange;
    this.updating = updating;
    this.htlcs = htlcs;
    this.ending = ending;
    this.settling = settling;
  }

  /** What this side says first on a new link. */
  ChannelReestablish say(Commitments now) {
    long revoked = now.remote().number();
    ByteVector32 lastSecret =
        revoked == 0
            ? ByteVector32.Zeroes
            : now.remoteSecrets().secret(Shachain.index(revoked - 1)).orElseThrow();
    return new ChannelReestablish(
        now.channelId(),
        now.local().number() + 1,
        now.remote().number(),
        lastSecret,
        keys.perCommitmentPoint(now.local().number(), signer));
  }

  /** What the peer said first: agree, or find out who lost data. */
  void heard(Step step, Stage.Funded stage, ChannelReestablish message) {
    Commitments now = stage.commitments();
    if (provesOwnLoss(now, message)) {
      step.to(new Stage.DataLost(now))
          .store("own data lost")
          .send(
              new ErrorMessage(
                  now.channelId(), "this side lost data and can't publish: please close"))
          .tell(new ChannelNotice.Ending("this side's data is older than the peer's"))
          .alert(
              "the peer proved that this store is older than the channel: it will never publish "
                  + "from it and asked the peer to close. Do not restore old copies of the store.");
      return;
    }
    if (message.nextCommitmentNumber() > now.latestRemote().number() + 1) {
      throw new ProtocolException(
          "channel_reestablish awaits commitment %d, but %d is the last one that was signed"
              .formatted(message.nextCommitmentNumber(), now.latestRemote().number()));
    }
    if (peerLostData(now, message)) {
      step.to(Link.UP);
      closeForThePeer(step, stage);
      return;
    }
    step.to(Link.UP);
    switch (stage) {
      case Stage.AwaitingReady waiting -> {
        if (waiting.saidReady()) {
          step.send(updating.channelReady(now));
        }
      }
      case Stage.Normal normal -> {
        sayAgain(step, now, message);
        htlcs.takeUp(step);
        ending.sayAgain(step, normal);
      }
      case Stage.Closing closing -> sayThatItCloses(step, closing);
      case Stage.DataLost lost -> {}
    }
  }

  /**
   * The peer lost data: it can't publish any more, so this side does. It will ask for that, but the
   * asking may get lost; and who only says so gains nothing by it.
   */
  private void closeForThePeer(Step step, Stage.Funded stage) {
    String reason = "the peer lost its data";
    switch (stage) {
      case Stage.AwaitingReady waiting -> settling.publish(step, waiting, reason);
      case Stage.Normal normal -> settling.publish(step, normal, reason);
      case Stage.Closing closing -> sayThatItCloses(step, closing);
      case Stage.DataLost lost -> {}
    }
    step.alert(
        "the peer of channel %s lost its data and can't close: %s"
            .formatted(
                stage.commitments().channelId(),
                stage instanceof Stage.DataLost
                    ? "so did this side, and nobody can"
                    : "this side closes with its latest commitment transaction"));
  }

  private void sayAgain(Step step, Commitments now, ChannelReestablish message) {
    if (message.nextCommitmentNumber() == 1 && now.local().number() == 0) {
      step.send(updating.channelReady(now));
    }
    boolean lacksSignature =
        now.remoteNext().isPresent()
            && message.nextCommitmentNumber() == now.remoteNext().get().commit().number();
    boolean lacksRevocation = message.nextRevocationNumber() == now.local().number() - 1;
    boolean signedFirst =
        now.remoteNext().filter(next -> next.afterLocal() < now.local().number()).isPresent();
    if (lacksRevocation && !(lacksSignature && signedFirst)) {
      step.send(exchange.revocation(now));
    }
    if (lacksSignature) {
      now.localChanges().signed().forEach(step::send);
      step.send(now.remoteNext().get().message());
      if (lacksRevocation && signedFirst) {
        step.send(exchange.revocation(now));
      }
    }
  }

  /**
   * Says again that this channel is over (BOLT 2, "Message Retransmission"): the peer may not have
   * heard it, and would wait for answers until the commitment gets into a block. A closing
   * transaction that both signed needs no word.
   */
  private static void sayThatItCloses(Step step, Stage.Closing stage) {
    if (stage.mutual().isEmpty() && stage.seen().isEmpty()) {
      step.send(
          new ErrorMessage(
              stage.commitments().channelId(), "this channel was closed by its commitment"));
    }
  }

  /** The peer knows a secret that this side has not yet revealed as far as it remembers. */
  private boolean provesOwnLoss(Commitments now, ChannelReestablish message) {
    long known = message.nextRevocationNumber();
    if (known <= now.local().number()) {
      return false;
    }
    if (known > Shachain.FIRST_INDEX
        || !keys.perCommitmentSecret(known - 1).equals(message.yourLastPerCommitmentSecret())) {
      throw new ProtocolException(
          "channel_reestablish claims revocation %d without its secret".formatted(known - 1));
    }
    return true;
  }

  private static boolean peerLostData(Commitments now, ChannelReestablish message) {
    long awaited = now.latestRemote().number() + 1;
    boolean knowsCommitment =
        message.nextCommitmentNumber() == awaited
            || (now.remoteNext().isPresent() && message.nextCommitmentNumber() == awaited - 1);
    boolean knowsRevocation =
        message.nextRevocationNumber() == now.local().number()
            || message.nextRevocationNumber() == now.local().number() - 1;
    return !knowsCommitment || !knowsRevocation;
  }
}
