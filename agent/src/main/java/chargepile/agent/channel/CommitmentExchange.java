package chargepile.agent.channel;

import chargepile.agent.channel.tx.CommitmentTransaction;
import chargepile.agent.channel.tx.HtlcTransaction;
import chargepile.agent.channel.wire.ChannelMessage;
import chargepile.agent.channel.wire.CommitmentSigned;
import chargepile.agent.channel.wire.RevokeAndAck;
import chargepile.agent.crypto.ChannelKeys;
import chargepile.agent.crypto.KeyDerivation;
import chargepile.agent.crypto.Shachain;
import chargepile.agent.crypto.ShachainStore;
import chargepile.agent.crypto.Signer;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.ByteVector64;
import fr.acinq.bitcoin.PrivateKey;
import fr.acinq.bitcoin.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The exchange of commitments (BOLT 2, "Normal Operation"; P1-27, P1-29): sign the peer's next
 * commitment, take the peer's signature on the own next one, give up the own last one.
 */
final class CommitmentExchange {
  private final Signer signer;
  private final ChannelKeys keys;
  private final Transactions transactions;

  CommitmentExchange(ChannelContext context, Transactions transactions) {
    this.signer = context.signer();
    this.keys = context.keys();
    this.transactions = transactions;
  }

  /** The commitments after something was said, and what was said. */
  record Said<M extends ChannelMessage>(Commitments commitments, M message) {}

  /**
   * Signs the peer's next commitment, if there is something new for it and the one before is not
   * under way.
   *
   * @throws ProtocolException as {@link #sign} does
   */
  Optional<Said<CommitmentSigned>> signIfDue(Commitments now) {
    return now.hasChangesToSign() && now.remoteNext().isEmpty()
        ? Optional.of(sign(now))
        : Optional.empty();
  }

  /**
   * Signs the peer's next commitment with all updates that may be in it.
   *
   * @throws ProtocolException when nothing but dust would be left in it: a claim and a higher
   *     feerate that cross can do that in a small channel
   */
  Said<CommitmentSigned> sign(Commitments now) {
    Commitments.Remote latest = now.remote();
    Commitments.Remote next =
        new Commitments.Remote(
            latest.number() + 1, affordable(now::nextRemoteAllocation), now.remoteNextPoint());
    CommitmentTransaction transaction = published(() -> transactions.remote(now, next));
    var signing = now.signing().signRemoteCommitment(next.number(), transaction.fundingDigest());
    CommitmentSigned message =
        new CommitmentSigned(
            now.channelId(),
            signer.sign(transaction.fundingDigest(), keys.funding()),
            htlcSignatures(transaction, next.perCommitmentPoint()));
    Changes ours = now.localChanges();
    Changes theirs = now.remoteChanges();
    Commitments signed =
        new Commitments(
            now.setup(),
            now.funding(),
            now.local(),
            now.remote(),
            Optional.of(new Commitments.RemoteNext(next, message, now.local().number())),
            now.remoteNextPoint(),
            new Changes(List.of(), ours.proposed(), ours.acked()),
            new Changes(theirs.proposed(), theirs.acked(), List.of()),
            now.payments().signed(ours.proposed()),
            now.remoteSecrets(),
            signing);
    return new Said<>(signed, message);
  }

  /**
   * Takes the peer's signature on the own next commitment and gives up the last one.
   *
   * @throws ProtocolException when there is nothing to sign or the signature is not the peer's
   */
  Said<RevokeAndAck> acknowledge(Commitments now, CommitmentSigned received) {
    if (now.localChanges().acked().isEmpty() && now.remoteChanges().proposed().isEmpty()) {
      throw new ProtocolException("commitment_signed without an update to sign");
    }
    long number = now.local().number() + 1;
    Allocation allocation = affordable(now::nextLocalAllocation);
    CommitmentTransaction transaction =
        published(() -> transactions.local(now.setup(), now.funding(), allocation, number));
    verify(now.setup(), transaction, received.signature(), received.htlcSignatures());
    var signing = now.signing().storeLocalCommitment(number).reveal(number - 1);
    Changes ours = now.localChanges();
    Changes theirs = now.remoteChanges();
    Commitments acknowledged =
        new Commitments(
            now.setup(),
            now.funding(),
            new Commitments.Local(
                number, allocation, received.signature(), received.htlcSignatures()),
            now.remote(),
            now.remoteNext(),
            now.remoteNextPoint(),
            new Changes(ours.proposed(), ours.signed(), List.of()),
            new Changes(
                List.of(),
                theirs.signed(),
                Stream.concat(theirs.acked().stream(), theirs.proposed().stream()).toList()),
            now.payments().acknowledged(theirs.proposed()),
            now.remoteSecrets(),
            signing);
    return new Said<>(acknowledged.forgetSettled(), revocation(acknowledged));
  }

