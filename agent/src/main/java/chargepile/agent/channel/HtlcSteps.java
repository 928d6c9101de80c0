package chargepile.agent.channel;

import chargepile.agent.channel.tx.Htlc;
import chargepile.agent.channel.tx.HtlcSide;
import chargepile.agent.channel.wire.ChannelMessage;
import chargepile.agent.channel.wire.UpdateAddHtlc;
import chargepile.agent.channel.wire.UpdateFailHtlc;
import chargepile.agent.channel.wire.UpdateFulfillHtlc;
import fr.acinq.bitcoin.ByteVector32;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * HTLCs of either side (BOLT 2, "Adding an HTLC" and "Removing an HTLC"). One is answered only once
 * it is irrevocably committed: in both commitments, with both predecessors revoked.
 */
final class HtlcSteps {
  /** Enough for a failure onion of BOLT 4, and little enough to be kept in the state. */
  private static final int MAXIMUM_REASON = 1024;

  private final Proposing proposing;
  private final EndingSteps ending;
  private final SettlingSteps settling;

  HtlcSteps(Proposing proposing, EndingSteps ending, SettlingSteps settling) {
    this.proposing = proposing;
    this.ending = ending;
    this.settling = settling;
  }

  void add(Step step, Stage.Normal stage, ChannelEvent.AddHtlc command) {
    if (step.next().link() != Link.UP) {
      Proposing.refuse(step, "there is no link to the peer");
      return;
    }
    if (stage.closing().isPresent()) {
      Proposing.refuse(step, "the channel is closing");
      return;
    }
    Commitments now = stage.commitments();
    UpdateAddHtlc update =
        new UpdateAddHtlc(
            now.channelId(),
            now.nextOfferedId(),
            command.amount(),
            command.paymentHash(),
            command.cltvExpiry(),
            command.onion());
    Commitments proposed = now.propose(update);
    try {
      HtlcRules.checkOwn(proposed, update);
      proposing.say(step, stage, proposed, update, "HTLC %d offered".formatted(update.id()));
    } catch (ProtocolException e) {
      Proposing.refuse(step, e.reason());
    }
  }

  void fulfill(Step step, Stage.Normal stage, ChannelEvent.FulfillHtlc command) {
    Commitments now = stage.commitments();
    UpdateAddHtlc htlc = waiting(now, command.id()).orElse(null);
    if (htlc == null) {
      refuseUnknown(step, command.id());
    } else if (!command.preimage().sha256().equals(htlc.paymentHash())) {
      refusePreimage(step, command.id());
    } else if (step.next().link() == Link.UP) {
      answer(
          step,
          stage,
          now.fulfil(command.id(), command.preimage()),
          fulfillment(now, command.id(), command.preimage()));
    } else {
      step.to(new Stage.Normal(now.fulfil(command.id(), command.preimage()), stage.closing()))
          .store("preimage of HTLC %d known".formatted(command.id()));
    }
  }

  /** The preimage of an HTLC whose channel is on its way to the chain already. */
  void fulfill(Step step, Stage.Closing stage, ChannelEvent.FulfillHtlc command) {
    Commitments now = stage.commitments();
    Optional<Htlc> htlc =
        now.htlcs()
            .filter(known -> known.side() == HtlcSide.RECEIVED && known.id() == command.id())
            .findFirst();
    if (htlc.isEmpty()) {
      refuseUnknown(step, command.id());
    } else if (!htlc.get().isPaidBy(command.preimage())) {
      refusePreimage(step, command.id());
    } else {
      step.to(stage.with(now.fulfil(command.id(), command.preimage())))
          .store("preimage of HTLC %d known".formatted(command.id()));
    }
  }

  void fail(Step step, Stage.Normal stage, ChannelEvent.FailHtlc command) {
    Commitments now = stage.commitments();
    UpdateAddHtlc htlc = waiting(now, command.id()).orElse(null);
    if (htlc == null) {
      refuseUnknown(step, command.id());
    } else if (now.payments().fulfilled().contains(htlc.id())) {
      Proposing.refuse(step, "HTLC %d is fulfilled already".formatted(command.id()));
    } else if (command.reason().size() > MAXIMUM_REASON) {
      Proposing.refuse(step, "a reason has at most %d bytes".formatted(MAXIMUM_REASON));
    } else if (step.next().link() != Link.UP) {
      Proposing.refuse(step, "there is no link to the peer");
    } else {
      var failure = new UpdateFailHtlc(now.channelId(), command.id(), command.reason());
      answer(step, stage, now, failure);
    }
  }

  private void answer(Step step, Stage.Normal stage, Commitments known, ChannelMessage update) {
    try {
      proposing.say(step, stage, known.propose(update), update, "HTLC answered");
    } catch (ProtocolException e) {
      Proposing.refuse(step, e.reason());
    }
  }

  void added(Step step, Stage.Normal stage, UpdateAddHtlc update) {
    if (ending.takesNothing(stage)) {
      return;
    }
    if (stage.closing().flatMap(Stage.Ending::heardScript).isPresent()) {
      throw new ProtocolException("update_add_htlc after shutdown");
    }
    Commitments now = stage.commitments();
    if (update.id() != now.nextReceivedId()) {
      throw new ProtocolException(
          "the HTLC has id %d, but %d is the next".formatted(update.id(), now.nextReceivedId()));
    }
    Commitments received = now.receive(update);
    HtlcRules.check(received, update, false);
    try {
      received.eventualAllocation();
    } catch (InsufficientBalanceException e) {
      settling.publish(step, stage, "an HTLC crossed a claim on the same balance: " + e.reason());
      return;
    }
    step.to(new Stage.Normal(received, stage.closing()));
  }

