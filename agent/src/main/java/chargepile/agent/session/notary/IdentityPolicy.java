package chargepile.agent.session.notary;

/** With whom terms are agreed to. */
public enum IdentityPolicy {
  /** With everybody; nobody introduces himself, and certificates are passed over. */
  OFF,
  /** With everybody; with who has a certificate, the session's settlement is signed too. */
  PREFERRED,
  /** With who has a certificate of the key generation centre alone. */
  REQUIRED
}
