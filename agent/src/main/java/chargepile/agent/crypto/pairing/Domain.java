package chargepile.agent.crypto.pairing;

/** Domain separation tags (RFC 9380, section 3.1). */
final class Domain {
  private static final int LONGEST = 255;

  private Domain() {}

  /** Printable ASCII only: it is the same bytes in every library. */
  static String checked(String domain) {
    if (domain.isEmpty()
        || domain.length() > LONGEST
        || !domain.chars().allMatch(c -> c > ' ' && c <= '~')) {
      throw new IllegalArgumentException(
          "a domain tag is 1 to 255 printable ASCII characters, not \"" + domain + "\"");
    }
    return domain;
  }
}
