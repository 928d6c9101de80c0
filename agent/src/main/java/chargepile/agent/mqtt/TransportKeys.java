package chargepile.agent.mqtt;

import fr.acinq.bitcoin.PublicKey;

/**
 * What a finished handshake gives (BOLT 8, act three).
 *
 * @param peer the node key that the other side proved to hold
 * @param sendKey 32 bytes, the first key for what this side sends
 * @param receiveKey 32 bytes, the first key for what it receives
 * @param chainingKey 32 bytes, from which both directions' later keys follow
 */
record TransportKeys(PublicKey peer, byte[] sendKey, byte[] receiveKey, byte[] chainingKey) {
  @Override
  public String toString() {
    return "TransportKeys[" + peer + "]";
  }
}
