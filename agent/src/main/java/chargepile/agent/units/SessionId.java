package chargepile.agent.units;

import fr.acinq.bitcoin.ByteVector;

/** The id of a charging session: 16 random bytes, chosen when terms are offered. */
public record SessionId(ByteVector value) {
  public SessionId {
    if (value.size() != 16) {
      throw new IllegalArgumentException("a session id has 16 bytes, not " + value.size());
    }
  }

  @Override
  public String toString() {
    return value.toHex();
  }
}
