package chargepile.agent.channel;

import chargepile.agent.channel.tx.Htlc;
import chargepile.agent.channel.tx.HtlcSide;
import chargepile.agent.channel.wire.ChannelMessage;
import chargepile.agent.channel.wire.CommitmentSigned;
import chargepile.agent.channel.wire.EnergyUpdate;
import chargepile.agent.channel.wire.UpdateAddHtlc;
import chargepile.agent.crypto.ShachainStore;
import chargepile.agent.crypto.SigningRecord;
import chargepile.agent.units.ChannelId;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.ByteVector64;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.PublicKey;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
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
 * @param payments what is kept of HTLCs besides their place in the commitments
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
    Payments payments,
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
        .with(remoteChanges.acked(), localChanges.proposed(), !setup.metering());
  }

  /** The own commitment with all updates in it that the peer may sign now. */
  Allocation nextLocalAllocation() {
    return local
        .allocation()
        .with(localChanges.acked(), remoteChanges.proposed(), setup.metering());
  }

  /**
   * The own commitment as it will be when all that either side said is in it. The other side's
   * balance is spent from two sides, by its own HTLCs and by the metering side's claims: when those
   * cross, only this shows that together they are more than there is.
   *
   * @throws InsufficientBalanceException when they are
   */
  Allocation eventualAllocation() {
    return local
        .allocation()
        .with(
            Stream.of(localChanges.acked(), localChanges.signed(), localChanges.proposed())
                .flatMap(List::stream)
                .toList(),
            remoteChanges.proposed(),
            setup.metering());
  }

  boolean hasChangesToSign() {
    return !localChanges.proposed().isEmpty() || !remoteChanges.acked().isEmpty();
  }

  /**
   * Whether a {@code shutdown} may be said: no HTLC is in a commitment or on its way into one, and
   * no energy is in one side's commitment only. The metering side waits until its claims are in
   * both. The other side has signed all that it acknowledged; the peer takes that in before it
   * hears the shutdown. An {@code update_fee} on its way moves no balance, and to wait for it could
   * be to wait forever once claims are refused.
   */
  boolean isQuiet() {
    if (hasHtlcs()) {
      return false;
    }
    return setup.metering()
        ? remoteNext.isEmpty() && !hasChangesToSign() && localChanges.isEmpty()
        : remoteChanges.acked().stream().noneMatch(EnergyUpdate.class::isInstance);
  }

  /** Whether an HTLC is in a commitment that can be published, or proposed for one. */
  boolean hasHtlcs() {
    return holdsHtlcs()
        || remoteNext.filter(next -> next.commit().allocation().holdsHtlcs()).isPresent()
        || Payments.adds(localChanges.proposed()).findAny().isPresent()
        || Payments.adds(remoteChanges.proposed()).findAny().isPresent();
  }

  /** Whether an HTLC is in a commitment that its owner acknowledged. */
  boolean holdsHtlcs() {
    return local.allocation().holdsHtlcs() || remote.allocation().holdsHtlcs();
  }

  /** The id that the next own HTLC gets. */
  public long nextOfferedId() {
    return payments.offered() + Payments.adds(localChanges.proposed()).count();
  }

  /** The id that the peer's next HTLC must have. */
  long nextReceivedId() {
    return payments.received() + Payments.adds(remoteChanges.proposed()).count();
  }

  /** The preimages of HTLCs that are in a commitment which can be published, as far as known. */
  public List<ByteVector32> preimages() {
    return payments.preimages();
  }

  /**
   * The HTLCs of all commitments that can be published, from the own side's view; each once for
   * every commitment that it is in.
   */
  public Stream<Htlc> htlcs() {
    return Stream.of(
            local.allocation().htlcs(true),
            remote.allocation().htlcs(false),
            remoteNext.stream().flatMap(next -> next.commit().allocation().htlcs(false)))
        .flatMap(htlcs -> htlcs);
  }

  /** The own HTLCs that are in any commitment: what is missing here is settled. */
  public List<Htlc> offeredHtlcs() {
    return htlcs().filter(htlc -> htlc.side() == HtlcSide.OFFERED).distinct().toList();
  }

  /** The peer's HTLCs that are irrevocably committed and wait to be fulfilled or failed. */
  public List<UpdateAddHtlc> receivedHtlcs() {
    Set<Long> open =
        standing(HtlcSide.RECEIVED, localChanges).map(Htlc::id).collect(Collectors.toSet());
    return payments.waiting().stream().filter(htlc -> open.contains(htlc.id())).toList();
  }

  /** The own HTLC of this id, if it is irrevocably committed and the peer did not answer it yet. */
  Optional<Htlc> offeredHtlc(long id) {
    return standing(HtlcSide.OFFERED, remoteChanges).filter(htlc -> htlc.id() == id).findFirst();
  }

  /** In both commitments, their predecessors revoked, and not being removed by {@code answers}. */
  private Stream<Htlc> standing(HtlcSide side, Changes answers) {
    Set<Htlc> inRemote = remote.allocation().htlcs(false).collect(Collectors.toSet());
    return local
        .allocation()
        .htlcs(true)
        .filter(htlc -> htlc.side() == side && inRemote.contains(htlc))
        .filter(htlc -> !answers.answers(htlc.id()));
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
        payments,
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
        payments,
        remoteSecrets,
        record);
  }

  /** This with the peer's HTLC {@code id} to be fulfilled. */
  Commitments fulfil(long id, ByteVector32 preimage) {
    return withPayments(payments.fulfil(id, preimage));
  }

  /** This with a preimage known. */
  Commitments learn(ByteVector32 preimage) {
    return withPayments(payments.learn(preimage));
  }

  /** This without what was kept for HTLCs that are in no commitment any more. */
  Commitments forgetSettled() {
    Set<Long> received =
        htlcs()
            .filter(htlc -> htlc.side() == HtlcSide.RECEIVED)
            .map(Htlc::id)
            .collect(Collectors.toSet());
    Set<ByteVector32> hashes = htlcs().map(Htlc::paymentHash).collect(Collectors.toSet());
    return withPayments(payments.keep(received, hashes));
  }

  private Commitments withPayments(Payments kept) {
    return new Commitments(
        setup,
        funding,
        local,
        remote,
        remoteNext,
        remoteNextPoint,
        localChanges,
        remoteChanges,
        kept,
        remoteSecrets,
        signing);
  }

  /** After a lost link: what was only said is forgotten by both sides. */
  Commitments withoutProposed() {
    return withChanges(localChanges.withoutProposed(), remoteChanges.withoutProposed());
  }
}
