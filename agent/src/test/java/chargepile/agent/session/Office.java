package chargepile.agent.session;

import chargepile.agent.identity.SignedSettlement;
import chargepile.agent.session.notary.Clerk;
import chargepile.agent.session.notary.IdentityPolicy;
import chargepile.agent.session.notary.NotaryAnswer;
import chargepile.agent.session.notary.NotaryContext;
import chargepile.agent.session.notary.NotaryTask;
import chargepile.agent.session.notary.Registry;
import fr.acinq.bitcoin.ByteVector;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntSupplier;

/** A side's identity, and the clerk who takes his time. */
record Office(
    IdentityPolicy policy,
    ByteVector certificate,
    Clerk clerk,
    Function<NotaryTask, Duration> duration) {
  /** How long a clerk takes. */
  static final Duration WORK = Duration.ofMillis(50);

  Office(IdentityPolicy policy, ByteVector certificate, Clerk clerk) {
    this(policy, certificate, clerk, _ -> WORK);
  }

  static NotaryContext ofPile(Optional<Office> office) {
    return office
        .map(own -> new NotaryContext(own.policy, Optional.empty(), own.certificate))
        .orElse(NotaryContext.OFF);
  }

  static NotaryContext ofDriver(Optional<Office> office) {
    return office
        .map(
            own ->
                new NotaryContext(own.policy, Optional.of(SessionWorld.PILE_NODE), own.certificate))
        .orElse(NotaryContext.OFF);
  }

  /**
   * Has the clerk work; a program that is restarted meanwhile hears nothing of it.
   *
   * @param programs how often the program was started
   */
  static void work(
      Optional<Office> office,
      SessionWorld world,
      IntSupplier programs,
      NotaryTask task,
      Consumer<NotaryAnswer> answer) {
    Clerk clerk = office.orElseThrow().clerk;
    int program = programs.getAsInt();
    world.after(
        office.orElseThrow().duration.apply(task),
        () -> {
          if (program == programs.getAsInt()) {
            answer.accept(clerk.answer(task, world.now().wall()));
          }
        });
  }

  static SignedSettlement read(ByteVector file) {
    return SignedSettlement.decode(file, Registry.PAIRING);
  }
}
