package chargepile.agent.runtime;

import chargepile.agent.session.notary.Clerk;
import chargepile.agent.session.notary.IdentityPolicy;
import chargepile.agent.session.notary.NotaryContext;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.PublicKey;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * Who a node is to its peers, and who has to be to it.
 *
 * @param certificate the own one
 * @param clerk checks certificates and signs settlements
 * @param thread where it does; nothing else waits for it
 * @param renewal what becomes of certificate and clerk
 */
public record Identity(
    IdentityPolicy policy,
    ByteVector certificate,
    Clerk clerk,
    Executor thread,
    IdentityRenewal renewal) {
  /** One that stays as it is. */
  public Identity(IdentityPolicy policy, ByteVector certificate, Clerk clerk, Executor thread) {
    this(policy, certificate, clerk, thread, IdentityRenewal.NONE);
  }

  static NotaryContext ofPile(Optional<Identity> identity) {
    return identity
        .map(own -> new NotaryContext(own.policy(), Optional.empty(), own.certificate()))
        .orElse(NotaryContext.OFF);
  }

  /**
   * @param pile the pile's node key
   */
  static NotaryContext ofDriver(Optional<Identity> identity, PublicKey pile) {
    return identity
        .map(own -> new NotaryContext(own.policy(), Optional.of(pile), own.certificate()))
        .orElse(NotaryContext.OFF);
  }
}
