package chargepile.agent.session;

import chargepile.agent.channel.Channel;
import chargepile.agent.channel.ChannelSetup;
import chargepile.agent.channel.Commitments;
import chargepile.agent.channel.Link;
import chargepile.agent.channel.Stage;
import chargepile.agent.channel.tx.CommitmentSpec;
import chargepile.agent.channel.tx.CommitmentTransaction;
import chargepile.agent.energy.SessionTotals;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Direction;
import chargepile.agent.units.Satoshi;
import chargepile.agent.units.SessionId;
import java.util.Optional;

/** What a channel's state says to a session: whether it can be used, what is paid, what is left. */
public record Standing(Channel channel) {
  /** Whether claims can be made now. */
  public boolean isUsable() {
    return channel.link() == Link.UP && isOpen();
  }

  /** Whether the channel is in use, be there a link or not. */
  public boolean isOpen() {
    return channel.stage() instanceof Stage.Normal normal
        && normal.closing().isEmpty()
        && !channel.isSuspended();
  }

  /** Whether the peer has yet to sign an own update. */
  public boolean isPending() {
    return channel
        .commitments()
        .filter(now -> now.remoteNext().isPresent() || !isEmpty(now))
        .isPresent();
  }

  /** What both signed for a session, as the own commitment has it. */
  public SessionTotals paid(SessionId session) {
    return last()
        .flatMap(now -> now.local().allocation().session())
        .filter(totals -> totals.session().equals(session))
        .orElseGet(() -> SessionTotals.start(session));
  }

  /** What the payer of energy in a direction can still pay, its reserve and fees kept. */
  public Amount spendable(Direction direction) {
    return channel.commitments().map(now -> spendable(now, direction)).orElse(Amount.ZERO);
  }

  /** The channel's commitments; of a closed one the last. */
  public Optional<Commitments> last() {
    return channel.stage() instanceof Stage.Closed closed ? closed.last() : channel.commitments();
  }

  private static Amount spendable(Commitments now, Direction direction) {
    ChannelSetup setup = now.setup();
    CommitmentSpec spec = now.local().allocation().spec();
    boolean ownPays = setup.metering() == (direction == Direction.EXPORT);
    Satoshi kept = ownPays ? setup.local().reserve() : setup.remote().reserve();
    if (setup.funder() == ownPays) {
      kept = kept.plus(CommitmentTransaction.funderCost(spec, setup.local().dustLimit()));
    }
    return (ownPays ? spec.toLocal() : spec.toRemote()).minusOrZero(kept.toAmount());
  }

  private static boolean isEmpty(Commitments now) {
    return now.localChanges().proposed().isEmpty()
        && now.localChanges().signed().isEmpty()
        && now.localChanges().acked().isEmpty();
  }
}