  /** The {@code revoke_and_ack} that gives up the commitment before the own present one. */
  RevokeAndAck revocation(Commitments now) {
    long number = now.local().number();
    return new RevokeAndAck(
        now.channelId(),
        keys.perCommitmentSecret(number - 1),
        keys.perCommitmentPoint(number + 1, signer));
  }

  /**
   * Takes the secret of the commitment that the peer gives up.
   *
   * @throws ProtocolException when none is awaited or the secret is not that commitment's
   */
  Commitments revoked(Commitments now, RevokeAndAck received) {
    Commitments.RemoteNext next =
        now.remoteNext()
            .orElseThrow(
                () -> new ProtocolException("revoke_and_ack, but no commitment was signed"));
    requirePoint(received.nextPerCommitmentPoint(), "next_per_commitment_point");
    PublicKey point = secretPoint(received.perCommitmentSecret());
    if (!point.equals(now.remote().perCommitmentPoint())) {
      throw new ProtocolException(
          "the secret in revoke_and_ack is not that of commitment " + now.remote().number());
    }
    Changes ours = now.localChanges();
    Changes theirs = now.remoteChanges();
    Commitments revoked =
        new Commitments(
            now.setup(),
            now.funding(),
            now.local(),
            next.commit(),
            Optional.empty(),
            received.nextPerCommitmentPoint(),
            new Changes(
                ours.proposed(),
                List.of(),
                Stream.concat(ours.acked().stream(), ours.signed().stream()).toList()),
            new Changes(theirs.proposed(), List.of(), theirs.acked()),
            now.payments(),
            insert(now.remoteSecrets(), now.remote().number(), received.perCommitmentSecret()),
            now.signing());
    return revoked.forgetSettled();
  }

  /**
   * Checks the peer's signatures on an own commitment transaction and its HTLC transactions.
   *
   * @throws ProtocolException naming the signature that is not the peer's
   */
  void verify(
      ChannelSetup setup,
      CommitmentTransaction own,
      ByteVector64 signature,
      List<ByteVector64> htlcSignatures) {
    if (!signer.verify(own.fundingDigest(), signature, setup.remote().basepoints().funding())) {
      throw new ProtocolException("the signature on commitment " + own.number() + " is not valid");
    }
    List<HtlcTransaction> htlcs = own.htlcTransactions();
    if (htlcs.size() != htlcSignatures.size()) {
      throw new ProtocolException(
          "commitment %d has %d HTLC outputs, but %d signatures came"
              .formatted(own.number(), htlcs.size(), htlcSignatures.size()));
    }
    for (int i = 0; i < htlcs.size(); i++) {
      if (!signer.verify(
          htlcs.get(i).digest(HtlcTransaction.REMOTE_SIGHASH),
          htlcSignatures.get(i),
          own.keys().remoteHtlc())) {
        throw new ProtocolException(
            "the signature on HTLC %d of commitment %d is not valid".formatted(i, own.number()));
      }
    }
  }

  /** Updates that crossed may together take more than there is, though each alone did not. */
  private static Allocation affordable(Supplier<Allocation> next) {
    try {
      return next.get();
    } catch (InsufficientBalanceException e) {
      throw new ProtocolException("crossing updates take more than there is: " + e.reason());
    }
  }

  private static CommitmentTransaction published(Supplier<CommitmentTransaction> building) {
    try {
      return building.get();
    } catch (IllegalArgumentException e) {
      throw new ProtocolException("no commitment can be published: " + e.getMessage());
    }
  }

  void requirePoint(PublicKey point, String name) {
    if (!signer.isValid(point)) {
      throw new ProtocolException(name + " is not a point on the curve");
    }
  }

  private List<ByteVector64> htlcSignatures(CommitmentTransaction transaction, PublicKey point) {
    List<ByteVector64> signatures = new ArrayList<>();
    for (HtlcTransaction htlc : transaction.htlcTransactions()) {
      PrivateKey key = KeyDerivation.derivePrivateKey(keys.htlcBase(), point, signer);
      signatures.add(signer.sign(htlc.digest(HtlcTransaction.REMOTE_SIGHASH), key));
    }
    return signatures;
  }

  private PublicKey secretPoint(ByteVector32 secret) {
    try {
      return signer.publicKey(new PrivateKey(secret));
    } catch (IllegalArgumentException e) {
      throw new ProtocolException("per_commitment_secret is not a valid private key");
    }
  }

  private static ShachainStore insert(ShachainStore secrets, long number, ByteVector32 secret) {
    try {
      return secrets.insert(Shachain.index(number), secret);
    } catch (IllegalArgumentException e) {
      throw new ProtocolException(
          "the secret of commitment " + number + " does not fit those before: " + e.getMessage());
    }
  }
}
