package chargepile.agent.channel;

import chargepile.agent.channel.tx.CommitmentKeys;
import chargepile.agent.channel.tx.CommitmentOutput;
import chargepile.agent.channel.tx.CommitmentTransaction;
import chargepile.agent.crypto.Shachain;
import chargepile.agent.crypto.Signer;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PrivateKey;
import fr.acinq.bitcoin.Transaction;
import java.util.List;
import java.util.Optional;

/** What a transaction that spends the funding output is (design: every spend is classified). */
sealed interface FundingSpend {
  /** A closing transaction that both signed. */
  record Mutual() implements FundingSpend {}

  /** The own latest commitment transaction. */
  record Ours(CommitmentTransaction commitment) implements FundingSpend {}

  /** A commitment transaction of the peer that it has not revoked. */
  record Theirs(CommitmentTransaction commitment) implements FundingSpend {}

  /**
   * A commitment transaction that the peer has revoked (P1-34).
   *
   * @param outputs those recognised by their scripts; the balances of old states are not kept
   * @param secret the per-commitment secret that the peer revealed
   */
  record Revoked(long number, List<CommitmentOutput> outputs, ByteVector32 secret)
      implements FundingSpend {}

  /**
   * None of those: this side has lost data, or its own old commitment was published.
   *
   * @param outputs those that pay this side, as far as a script can tell
   */
  record Unknown(List<CommitmentOutput> outputs) implements FundingSpend {}

  /** Tells them apart. */
  static FundingSpend classify(
      Stage.Closing closing, Transaction spending, Transactions transactions, Signer signer) {
    Commitments now = closing.commitments();
    if (isMutual(closing, spending, transactions)) {
      return new Mutual();
    }
    CommitmentTransaction own = transactions.local(now);
    if (own.transaction().txid.equals(spending.txid)) {
      return new Ours(own);
    }
    CommitmentTransaction theirs = transactions.remote(now, now.remote());
    if (theirs.transaction().txid.equals(spending.txid)) {
      return new Theirs(theirs);
    }
    Optional<CommitmentTransaction> next =
        now.remoteNext().map(pending -> transactions.remote(now, pending.commit()));
    if (next.isPresent() && next.get().transaction().txid.equals(spending.txid)) {
      return new Theirs(next.get());
    }
    return revoked(now, spending, transactions, signer)
        .orElseGet(() -> new Unknown(recognise(now, spending, transactions, now.remote())));
  }

  private static boolean isMutual(
      Stage.Closing closing, Transaction spending, Transactions transactions) {
    if (closing.mutual().filter(mutual -> mutual.txid.equals(spending.txid)).isPresent()) {
      return true;
    }
    return closing.ending().filter(Stage.Ending::agreed).stream()
        .flatMap(
            ending ->
                ending.signedFees().stream()
                    .map(fee -> transactions.closing(closing.commitments(), ending, fee)))
        .anyMatch(candidate -> candidate.transaction().txid.equals(spending.txid));
  }

  private static Optional<FundingSpend> revoked(
      Commitments now, Transaction spending, Transactions transactions, Signer signer) {
    long number =
        CommitmentTransaction.numberOf(spending, Transactions.obscuringFactor(now.setup()));
    if (number >= now.remote().number()) {
      return Optional.empty();
    }
    return now.remoteSecrets()
        .secret(Shachain.index(number))
        .flatMap(
            secret -> {
              var point = signer.publicKey(new PrivateKey(secret));
              var commit = new Commitments.Remote(number, now.remote().allocation(), point);
              List<CommitmentOutput> outputs = recognise(now, spending, transactions, commit);
              return isTheirs(outputs)
                  ? Optional.of(new Revoked(number, outputs, secret))
                  : Optional.empty();
            });
  }

  /** The own old commitment bears the same number, but pays the peer, not this side, at once. */
  private static boolean isTheirs(List<CommitmentOutput> outputs) {
    return outputs.stream()
        .anyMatch(
            output ->
                output instanceof CommitmentOutput.ToLocal
                    || output instanceof CommitmentOutput.ToRemote);
  }

  private static List<CommitmentOutput> recognise(
      Commitments now, Transaction spending, Transactions transactions, Commitments.Remote commit) {
    CommitmentKeys keys = transactions.remoteKeys(now.setup(), commit.perCommitmentPoint());
    return CommitmentTransaction.recognise(
        spending, transactions.params(now.setup(), now.funding(), false), keys, List.of());
  }
}
