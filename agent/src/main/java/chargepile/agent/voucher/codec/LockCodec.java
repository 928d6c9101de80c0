package chargepile.agent.voucher.codec;

import chargepile.agent.codec.MalformedStateException;
import chargepile.agent.codec.StateReader;
import chargepile.agent.codec.StateWriter;
import chargepile.agent.crypto.EvmSignature;
import chargepile.agent.units.Amount;
import chargepile.agent.voucher.Lock;
import chargepile.agent.voucher.Party;
import chargepile.agent.voucher.SignedLock;
import chargepile.agent.voucher.VoucherSetup;
import chargepile.agent.voucher.eip712.ConditionalVoucher;
import fr.acinq.bitcoin.ByteVector;

/** A {@link Lock} as bytes. */
final class LockCodec {
  private LockCodec() {}

  static void write(StateWriter out, Lock lock) {
    ConditionalVoucher voucher = lock.voucher();
    out.i64(lock.id())
        .amount(lock.amount())
        .bytes(lock.onion())
        .amount(voucher.cumulative())
        .i64(voucher.seq())
        .fixed(voucher.evidence())
        .fixed(voucher.hashlock())
        .i64(voucher.expiry())
        .fixed(lock.signed().signature().bytes())
        .u8(
            switch (lock.status()) {
              case PENDING -> 0;
              case DUE -> 1;
              case PAID -> 2;
              case OVER -> 3;
            })
        .optional(lock.preimage(), out::fixed)
        .u8(
            switch (lock.seen()) {
              case NOWHERE -> 0;
              case LATEST -> 1;
              case FINAL -> 2;
            })
        .optional(lock.failure(), out::bytes);
  }

  static Lock read(StateReader in, VoucherSetup setup, Party payer) {
    long id = in.i64();
    Amount amount = in.amount();
    ByteVector onion = in.vector();
    ConditionalVoucher voucher =
        new ConditionalVoucher(
            setup.id(),
            setup.address(payer),
            in.amount(),
            in.i64(),
            in.vector32(),
            in.vector32(),
            in.i64());
    SignedLock signed = new SignedLock(voucher, EvmSignature.of(in.vector(EvmSignature.BYTES)));
    return new Lock(
        id,
        amount,
        onion,
        signed,
        status(in.u8()),
        in.optional(in::vector32),
        seen(in.u8()),
        in.optional(in::vector));
  }

  private static Lock.Status status(int number) {
    return switch (number) {
      case 0 -> Lock.Status.PENDING;
      case 1 -> Lock.Status.DUE;
      case 2 -> Lock.Status.PAID;
      case 3 -> Lock.Status.OVER;
      default -> throw new MalformedStateException("no lock is at " + number);
    };
  }

  private static Lock.Seen seen(int number) {
    return switch (number) {
      case 0 -> Lock.Seen.NOWHERE;
      case 1 -> Lock.Seen.LATEST;
      case 2 -> Lock.Seen.FINAL;
      default -> throw new MalformedStateException("no preimage is seen at " + number);
    };
  }
}
