package chargepile.agent.voucher;

import chargepile.agent.crypto.EvmSignature;
import chargepile.agent.units.Amount;
import chargepile.agent.voucher.VoucherStage.Closing;
import chargepile.agent.voucher.VoucherStage.Ending;
import chargepile.agent.voucher.VoucherStage.Normal;
import chargepile.agent.voucher.eip712.CooperativeClose;
import chargepile.agent.voucher.wire.VoucherMessage.VoucherClosingSigned;
import chargepile.agent.voucher.wire.VoucherMessage.VoucherShutdown;
import java.util.Optional;

/**
 * The cooperative close (P2-18), also after a refused claim.
 *
 * <p>Both say {@code voucher_shutdown}: the metering side when its claim is answered, the other at
 * once. Messages keep their order, so whoever has heard it has all that the other signed; a claim
 * that was not answered before it lapses. Then A signs what both have paid, and B, who holds both
 * signatures first, signs it too and answers. Either hands them to the contract. Nothing is signed
 * while a lock is pending (P2-17), of which what both have paid does not tell; one that was given
 * back counts no more.
 */
final class EndingSteps {
  private final VoucherSettings settings;
  private final VoucherExchange exchange;

  EndingSteps(VoucherContext context, VoucherExchange exchange) {
    this.settings = context.settings();
    this.exchange = exchange;
  }

  void want(Step step, Normal stage) {
    if (stage.closing().isEmpty()) {
      step.to(stage.with(Ending.WANTED))
          .store("cooperative close wanted")
          .tell(new VoucherNotice.Ending("this side closes the channel"));
      sayShutdownIfQuiet(step);
    }
  }

  /** Pays nothing more and closes with what both signed. */
  void refuse(Step step, Normal stage, String reason) {
    if (stage.closing().flatMap(Ending::refusal).isPresent()) {
      return;
    }
    if (stage.book().setup().metering()) {
      step.refuse("only the side that does not meter refuses");
      return;
    }
    step.to(stage.with(stage.closing().orElse(Ending.WANTED).refusing(reason)))
        .store("claim refused: " + reason)
        .tell(new VoucherNotice.Ending(reason));
    sayShutdownIfQuiet(step);
  }

  /** Says {@code voucher_shutdown} if this side wants to close and its claim is answered. */
  void sayShutdownIfQuiet(Step step) {
    if (step.stage() instanceof Normal stage
        && step.isUp()
        && stage.closing().filter(closing -> !closing.said()).isPresent()
        && stage.book().pending().isEmpty()) {
      Ending ending = stage.closing().get().saying();
      step.to(stage.with(ending))
          .store("shutdown said")
          .send(new VoucherShutdown(stage.book().id(), ending.refusal().orElse("")));
      proposeIfAgreed(step);
    }
  }

  void heard(Step step, Normal stage, VoucherShutdown shutdown) {
    if (stage.closing().isEmpty()) {
      step.tell(new VoucherNotice.Ending("the peer closes the channel"));
    }
    if (!shutdown.refusal().isEmpty()) {
      step.tell(new VoucherNotice.PeerObjected(shutdown.refusal()));
    }
    Ending ending = stage.closing().orElse(Ending.WANTED).hearing();
    step.to(stage.with(stage.book().answered()).with(ending)).store("shutdown heard");
    if (ending.said()) {
      proposeIfAgreed(step);
    } else {
      sayShutdownIfQuiet(step);
    }
  }

  /** A signs what both have paid, anew when what it signed last has expired. */
  void proposeIfAgreed(Step step) {
    if (!(step.stage() instanceof Normal stage) || !step.isUp() || stage.closing().isEmpty()) {
      return;
    }
    Ending ending = stage.closing().get();
    VoucherBook book = stage.book();
    boolean due = ending.said() && ending.heard() && book.setup().own() == Party.A;
    boolean isLocked = book.own().claimed().isPresent() || book.peer().claimed().isPresent();
    if (!due || book.time() == 0 || book.isSuspended() || isLocked) {
      return;
    }
    long deadline = book.time() + settings.closingTime().toSeconds();
    CooperativeClose close =
        new CooperativeClose(book.id(), book.paidBy(Party.A), book.paidBy(Party.B), deadline);
    step.to(stage.with(ending.signing(close)))
        .store("last payments signed")
        .send(message(close, exchange.sign(book.setup(), close)));
  }

  /** With a new view: what was signed may have expired without an answer. */
  void look(Step step, Normal stage) {
    boolean signedInTime =
        stage
            .closing()
            .flatMap(Ending::signed)
            .filter(close -> close.deadline() >= stage.book().time())
            .isPresent();
    if (!signedInTime) {
      proposeIfAgreed(step);
    }
  }

  void closingSigned(Step step, Normal stage, VoucherClosingSigned message) {
    VoucherBook book = stage.book();
    CooperativeClose close =
        new CooperativeClose(book.id(), message.paidByA(), message.paidByB(), message.deadline());
    if (!exchange.isSignedByPeer(book.setup(), close, message.signature())) {
      throw new ProtocolException(
          "the last payments are not signed by " + book.setup().peerAddress());
    }
    Optional<Ending> ending = stage.closing();
    switch (book.setup().own()) {
      case A -> {
        if (ending.flatMap(Ending::signed).filter(close::equals).isEmpty()) {
          throw new ProtocolException("last payments that this side has not signed");
        }
        EvmSignature own = exchange.sign(book.setup(), close);
        agreed(step, stage, new SignedClose(close, own, message.signature()));
      }
      case B -> {
        if (ending.filter(e -> e.said() && e.heard()).isEmpty()) {
          throw new ProtocolException("last payments before both said voucher_shutdown");
        }
        countersign(step, stage, close, message.signature());
      }
    }
  }

  private void countersign(Step step, Normal stage, CooperativeClose close, EvmSignature theirs) {
    VoucherBook book = stage.book();
    if (book.peer().claimed().isPresent()) {
      return; // for the peer it is over already; it signs anew when this expires
    }
    long offered = balance(close.paidByA(), close.paidByB());
    long due = balance(book.paidBy(Party.A), book.paidBy(Party.B));
    if (offered < due) {
      throw new ProtocolException(
          "last payments that leave %,d units to this side, due are %,d".formatted(offered, due));
    }
    EvmSignature own = exchange.sign(book.setup(), close);
    step.send(message(close, own));
    agreed(step, stage, new SignedClose(close, theirs, own));
  }

  /** What B gains: it counts alone, since the payouts follow from it, whatever was deposited. */
  private static long balance(Amount paidByA, Amount paidByB) {
    return paidByA.value() - paidByB.value();
  }

  private static void agreed(Step step, Normal stage, SignedClose close) {
    step.to(new Closing(stage.book(), "closed together", close))
        .store("last payments signed by both")
        .errand(new VoucherAction.CloseTogether(stage.book().setup(), close));
  }

  /** What B signed, said again after a reconnection: A can't know that it has. */
  static Optional<VoucherClosingSigned> answer(Closing stage) {
    return stage
        .together()
        .filter(both -> stage.book().setup().own() == Party.B)
        .map(both -> message(both.close(), both.b()));
  }

  private static VoucherClosingSigned message(CooperativeClose close, EvmSignature signature) {
    return new VoucherClosingSigned(
        close.channel(), close.paidByA(), close.paidByB(), close.deadline(), signature);
  }
}
