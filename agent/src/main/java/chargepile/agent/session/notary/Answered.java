package chargepile.agent.session.notary;

import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;

/**
 * A proposal that a driver has signed, to be answered in the same way when it comes again.
 *
 * @param digest SHA-256 of the settlement certificate
 * @param signature S_2, 48 bytes
 */
public record Answered(SettlementId id, ByteVector32 digest, ByteVector signature) {}
