/**
 * What the parties of a voucher channel sign, as EIP-712 typed data: vouchers, conditional vouchers
 * and cooperative closes, bound to one contract on one chain.
 *
 * <p>Imports units and crypto. Pure; knows nothing of when something is signed or why.
 */
@NullMarked
package chargepile.agent.voucher.eip712;

import org.jspecify.annotations.NullMarked;
