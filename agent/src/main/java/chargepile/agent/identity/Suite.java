package chargepile.agent.identity;

/** The cryptographic suite and its domain separation tags: each hash has one use. */
final class Suite {
  /** What every encoding that is signed or hashed begins with. */
  static final String ID = "CHARGEPILE-V1-BLS12381G1_XMD:SHA-256_SSWU_RO_";

  static final String CERTIFICATE = tag("CERTIFICATE");
  static final String REVOCATION_LIST = tag("REVOCATION");
  static final String POSSESSION = tag("POP");
  static final String SIGNATURE = tag("SIG");
  static final String COEFFICIENT = tag("ID");
  static final String KEY_GENERATION = tag("KEYGEN");
  static final String SIGNERS = tag("SIGNERS");
  static final String PARAMETERS = tag("KGC");

  private Suite() {}

  private static String tag(String use) {
    return "CHARGEPILE-V1-" + use + "-BLS12381G1_XMD:SHA-256_SSWU_RO_";
  }
}
