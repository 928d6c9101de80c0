package chargepile.agent.channel;

import chargepile.agent.channel.tx.ClosingTransaction;
import chargepile.agent.channel.wire.ClosingSigned;
import chargepile.agent.channel.wire.Shutdown;
import chargepile.agent.channel.wire.Warning;
import chargepile.agent.crypto.ChannelKeys;
import chargepile.agent.crypto.Signer;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.ByteVector64;
import fr.acinq.bitcoin.Transaction;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The cooperative close (BOLT 2, "Channel Close"; P1-35), also after a refused update.
 *
 * <p>Only the metering side's updates move balances. It says {@code shutdown} when none of them is
 * under way; the other side when it has signed all that it acknowledged; both take no update after
 * that. A side that hears {@code shutdown} says it too, and its updates that the peer has not
 * acknowledged lapse. Only the side that does not meter ever refuses, so that the metering side
 * takes in every signature sent before a {@code shutdown}. So both sides' own commitments then hold
 * the same energy and the same balances; their feerates may differ, and a close does not use them.
 *
 * <p>While an HTLC is anywhere this side does not say {@code shutdown}, so that it can be answered;
 * nothing is added meanwhile. An own HTLC that was signed but not acknowledged when the peer says
 * {@code shutdown} lapses like any other update.
 */
final class EndingSteps {
  private final ChannelContext context;
  private final Signer signer;
  private final ChannelKeys keys;
  private final Transactions transactions;
  private final SettlingSteps settling;

  EndingSteps(ChannelContext context, Transactions transactions, SettlingSteps settling) {
    this.context = context;
    this.signer = context.signer();
    this.keys = context.keys();
    this.transactions = transactions;
    this.settling = settling;
  }

  void want(Step step, Stage.Normal stage) {
    if (stage.closing().isEmpty()) {
      step.to(new Stage.Normal(stage.commitments(), Optional.of(Stage.Ending.WANTED)))
          .store("cooperative close wanted")
          .tell(new ChannelNotice.Ending("this side closes the channel"));
      sayShutdownIfQuiet(step);
    }
  }

  /**
   * Takes no further update from the peer and closes at the last state that both signed. With HTLCs
   * there that goes over the chain: to answer them takes signatures of the peer's, and each of them
   * would cover what is refused.
   */
  void refuse(Step step, Stage.Normal stage, String reason) {
    if (refuses(stage)) {
      return;
    }
    if (stage.commitments().setup().metering()) {
      step.tell(new ChannelNotice.CommandRefused("only the side that does not meter refuses"));
      return;
    }
    Stage.Ending now = stage.closing().orElse(Stage.Ending.WANTED);
    Stage.Ending refusing =
        new Stage.Ending(
            Optional.of(reason), now.saidScript(), now.heardScript(), now.signedFees());
    Commitments kept =
        stage
            .commitments()
            .withChanges(
                stage.commitments().localChanges(),
                stage.commitments().remoteChanges().withoutProposed());
    if (kept.hasHtlcs()) {
      settling.publish(step, new Stage.Normal(kept, Optional.of(refusing)), reason);
      return;
    }
    step.to(new Stage.Normal(kept, Optional.of(refusing)))
        .store("update refused: " + reason)
        .send(new Warning(kept.channelId(), reason))
        .tell(new ChannelNotice.Ending(reason));
    sayShutdownIfQuiet(step);
  }

  boolean refuses(Stage.Normal stage) {
    return stage.closing().flatMap(Stage.Ending::refusal).isPresent();
  }

  boolean saidShutdown(Stage.Normal stage) {
    return stage.closing().flatMap(Stage.Ending::saidScript).isPresent();
  }

  /**
   * Whether the peer's updates and signatures are dropped. After the own {@code shutdown} they were
   * said before the peer heard it, and it drops them too; after a refusal they cover what was
   * refused.
   */
  boolean takesNothing(Stage.Normal stage) {
    return saidShutdown(stage) || refuses(stage);
  }

