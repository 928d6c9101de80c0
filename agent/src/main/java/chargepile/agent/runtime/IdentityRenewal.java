package chargepile.agent.runtime;

import chargepile.agent.session.notary.Clerk;
import fr.acinq.bitcoin.ByteVector;
import java.util.Optional;

/** Where a node's identity comes from, and what the clerk knows of others. */
@FunctionalInterface
public interface IdentityRenewal {
  /** Stays as it is. */
  IdentityRenewal NONE = Optional::empty;

  /**
   * What is to be used from now on, if that is another than after the last look; what is wrong with
   * it is told to the operator, and then what is used stays. Called once a minute on the identity's
   * thread.
   */
  Optional<Renewed> look();

  /**
   * What is used.
   *
   * @param certificate the own one
   */
  record Renewed(ByteVector certificate, Clerk clerk) {}
}
