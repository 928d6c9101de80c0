package chargepile.agent.crypto;

import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PrivateKey;
import fr.acinq.bitcoin.PublicKey;

/** One side's secrets for the life of a channel; all follow from a seed and the channel's index. */
public record ChannelKeys(
    PrivateKey funding,
    PrivateKey revocationBase,
    PrivateKey paymentBase,
    PrivateKey delayedBase,
    PrivateKey htlcBase,
    CommitmentSeed commitmentSeed) {

  /**
   * The secrets of channel number {@code channelIndex} of a seed.
   *
   * @param channelIndex 0 or more; never used twice with the same seed
   */
  public static ChannelKeys derive(ByteVector32 seed, long channelIndex) {
    if (channelIndex < 0) {
      throw new IllegalArgumentException("channel index below zero: " + channelIndex);
    }
    String channel = "channel/" + channelIndex + "/";
    return new ChannelKeys(
        SecretDerivation.key(seed, channel + "funding"),
        SecretDerivation.key(seed, channel + "revocation"),
        SecretDerivation.key(seed, channel + "payment"),
        SecretDerivation.key(seed, channel + "delayed payment"),
        SecretDerivation.key(seed, channel + "htlc"),
        new CommitmentSeed(SecretDerivation.bytes(seed, channel + "commitment seed")));
  }

  public Basepoints basepoints(Signer signer) {
    return new Basepoints(
        signer.publicKey(funding),
        signer.publicKey(revocationBase),
        signer.publicKey(paymentBase),
        signer.publicKey(delayedBase),
        signer.publicKey(htlcBase));
  }

  /** The secret that revokes commitment {@code number}: reveal it by the signing guard only. */
  public ByteVector32 perCommitmentSecret(long number) {
    return commitmentSeed.secret(Shachain.index(number));
  }

  public PublicKey perCommitmentPoint(long number, Signer signer) {
    return signer.publicKey(new PrivateKey(perCommitmentSecret(number)));
  }

  @Override
  public String toString() {
    return "ChannelKeys[secret]";
  }
}