  void fulfilled(Step step, Stage.Normal stage, UpdateFulfillHtlc update) {
    if (ending.takesNothing(stage)) {
      return;
    }
    Commitments now = stage.commitments();
    if (!offered(now, update.id()).isPaidBy(update.paymentPreimage())) {
      throw new ProtocolException("the preimage is not that of HTLC %d".formatted(update.id()));
    }
    Commitments known = now.receive(update).learn(update.paymentPreimage());
    step.to(new Stage.Normal(known, stage.closing()))
        .store("HTLC %d fulfilled by peer".formatted(update.id()))
        .tell(new ChannelNotice.HtlcFulfilled(update.id(), update.paymentPreimage()));
  }

  void failed(Step step, Stage.Normal stage, UpdateFailHtlc update) {
    if (ending.takesNothing(stage)) {
      return;
    }
    Commitments now = stage.commitments();
    offered(now, update.id());
    if (update.reason().size() > MAXIMUM_REASON) {
      throw new ProtocolException("the reason has more than %d bytes".formatted(MAXIMUM_REASON));
    }
    step.to(new Stage.Normal(now.receive(update), stage.closing()));
  }

  /** Tells of the peer's updates that a {@code revoke_and_ack} made irrevocable. */
  void settled(Step step, Changes before) {
    for (ChannelMessage update : before.signed()) {
      if (update instanceof UpdateAddHtlc add) {
        step.tell(received(add));
      } else if (update instanceof UpdateFailHtlc failed) {
        step.tell(new ChannelNotice.HtlcFailed(failed.id(), failed.reason()));
      }
    }
  }

  /** After a reconnection: says known preimages again, and tells again what waits for an answer. */
  void takeUp(Step step) {
    if (!(step.next().stage() instanceof Stage.Normal stage)) {
      return;
    }
    Commitments now = stage.commitments();
    now.offeredHtlcs()
        .forEach(
            htlc ->
                preimage(now, htlc.paymentHash())
                    .ifPresent(p -> step.tell(new ChannelNotice.HtlcFulfilled(htlc.id(), p))));
    now.receivedHtlcs().forEach(htlc -> takeUp(step, now, htlc));
  }

  private void takeUp(Step step, Commitments now, UpdateAddHtlc htlc) {
    Optional<ByteVector32> preimage =
        now.payments().fulfilled().contains(htlc.id())
            ? preimage(now, htlc.paymentHash())
            : Optional.empty();
    if (preimage.isPresent() && step.next().stage() instanceof Stage.Normal stage) {
      var again = fulfillment(now, htlc.id(), preimage.get());
      proposing.say(step, stage, stage.commitments().propose(again), again, "HTLC answered again");
    } else {
      step.tell(received(htlc));
    }
  }

  /** Own HTLCs that were only said are forgotten with the link. */
  static void lapseWithLink(Step step, Commitments now) {
    lapse(step, now.localChanges().proposed(), "the link was lost before it was signed");
  }

  /** What was only said is void once the channel goes to the chain: nothing is signed any more. */
  static Commitments lapseUnsigned(Step step, Commitments now) {
    lapse(
        step, now.localChanges().proposed(), "the channel went to the chain before it was signed");
    return now.withoutProposed();
  }

  /** Own HTLCs that the peer never took are void once the closing transaction is final. */
  static void lapseWithClose(Step step) {
    if (step.next().stage() instanceof Stage.Closed closed
        && closed.outcome() == Outcome.COOPERATIVE_CLOSE) {
      Changes ours = closed.last().orElseThrow().localChanges();
      Stream.of(ours.signed(), ours.proposed())
          .forEach(
              updates -> lapse(step, updates, "the channel was closed before the peer took it"));
    }
  }

  private static void lapse(Step step, List<ChannelMessage> updates, String reason) {
    Payments.adds(updates)
        .forEach(htlc -> step.tell(new ChannelNotice.HtlcLapsed(htlc.id(), reason)));
  }

  private static Optional<UpdateAddHtlc> waiting(Commitments now, long id) {
    return now.receivedHtlcs().stream().filter(htlc -> htlc.id() == id).findFirst();
  }

  private static Htlc offered(Commitments now, long id) {
    return now.offeredHtlc(id)
        .orElseThrow(
            () -> new ProtocolException("there is no HTLC %d to be answered".formatted(id)));
  }

  private static Optional<ByteVector32> preimage(Commitments now, ByteVector32 hash) {
    return now.preimages().stream().filter(known -> known.sha256().equals(hash)).findFirst();
  }

  private static UpdateFulfillHtlc fulfillment(Commitments now, long id, ByteVector32 preimage) {
    return new UpdateFulfillHtlc(now.channelId(), id, preimage);
  }

  private static ChannelNotice.HtlcReceived received(UpdateAddHtlc add) {
    return new ChannelNotice.HtlcReceived(
        add.id(), add.amount(), add.paymentHash(), add.cltvExpiry(), add.onionRoutingPacket());
  }

  private static void refuseUnknown(Step step, long id) {
    Proposing.refuse(step, "there is no HTLC %d to be answered".formatted(id));
  }

  private static void refusePreimage(Step step, long id) {
    Proposing.refuse(step, "the preimage is not that of HTLC %d".formatted(id));
  }
}
