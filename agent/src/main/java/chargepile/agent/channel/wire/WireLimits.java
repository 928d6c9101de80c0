package chargepile.agent.channel.wire;

/** Bounds of BOLT 1, BOLT 2 and BOLT 4 that both directions of the codec hold. */
final class WireLimits {
  /** A message with its type (BOLT 1). */
  static final int MESSAGE_BYTES = 65_535;

  /** All the bitcoin there can be, in satoshi (BOLT 1). */
  static final long SATOSHI = 0x000775f05a074000L;

  /** All the bitcoin there can be, in millisatoshi (BOLT 1). */
  static final long MILLISATOSHI = 0x1d24b2dfac520000L;

  static final long U16 = 0xffffL;
  static final long U32 = 0xffff_ffffL;

  /** Commitment numbers have 48 bits; the next one may be one past the last (BOLT 2). */
  static final long COMMITMENT_NUMBER = 1L << 48;

  /** 483 HTLCs in either direction (BOLT 2). */
  static final int HTLC_SIGNATURES = 966;

  /** What a warning or error may say, so that the message stays within its bound. */
  static final int TEXT_BYTES = MESSAGE_BYTES - 2 - 32 - 2;

  private WireLimits() {}
}
