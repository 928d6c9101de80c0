package chargepile.agent.voucher;

import chargepile.agent.crypto.EvmSignature;
import chargepile.agent.voucher.eip712.Voucher;

/** A voucher and its payer's signature. */
public record SignedVoucher(Voucher voucher, EvmSignature signature) {}
