package chargepile.agent.crypto;

import fr.acinq.bitcoin.PublicKey;

/** One side's public keys for the life of a channel: the funding key and BOLT 3's basepoints. */
public record Basepoints(
    PublicKey funding,
    PublicKey revocation,
    PublicKey payment,
    PublicKey delayedPayment,
    PublicKey htlc) {}
