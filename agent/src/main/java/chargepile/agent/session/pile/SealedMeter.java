package chargepile.agent.session.pile;

import chargepile.agent.ocmf.MeterSigner;

/**
 * A meter whose readings are signed.
 *
 * @param pile the pile's id, as it stands on it and in its records
 */
public record SealedMeter(MeterSigner signer, String pile) {}
