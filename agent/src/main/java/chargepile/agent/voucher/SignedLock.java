package chargepile.agent.voucher;

import chargepile.agent.crypto.EvmSignature;
import chargepile.agent.voucher.eip712.ConditionalVoucher;

/** A conditional voucher and its payer's signature (P2-17). */
public record SignedLock(ConditionalVoucher voucher, EvmSignature signature) {}
