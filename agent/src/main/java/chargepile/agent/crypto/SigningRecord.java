package chargepile.agent.crypto;

import fr.acinq.bitcoin.ByteVector32;
import java.util.Optional;

/**
 * What was signed, revealed and published in a channel, and the rule of what may follow.
 *
 * <p>Every method answers with the record to put on disk <em>before</em> the deed is done, or
 * throws {@link SigningRefusedException}. Repeating the last deed is allowed and changes nothing: a
 * restart may not know whether it was done. Numbers are commitment numbers; -1 is none yet.
 *
 * @param remoteSigned the highest commitment of the peer that we signed
 * @param remoteDigest the content of that commitment, once there is one
 * @param localStored our highest commitment for which we hold the peer's signatures
 * @param revealed our highest commitment that we revoked
 * @param published our commitment that we published
 * @param closingDigest the balances of the cooperative close that we signed, whatever its fee
 */
public record SigningRecord(
    long remoteSigned,
    Optional<ByteVector32> remoteDigest,
    long localStored,
    long revealed,
    long published,
    Optional<ByteVector32> closingDigest) {

  private static final long NONE = -1;

  public SigningRecord {
    if (remoteSigned < NONE
        || published < NONE
        || revealed < NONE
        || remoteDigest.isPresent() == (remoteSigned == NONE)
        || localStored < revealed
        || (localStored == revealed && revealed != NONE)
        || (published != NONE && (published <= revealed || published > localStored))) {
      throw new IllegalArgumentException(
          "signing record contradicts itself: remote signed %d, local stored %d, revealed %d, published %d"
              .formatted(remoteSigned, localStored, revealed, published));
    }
  }

  /** The record of a channel in which nothing was signed. */
  public static SigningRecord empty() {
    return new SigningRecord(NONE, Optional.empty(), NONE, NONE, NONE, Optional.empty());
  }

  /**
   * Before signing the peer's commitment {@code number}: the next one, or the last one with the
   * same content.
   *
   * @param contentDigest a digest of the whole commitment transaction
   */
  public SigningRecord signRemoteCommitment(long number, ByteVector32 contentDigest) {
    String what = "signing the peer's commitment " + number;
    if (number == remoteSigned) {
      require(
          remoteDigest.equals(Optional.of(contentDigest)),
          what,
          "another content was signed for that number");
      return this;
    }
    requireNext(number, remoteSigned, what, "signed");
    require(closingDigest.isEmpty(), what, "the cooperative close is signed");
    return new SigningRecord(
        number, Optional.of(contentDigest), localStored, revealed, published, closingDigest);
  }

  /**
   * Before the peer's signatures on our commitment {@code number} are on disk: the next one, or the
   * last one again.
   */
  public SigningRecord storeLocalCommitment(long number) {
    if (number == localStored) {
      return this;
    }
    String what = "storing our commitment " + number;
    requireNext(number, localStored, what, "stored");
    require(published == NONE, what, "commitment " + published + " is published");
    return new SigningRecord(
        remoteSigned, remoteDigest, number, revealed, published, closingDigest);
  }

  /**
   * Before the secret of our commitment {@code number} leaves: the next one, when its successor is
   * stored and it was not published; or the last one again.
   */
  public SigningRecord reveal(long number) {
    if (number == revealed && number != NONE) {
      return this;
    }
    String what = "revealing the secret of our commitment " + number;
    requireNext(number, revealed, what, "revealed");
    require(number < localStored, what, "its successor is not signed by the peer and stored");
    require(number != published, what, "it is published");
    return new SigningRecord(
        remoteSigned, remoteDigest, localStored, number, published, closingDigest);
  }

  /** Before our commitment {@code number} is signed and published: the latest one only. */
  public SigningRecord publishLocal(long number) {
    String what = "publishing our commitment " + number;
    require(number > revealed, what, "it is revoked");
    require(number == localStored, what, "the latest one is " + localStored);
    return new SigningRecord(
        remoteSigned, remoteDigest, localStored, revealed, number, closingDigest);
  }

  /**
   * Before signing a cooperative close: all closes of a channel pay the same balances, and no
   * commitment is signed after the first.
   *
   * @param balancesDigest a digest of the balances and scripts before the fee
   */
  public SigningRecord signClosing(ByteVector32 balancesDigest) {
    require(
        closingDigest.isEmpty() || closingDigest.equals(Optional.of(balancesDigest)),
        "signing the cooperative close",
        "one with other balances was signed");
    return new SigningRecord(
        remoteSigned, remoteDigest, localStored, revealed, published, Optional.of(balancesDigest));
  }

  private static void requireNext(long number, long highest, String what, String done) {
    require(
        number == highest + 1,
        what,
        highest == NONE
            ? "none was " + done + " before, so 0 comes first"
            : "the highest one " + done + " is " + highest);
  }

  private static void require(boolean allowed, String what, String why) {
    if (!allowed) {
      throw new SigningRefusedException("refused: " + what + ": " + why);
    }
  }
}