  /** Says {@code shutdown} if this side wants to close and nothing of its own is under way. */
  void sayShutdownIfQuiet(Step step) {
    if (step.next().stage() instanceof Stage.Normal stage
        && step.next().link() == Link.UP
        && stage.closing().isPresent()
        && stage.closing().get().saidScript().isEmpty()
        && stage.commitments().isQuiet()) {
      say(step, stage, stage.closing().get());
    }
  }

  private void say(Step step, Stage.Normal stage, Stage.Ending ending) {
    ByteVector script = stage.commitments().setup().local().shutdownScript();
    ByteVector own = script.isEmpty() ? context.closingScript() : script;
    Stage.Ending said = ending.said(own);
    step.to(new Stage.Normal(stage.commitments(), Optional.of(said)))
        .store("shutdown said")
        .send(new Shutdown(stage.commitments().channelId(), own));
    proposeIfAgreed(step);
  }

  /** After a reconnection: what was said is said again, and the fee is negotiated anew. */
  void sayAgain(Step step, Stage.Normal stage) {
    stage
        .closing()
        .flatMap(Stage.Ending::saidScript)
        .ifPresent(
            script -> {
              step.send(new Shutdown(stage.commitments().channelId(), script));
              proposeIfAgreed(step);
            });
    sayShutdownIfQuiet(step);
  }

  void heard(Step step, Stage.Normal stage, Shutdown message) {
    ByteVector fixed = stage.commitments().setup().remote().shutdownScript();
    if (!fixed.isEmpty() && !fixed.equals(message.scriptPubkey())) {
      throw new ProtocolException("shutdown names another script than at the opening");
    }
    if (!isStandard(message.scriptPubkey())) {
      throw new ProtocolException("the scriptpubkey of shutdown is of no standard form");
    }
    if (stage.closing().flatMap(Stage.Ending::heardScript).isPresent()) {
      return;
    }
    boolean first = stage.closing().isEmpty();
    Stage.Ending ending = stage.closing().orElse(Stage.Ending.WANTED).heard(message.scriptPubkey());
    Stage.Normal next = new Stage.Normal(stage.commitments(), Optional.of(ending));
    step.to(next).store("shutdown heard");
    if (first) {
      step.tell(new ChannelNotice.Ending("the peer closes the channel"));
    }
    if (ending.saidScript().isPresent()) {
      proposeIfAgreed(step);
    } else if (!stage.commitments().holdsHtlcs()) {
      say(step, next, ending);
    } // otherwise when the last HTLC is answered
  }

  private void proposeIfAgreed(Step step) {
    if (step.next().stage() instanceof Stage.Normal stage
        && stage.commitments().setup().funder()
        && stage.closing().filter(Stage.Ending::agreed).isPresent()) {
      Stage.Ending ending = stage.closing().orElseThrow();
      sign(step, stage, ending, preferredFee(stage.commitments(), ending));
    }
  }

  void closingSigned(Step step, Stage.Normal stage, ClosingSigned message) {
    Stage.Ending ending =
        stage
            .closing()
            .filter(Stage.Ending::agreed)
            .orElseThrow(() -> new ProtocolException("closing_signed before both said shutdown"));
    Commitments commitments = stage.commitments();
    Range acceptable = acceptable(commitments, ending);
    if (!acceptable.admits(message.fee())) {
      if (commitments.setup().funder()) {
        throw new ProtocolException(
            "the closing fee %,d sat is outside %,d to %,d"
                .formatted(
                    message.fee().value(),
                    acceptable.minimum().value(),
                    acceptable.maximum().value()));
      }
      sign(step, stage, ending, acceptable.minimum());
      return;
    }
    ClosingTransaction closing = closing(commitments, ending, message.fee());
    if (!signer.verify(
        closing.digest(),
        message.signature(),
        commitments.setup().remote().basepoints().funding())) {
      throw new ProtocolException("the signature on the closing transaction is not valid");
    }
    if (!ending.signedFees().contains(message.fee())) {
      sign(step, stage, ending, message.fee());
    }
    Transaction complete =
        closing.signed(signer.sign(closing.digest(), keys.funding()), message.signature());
    Stage.Normal signed = (Stage.Normal) step.next().stage();
    step.to(new Stage.Closing(signed.commitments(), signed.closing(), Optional.of(complete), true))
        .store("closing transaction signed by both")
        .broadcast(complete, "closing transaction");
  }

