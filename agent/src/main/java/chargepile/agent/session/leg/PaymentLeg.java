package chargepile.agent.session.leg;

import chargepile.agent.channel.Channel;
import chargepile.agent.energy.EnergyClaim;
import chargepile.agent.energy.SessionTotals;
import chargepile.agent.units.Amount;
import chargepile.agent.units.ChannelId;
import chargepile.agent.units.Direction;
import chargepile.agent.units.EvmAddress;
import chargepile.agent.units.SessionId;
import java.util.List;
import java.util.Optional;

/**
 * The channel that a session is paid on, whatever ledger it stands on: its whole state, and what
 * that says to a session. {@link Legs} answers what happens to it.
 */
public sealed interface PaymentLeg permits PenaltyLeg, VoucherLeg {
  /** How far a channel's life has come. */
  enum Life {
    /** Nothing was said yet. */
    ABSENT,
    /** On the way to its use. */
    OPENING,
    /** Claims can be made, be there a link or not, unless it is suspended. */
    IN_USE,
    /** Both are closing it together; either can still do that alone. */
    CLOSING_TOGETHER,
    /** It is settled on the ledger. */
    SETTLING,
    /** Nothing is left to be done. */
    CLOSED
  }

  /** What there is where no channel was ever begun; on every ledger it says the same. */
  static PaymentLeg none() {
    return PenaltyLeg.NEW;
  }

  /** The channel's id, a temporary one until it is funded; empty before there is one. */
  Optional<ChannelId> id();

  Life life();

  /** The peer's account on the ledger; empty where it has none, or none is known yet. */
  Optional<EvmAddress> peerAccount();

  /** The name of the stage of its life, for the journal and for people. */
  String title();

  /** How it ended; empty before. */
  Optional<LegOutcome> outcome();

  /** Whether both have signed for it and the ledger has not settled it: closing it costs a fee. */
  boolean isUnfinished();

  /**
   * Whether the peer is to put it on the ledger, which shows nothing of it, so that this side loses
   * nothing by giving it up. A penalty channel says never: its peer has spent on a transaction that
   * can't be told from one that is late.
   */
  boolean isUnopened();

  /**
   * Whether that it exists is the peer's word alone, and nothing is lost by forgetting it: nothing
   * of it is stored, and what is said of it binds nobody. A penalty channel is never that.
   */
  boolean isHearsay();

  /** Whether claims can be made now. */
  boolean isUsable();

  /** Whether the channel is in use, be there a link or not. */
  boolean isOpen();

  /** Whether the peer has yet to sign an own update. */
  boolean isPending();

  /** Whether a claim that is heard now may be signed for: then it is looked at before. */
  boolean answersClaims();

  /** Whether the ledger has yet to say what was paid last: not both sides' states hold the same. */
  boolean isUndecided();

  /** What both signed for a session, as this side could prove it. */
  SessionTotals paid(SessionId session);

  /** What the payer of energy in a direction can still pay, its reserve and fees kept. */
  Amount spendable(Direction direction);

  /** What both signed last, also of a closed channel; empty when they never did. */
  Optional<SignedState> signed();

  /** The claims for a session that the peer said and this side has not signed for, in order. */
  List<EnergyClaim> proposed(SessionId session);

  /** Whether the channel can be closed without a link: it is in use, or being closed together. */
  default boolean isClosable() {
    return life() == Life.IN_USE || life() == Life.CLOSING_TOGETHER;
  }

  /**
   * Whether the store was lost and the ledger alone told of the channel: there is nothing that
   * shows what was paid, nor who the peer is.
   */
  default boolean isUnproved() {
    return false;
  }

  default boolean isClosed() {
    return life() == Life.CLOSED;
  }

  /** The penalty channel, for what only that has; empty on another ledger. */
  Optional<Channel> penalty();
}
