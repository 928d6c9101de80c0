package chargepile.agent.channel;

import chargepile.agent.channel.wire.ChannelMessage;
import chargepile.agent.channel.wire.CommitmentSigned;
import chargepile.agent.channel.wire.EnergyUpdate;
import chargepile.agent.crypto.ShachainStore;
import chargepile.agent.crypto.SigningRecord;
import chargepile.agent.units.ChannelId;
import fr.acinq.bitcoin.ByteVector64;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.PublicKey;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The two commitment transactions of a channel and the updates on their way into them.
 *
 * @param local the own commitment, countersigned by the peer
 * @param remote the peer's commitment that it has not revoked
 * @param remoteNext the peer's next commitment: signed here, its predecessor not yet revoked
 * @param remoteNextPoint the per-commitment point of the peer's commitment after those above
 * @param localChanges the own updates
 * @param remoteChanges the peer's updates
 * @param remoteSecrets the secrets of all commitments that the peer has revoked
 * @param signing what was signed so far, for the guard
 */
public record Commitments(
    ChannelSetup setup,
    OutPoint funding,
    Local local,
    Remote remote,
    Optional<RemoteNext> remoteNext,
    PublicKey remoteNextPoint,
    Changes localChanges,
    Changes remoteChanges,
    ShachainStore remoteSecrets,
    SigningRecord signing) {

  /** The own commitment transaction. */
  public record Local(
      long number,
      Allocation allocation,
      ByteVector64 remoteSignature,
      List<ByteVector64> remoteHtlcSignatures) {
    public Local {
      remoteHtlcSignatures = List.copyOf(remoteHtlcSignatures);
    }
  }

  /** The peer's commitment transaction; its {@code allocation} is from the peer's view. */
  public record Remote(long number, Allocation allocation, PublicKey perCommitmentPoint) {}

  /**
   * The peer's next commitment transaction.
   *
   * @param message kept to be said again after a lost link
   * @param afterLocal the own commitment's number when it was said: tells which of {@code
   *     commitment_signed} and {@code revoke_and_ack} came first
   */
  public record RemoteNext(Remote commit, CommitmentSigned message, long afterLocal) {}

  public ChannelId channelId() {
    return ChannelId.of(funding);
  }

  /** The peer's commitment that it will hold when all that was signed arrives. */
  Remote latestRemote() {
    return remoteNext.map(RemoteNext::commit).orElse(remote);
  }

  /** The peer's commitment with all updates in it that may be signed now. */
  Allocation nextRemoteAllocation() {
    return latestRemote()
        .allocation()
        .with(
            Stream.concat(remoteChanges.acked().stream(), localChanges.proposed().stream())
                .toList(),
            !setup.metering());
  }

  /** The own commitment with all updates in it that the peer may sign now. */
  Allocation nextLocalAllocation() {
    return local
        .allocation()
        .with(
            Stream.concat(localChanges.acked().stream(), remoteChanges.proposed().stream())
                .toList(),
            setup.metering());
  }

  boolean hasChangesToSign() {
    return !localChanges.proposed().isEmpty() || !remoteChanges.acked().isEmpty();
  }

  /**
   * Whether a {@code shutdown} may be said: no energy is in one side's commitment only. The
   * metering side waits until its claims are in both. The other side has signed all that it
   * acknowledged; the peer takes that in before it hears the shutdown. An {@code update_fee} on its
   * way moves no balance, and to wait for it could be to wait forever once claims are refused.
   */
  boolean isQuiet() {
    return setup.metering()
        ? remoteNext.isEmpty() && !hasChangesToSign() && localChanges.isEmpty()
        : remoteChanges.acked().stream().noneMatch(EnergyUpdate.class::isInstance);
  }

  /** This with an own update proposed. */
  Commitments propose(ChannelMessage update) {
    return withChanges(localChanges.propose(update), remoteChanges);
  }

  /** This with an update that the peer proposed. */
  Commitments receive(ChannelMessage update) {
    return withChanges(localChanges, remoteChanges.propose(update));
  }

  Commitments withChanges(Changes ours, Changes theirs) {
    return new Commitments(
        setup,
        funding,
        local,
        remote,
        remoteNext,
        remoteNextPoint,
        ours,
        theirs,
        remoteSecrets,
        signing);
  }

  Commitments withSigning(SigningRecord record) {
    return new Commitments(
        setup,
        funding,
        local,
        remote,
        remoteNext,
        remoteNextPoint,
        localChanges,
        remoteChanges,
        remoteSecrets,
        record);
  }

  /** After a lost link: what was only said is forgotten by both sides. */
  Commitments withoutProposed() {
    return withChanges(localChanges.withoutProposed(), remoteChanges.withoutProposed());
  }
}
