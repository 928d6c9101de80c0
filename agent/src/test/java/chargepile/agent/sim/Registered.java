package chargepile.agent.sim;

import chargepile.agent.identity.CertificateCheck;
import chargepile.agent.runtime.Identity;
import chargepile.agent.runtime.NodeKeys;
import chargepile.agent.session.notary.Clerk;
import chargepile.agent.session.notary.IdentityPolicy;
import chargepile.agent.session.notary.Registry;
import fr.acinq.bitcoin.Block;
import fr.acinq.bitcoin.ByteVector32;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The identities of pile and driver, the same in all runs. */
final class Registered {
  private static final ByteVector32 CHAIN = Block.RegtestGenesisBlock.blockId.value;
  private static final NodeKeys PILE = new NodeKeys(Party.seed(Who.PILE.name()), Party.SIGNER);
  private static final NodeKeys DRIVER = new NodeKeys(Party.seed(Who.DRIVER.name()), Party.SIGNER);
  private static final Registry.Party THE_PILE =
      Registry.TRUSTED.pile("pile-sim", PILE.nodeId(), Optional.of(PILE.meterId()), 11_000);
  private static final Registry.Party THE_DRIVER =
      Registry.TRUSTED.driver("driver-sim", DRIVER.nodeId());

  private Registered() {}

  /** At work in no time: virtual time does not pass for it. */
  static Identity of(Who who, IdentityPolicy policy, UnaryOperator<Clerk> deviation) {
    Registry.Party party =
        switch (who) {
          case PILE -> THE_PILE;
          case DRIVER -> THE_DRIVER;
        };
    Clerk clerk = deviation.apply(Registry.TRUSTED.clerk(party, CHAIN));
    return new Identity(policy, party.shown(), clerk, Runnable::run);
  }

  static CertificateCheck check() {
    return Registry.TRUSTED.check();
  }
}
