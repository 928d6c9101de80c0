package chargepile.agent.channel;

import chargepile.agent.channel.wire.ChannelMessage;

/** Saying an own update (BOLT 2, "Normal Operation"). */
final class Proposing {
  private final CommitmentExchange exchange;

  Proposing(CommitmentExchange exchange) {
    this.exchange = exchange;
  }

  /**
   * Says an own update and signs for it, at once or when the peer has answered the last signature.
   *
   * @param proposed with {@code update} proposed already
   * @param event the transition's name in the journal
   * @throws ProtocolException when the commitment with it can't be signed; nothing is said then
   */
  void say(
      Step step, Stage.Normal stage, Commitments proposed, ChannelMessage update, String event) {
    var signed = exchange.signIfDue(proposed);
    Commitments next = signed.map(CommitmentExchange.Said::commitments).orElse(proposed);
    step.to(new Stage.Normal(next, stage.closing())).store(event).send(update);
    signed.ifPresent(said -> step.send(said.message()));
  }

  static void refuse(Step step, String reason) {
    step.tell(new ChannelNotice.CommandRefused(reason));
  }
}
