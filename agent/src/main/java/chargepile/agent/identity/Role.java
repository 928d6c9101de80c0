package chargepile.agent.identity;

/** What a party is registered as. Who buys and who sells is a matter of each trade (P1-01). */
public enum Role {
  /** A driver, with a car that charges or discharges. */
  USER(1),
  /** A charging pile. */
  PILE(2),
  /** An intermediate node of the channel network. */
  HUB(3),
  /** A grid service agency. */
  AGENCY(4),
  /** A company that registers piles; it doesn't sign for them (P1-12). */
  COMPANY(5);

  private final int code;

  Role(int code) {
    this.code = code;
  }

  /** The byte that stands for it in a certificate, and its number in the registry. */
  public int code() {
    return code;
  }

  static Role of(int code) {
    for (Role role : values()) {
      if (role.code == code) {
        return role;
      }
    }
    throw new MalformedIdentityException("role " + code + " is unknown");
  }
}
