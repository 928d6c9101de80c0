package chargepile.agent.evm;

import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;

/**
 * A transaction that a node takes.
 *
 * @param raw the envelope of EIP-2718
 */
public record SignedTransaction(
    Eip1559Transaction transaction, ByteVector raw, ByteVector32 hash) {}
