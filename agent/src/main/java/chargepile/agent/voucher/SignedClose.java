package chargepile.agent.voucher;

import chargepile.agent.crypto.EvmSignature;
import chargepile.agent.voucher.eip712.CooperativeClose;

/** A cooperative close that both sides signed. */
public record SignedClose(CooperativeClose close, EvmSignature a, EvmSignature b) {}
