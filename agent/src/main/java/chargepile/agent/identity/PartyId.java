package chargepile.agent.identity;

import chargepile.agent.crypto.Keccak256;
import fr.acinq.bitcoin.ByteVector32;
import java.util.regex.Pattern;

/**
 * The name by which a key generation centre knows a party, unique there (P1-08, P1-10).
 *
 * @param value 1 to 64 of {@code a-z 0-9 . _ @ -}, beginning with a letter or digit: lower case, so
 *     that no two names differ only in how they are written
 */
public record PartyId(String value) implements Comparable<PartyId> {
  private static final Pattern FORM = Pattern.compile("[a-z0-9][a-z0-9._@-]{0,63}");

  public PartyId {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "a party's name is 1 to 64 of a-z 0-9 . _ @ - and begins with a letter or digit");
    }
  }

  /** The id by which the contracts on an EVM chain know the party. */
  public ByteVector32 hash() {
    return Keccak256.hash(value);
  }

  @Override
  public int compareTo(PartyId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
