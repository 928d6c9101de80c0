package chargepile.agent.voucher.wire;

import chargepile.agent.codec.BigSize;
import chargepile.agent.codec.TlvStream;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Direction;
import chargepile.agent.units.EvmAddress;
import chargepile.agent.units.VoucherChannelId;
import chargepile.agent.voucher.wire.VoucherMessage.LockProof;
import chargepile.agent.voucher.wire.VoucherMessage.Proof;
import fr.acinq.bitcoin.ByteVector;
import java.io.ByteArrayOutputStream;
import java.util.Optional;

/** Writes the fields of one message in order. */
final class WireWriter {
  static final int TEXT_BYTES = 1000;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream(256);

  WireWriter(int type) {
    this();
    BigSize.bigEndian(out, type, 2);
  }

  private WireWriter() {}

  static ByteVector proof(Proof proof) {
    WireWriter out = new WireWriter();
    out.amount(proof.cumulative())
        .u64(proof.seq())
        .fixed(proof.evidence())
        .fixed(proof.signature().bytes());
    return new ByteVector(out.finish());
  }

  static ByteVector lock(LockProof lock) {
    WireWriter out = new WireWriter();
    out.u64(lock.id())
        .amount(lock.amount())
        .fixed(lock.hashlock())
        .u64(lock.expiry())
        .fixed(proof(lock.proof()));
    return new ByteVector(out.finish());
  }

  WireWriter u64(long value) {
    BigSize.bigEndian(out, value, 8);
    return this;
  }

  WireWriter amount(Amount value) {
    return u64(value.value());
  }

  /** Bytes whose number the reader knows. */
  WireWriter fixed(ByteVector value) {
    out.writeBytes(value.toByteArray());
    return this;
  }

  WireWriter address(EvmAddress value) {
    return fixed(value.value());
  }

  WireWriter channel(VoucherChannelId value) {
    return fixed(value.value());
  }

  WireWriter direction(Direction value) {
    out.write(value == Direction.IMPORT ? 0 : 1);
    return this;
  }

  /** Printable ASCII, the rest as question marks. */
  WireWriter text(String value) {
    ByteArrayOutputStream ascii = new ByteArrayOutputStream();
    value.codePoints().limit(TEXT_BYTES).forEach(c -> ascii.write(c >= ' ' && c <= '~' ? c : '?'));
    BigSize.bigEndian(out, ascii.size(), 2);
    out.writeBytes(ascii.toByteArray());
    return this;
  }

  /** A record behind the fields; types must rise. */
  WireWriter tlv(long type, Optional<? extends ByteVector> value) {
    value.ifPresent(bytes -> TlvStream.write(out, type, bytes.toByteArray()));
    return this;
  }

  byte[] finish() {
    return out.toByteArray();
  }
}