  private void sign(Step step, Stage.Normal stage, Stage.Ending ending, Satoshi fee) {
    Commitments commitments = stage.commitments();
    ClosingTransaction closing = closing(commitments, ending, fee);
    var signing = commitments.signing().signClosing(balances(commitments, ending));
    ByteVector64 signature = signer.sign(closing.digest(), keys.funding());
    Range range = acceptable(commitments, ending);
    Set<Satoshi> fees = new HashSet<>(ending.signedFees());
    fees.add(fee);
    Stage.Ending signed =
        new Stage.Ending(ending.refusal(), ending.saidScript(), ending.heardScript(), fees);
    step.to(new Stage.Normal(commitments.withSigning(signing), Optional.of(signed)))
        .store("closing_signed said")
        .send(
            new ClosingSigned(
                commitments.channelId(), fee, signature, range.minimum(), range.maximum()));
  }

  /** What the guard compares: the closing transaction without a fee. */
  private ByteVector32 balances(Commitments commitments, Stage.Ending ending) {
    return closing(commitments, ending, Satoshi.ZERO).digest();
  }

  private ClosingTransaction closing(Commitments commitments, Stage.Ending ending, Satoshi fee) {
    try {
      return transactions.closing(commitments, ending, fee);
    } catch (IllegalArgumentException e) {
      throw new ProtocolException("no closing transaction can be built: " + e.getMessage());
    }
  }

  private record Range(Satoshi minimum, Satoshi maximum) {
    boolean admits(Satoshi fee) {
      return fee.compareTo(minimum) >= 0 && fee.compareTo(maximum) <= 0;
    }
  }

  /**
   * The fees this side signs: from what the network relays to the highest configured feerate, but
   * never more than the funder has.
   */
  private Range acceptable(Commitments commitments, Stage.Ending ending) {
    int weight = weight(ending);
    Satoshi minimum = fee(Feerate.MINIMUM_RELAY, weight);
    Satoshi maximum = fee(context.settings().feerate().maximum(), weight);
    var spec = commitments.local().allocation().spec();
    Satoshi funder = Satoshi.floor(commitments.setup().funder() ? spec.toLocal() : spec.toRemote());
    return new Range(smaller(minimum, funder), smaller(maximum, funder));
  }

  private static Satoshi smaller(Satoshi a, Satoshi b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  private Satoshi preferredFee(Commitments commitments, Stage.Ending ending) {
    Satoshi fee = fee(commitments.local().allocation().spec().feerate(), weight(ending));
    Range range = acceptable(commitments, ending);
    if (fee.compareTo(range.minimum()) < 0) {
      return range.minimum();
    }
    return fee.compareTo(range.maximum()) > 0 ? range.maximum() : fee;
  }

  private static int weight(Stage.Ending ending) {
    return ClosingTransaction.weight(
        ending.saidScript().orElseThrow(), ending.heardScript().orElseThrow());
  }

  private static Satoshi fee(Feerate feerate, int weight) {
    // Rounded up: a fee rounded down at the minimum feerate would not be relayed.
    return new Satoshi(feerate.fee(weight).value() + 1);
  }

  /** BOLT 2's standard forms: P2WPKH, P2WSH, and any later witness version. */
  private static boolean isStandard(ByteVector script) {
    byte[] bytes = script.toByteArray();
    if (bytes.length < 4 || bytes.length > 42 || bytes[1] != bytes.length - 2) {
      return false;
    }
    boolean version0 = bytes[0] == 0 && (bytes.length == 22 || bytes.length == 34);
    return version0 || (bytes[0] >= 0x51 && bytes[0] <= 0x60);
  }
}
