package chargepile.agent.channel;

import chargepile.agent.channel.wire.ChannelReady;
import chargepile.agent.channel.wire.OpenChannel;
import chargepile.agent.units.Amount;
import chargepile.agent.units.ChannelId;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.PublicKey;
import fr.acinq.bitcoin.Transaction;
import java.util.Optional;
import java.util.Set;

/** Where a channel is in its life. */
public sealed interface Stage {
  /** The stage's name in the journal and for people. */
  default String title() {
    return getClass().getSimpleName();
  }

  /** Nothing yet. */
  record Absent() implements Stage {}

  /** Funder: {@code open_channel} is said. */
  record AwaitingAccept(ChannelEvent.Open request, OpenChannel sent) implements Stage {}

  /** What both opened with, until the first commitments are signed. */
  record Opening(
      ChannelId temporaryId,
      ChannelSetup setup,
      Amount push,
      Feerate feerate,
      PublicKey remoteFirstPoint) {}

  /** Funder: the wallet builds the funding transaction. */
  record AwaitingFunding(Opening opening) implements Stage {}

  /** Funder: {@code funding_created} is said. */
  record AwaitingFundingSigned(Opening opening, Transaction fundingTransaction) implements Stage {}

  /** Fundee: {@code accept_channel} is said. */
  record AwaitingFundingCreated(Opening opening) implements Stage {}

  /** From the first signed commitments on. */
  sealed interface Funded extends Stage {
    Commitments commitments();
  }

  /**
   * The funding transaction is to be mined, and {@code channel_ready} to be said by both.
   *
   * @param saidReady whether the own {@code channel_ready} was said
   * @param heardReady the peer's
   */
  record AwaitingReady(
      Commitments commitments, boolean saidReady, Optional<ChannelReady> heardReady)
      implements Funded {}

  /**
   * In use, or on the way to a cooperative close.
   *
   * @param closing set once this side wants to close, or the peer said so
   */
  record Normal(Commitments commitments, Optional<Ending> closing) implements Funded {}

  /**
   * A cooperative close under way.
   *
   * @param refusal why the peer's updates are no longer accepted, if that is the cause
   * @param saidScript the script of the own {@code shutdown}, once said
   * @param heardScript the script of the peer's
   * @param signedFees the fees of the closing transactions signed here so far
   */
  record Ending(
      Optional<String> refusal,
      Optional<ByteVector> saidScript,
      Optional<ByteVector> heardScript,
      Set<Satoshi> signedFees) {
    public Ending {
      signedFees = Set.copyOf(signedFees);
    }

    static final Ending WANTED =
        new Ending(Optional.empty(), Optional.empty(), Optional.empty(), Set.of());

    Ending said(ByteVector script) {
      return new Ending(refusal, Optional.of(script), heardScript, signedFees);
    }

    Ending heard(ByteVector script) {
      return new Ending(refusal, saidScript, Optional.of(script), signedFees);
    }

    boolean agreed() {
      return saidScript.isPresent() && heardScript.isPresent();
    }
  }

  /**
   * The funding output is spent, or about to be.
   *
   * @param ending the cooperative close that was under way, whose transactions may still appear
   * @param mutual the closing transaction that both signed
   * @param mayPublish whether the own commitment transaction may be published; false after data
   *     loss
   * @param seen the transaction that was last seen to spend the funding output
   * @param settlement what goes on with the outputs of a commitment transaction
   */
  record Closing(
      Commitments commitments,
      Optional<Ending> ending,
      Optional<Transaction> mutual,
      boolean mayPublish,
      Optional<Transaction> seen,
      Settlement settlement)
      implements Funded {
    Closing(
        Commitments commitments,
        Optional<Ending> ending,
        Optional<Transaction> mutual,
        boolean mayPublish) {
      this(commitments, ending, mutual, mayPublish, Optional.empty(), Settlement.NONE);
    }

    Closing with(Commitments next) {
      return new Closing(next, ending, mutual, mayPublish, seen, settlement);
    }

    Closing with(Settlement next) {
      return new Closing(commitments, ending, mutual, mayPublish, seen, next);
    }

    /** This with the funding output spent by {@code spending}, or by nothing. */
    Closing seeing(Optional<Transaction> spending) {
      return new Closing(commitments, ending, mutual, mayPublish, spending, settlement);
    }
  }

  /**
   * The peer proved that this side's state is old (BOLT 2, data loss): nothing is ever published
   * from it; the peer is asked to close.
   */
  record DataLost(Commitments commitments) implements Funded {}

  /**
   * The store was lost, and the channel taken up again from a backup of its static part: the peer
   * is asked to close. There is no commitment here that could be published.
   *
   * @param seen the transaction that was last seen to spend the funding output
   */
  record Recovering(StaticChannel kept, Optional<Transaction> seen) implements Stage {
    public Recovering(StaticChannel kept) {
      this(kept, Optional.empty());
    }

    Recovering seeing(Optional<Transaction> spending) {
      return new Recovering(kept, spending);
    }
  }

  /**
   * All is settled.
   *
   * @param last the commitments at the end, where there were any
   * @param recovered what was kept of it, when its data had been lost
   */
  record Closed(
      Outcome outcome, String reason, Optional<Commitments> last, Optional<StaticChannel> recovered)
      implements Stage {
    public Closed(Outcome outcome, String reason, Optional<Commitments> last) {
      this(outcome, reason, last, Optional.empty());
    }

    static Closed recovered(String reason, StaticChannel kept) {
      return new Closed(Outcome.RECOVERED, reason, Optional.empty(), Optional.of(kept));
    }
  }
}
