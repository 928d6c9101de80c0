package chargepile.agent.store;

/**
 * How far a channel's signatures and secrets have gone (BOLT 2 commitment numbers, counted up from
 * 0; of a voucher channel the numbers of the vouchers that this side signed and received, and
 * nothing revealed). The store refuses a commit in which they go back: the signing guard's last
 * line of defence.
 *
 * @param remoteSigned highest number of a remote commitment that this side signed, {@link #NOTHING}
 *     before the first
 * @param remoteSignedDigest names the content that was signed under that number; empty before the
 *     first
 * @param localStored highest number of a local commitment whose counter-signature is part of the
 *     stored state, {@link #NOTHING} before the first
 * @param revoked highest number of a local commitment whose secret may have been revealed, {@link
 *     #NOTHING} before the first; always below {@code localStored}
 */
public record SigningMarks(
    long remoteSigned, byte[] remoteSignedDigest, long localStored, long revoked) {
  /** The mark of what has not happened yet. */
  public static final long NOTHING = -1;

  /** Nothing signed, nothing stored, nothing revealed. */
  public static final SigningMarks NONE = new SigningMarks(NOTHING, new byte[0], NOTHING, NOTHING);

  public SigningMarks {
    if (remoteSigned < NOTHING || localStored < NOTHING || revoked < NOTHING) {
      throw new IllegalArgumentException(
          "a signing mark below %d: signed %d, stored %d, revoked %d"
              .formatted(NOTHING, remoteSigned, localStored, revoked));
    }
    if ((remoteSigned == NOTHING) != (remoteSignedDigest.length == 0)) {
      throw new IllegalArgumentException(
          "remote commitment %d signed, with a digest of %d bytes: a digest belongs to a signature"
              .formatted(remoteSigned, remoteSignedDigest.length));
    }
  }
}
