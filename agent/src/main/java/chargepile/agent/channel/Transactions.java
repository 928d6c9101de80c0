package chargepile.agent.channel;

import chargepile.agent.channel.tx.ClosingTransaction;
import chargepile.agent.channel.tx.CommitmentKeys;
import chargepile.agent.channel.tx.CommitmentParams;
import chargepile.agent.channel.tx.CommitmentTransaction;
import chargepile.agent.crypto.ChannelKeys;
import chargepile.agent.crypto.Signer;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.PublicKey;

/** The transactions of one channel, from its setup, its keys and an allocation. */
final class Transactions {
  private final Signer signer;
  private final ChannelKeys keys;

  Transactions(Signer signer, ChannelKeys keys) {
    this.signer = signer;
    this.keys = keys;
  }

  /** The own commitment transaction (the paper's C1a or C1b, P1-24, P1-26). */
  CommitmentTransaction local(
      ChannelSetup setup, OutPoint funding, Allocation allocation, long number) {
    return CommitmentTransaction.build(
        params(setup, funding, true),
        CommitmentKeys.of(
            setup.local().basepoints(),
            setup.remote().basepoints(),
            keys.perCommitmentPoint(number, signer),
            signer),
        allocation.spec(),
        number);
  }

  CommitmentTransaction local(Commitments commitments) {
    Commitments.Local local = commitments.local();
    return local(commitments.setup(), commitments.funding(), local.allocation(), local.number());
  }

  /** The peer's commitment transaction, which this side signs. */
  CommitmentTransaction remote(ChannelSetup setup, OutPoint funding, Commitments.Remote commit) {
    return CommitmentTransaction.build(
        params(setup, funding, false),
        remoteKeys(setup, commit.perCommitmentPoint()),
        commit.allocation().spec(),
        commit.number());
  }

  CommitmentTransaction remote(Commitments commitments, Commitments.Remote commit) {
    return remote(commitments.setup(), commitments.funding(), commit);
  }

  CommitmentKeys remoteKeys(ChannelSetup setup, PublicKey perCommitmentPoint) {
    return CommitmentKeys.of(
        setup.remote().basepoints(), setup.local().basepoints(), perCommitmentPoint, signer);
  }

  /**
   * The closing transaction that pays what the own commitment says. Both sides' own commitments
   * agree on that once both said {@code shutdown}: a side says it only when all it acknowledged is
   * signed, and drops its own unacknowledged updates when it hears it.
   */
  ClosingTransaction closing(Commitments commitments, Stage.Ending ending, Satoshi fee) {
    ChannelSetup setup = commitments.setup();
    var spec = commitments.local().allocation().spec();
    Satoshi dustLimit =
        setup.local().dustLimit().compareTo(setup.remote().dustLimit()) > 0
            ? setup.local().dustLimit()
            : setup.remote().dustLimit();
    return ClosingTransaction.build(
        commitments.funding(),
        setup.capacity(),
        setup.local().basepoints().funding(),
        setup.remote().basepoints().funding(),
        Satoshi.floor(spec.toLocal()),
        ending.saidScript().orElseThrow(),
        Satoshi.floor(spec.toRemote()),
        ending.heardScript().orElseThrow(),
        setup.funder(),
        fee,
        dustLimit);
  }

  CommitmentParams params(ChannelSetup setup, OutPoint funding, boolean ownerIsLocal) {
    ChannelSetup.Party owner = ownerIsLocal ? setup.local() : setup.remote();
    ChannelSetup.Party other = ownerIsLocal ? setup.remote() : setup.local();
    return new CommitmentParams(
        funding,
        setup.capacity(),
        owner.basepoints().funding(),
        other.basepoints().funding(),
        owner.dustLimit(),
        owner.toSelfDelay(),
        setup.funder() == ownerIsLocal,
        obscuringFactor(setup));
  }

  static long obscuringFactor(ChannelSetup setup) {
    return CommitmentParams.obscuringFactor(
        setup.funderParty().basepoints().payment(), setup.fundeeParty().basepoints().payment());
  }
}
