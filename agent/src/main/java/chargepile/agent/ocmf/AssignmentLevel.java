package chargepile.agent.ocmf;

/** How sure it is who the user was (OCMF, field {@code IL}). */
public enum AssignmentLevel {
  NONE,
  HEARSAY,
  TRUSTED,
  VERIFIED,
  CERTIFIED,
  SECURE,
  MISMATCH,
  INVALID,
  OUTDATED,
  UNKNOWN;

  /** Whether the record says that something is wrong with the user. */
  public boolean isError() {
    return switch (this) {
      case NONE, HEARSAY, TRUSTED, VERIFIED, CERTIFIED, SECURE -> false;
      case MISMATCH, INVALID, OUTDATED, UNKNOWN -> true;
    };
  }
}
