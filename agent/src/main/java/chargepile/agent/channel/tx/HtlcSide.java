package chargepile.agent.channel.tx;

/** Whose HTLC it is, seen by the owner of the commitment transaction. */
public enum HtlcSide {
  /** The owner offered it and gets it back after its timeout. */
  OFFERED,
  /** The owner receives it with the preimage. */
  RECEIVED;

  /** The same HTLC's side in the other party's eyes. */
  public HtlcSide opposite() {
    return this == OFFERED ? RECEIVED : OFFERED;
  }
}
