package chargepile.agent.cli.run;

import chargepile.agent.channel.Channel;
import chargepile.agent.channel.ChannelSetup;
import chargepile.agent.channel.StaticChannel;
import chargepile.agent.units.BlockHeight;
import chargepile.agent.web.Snapshot;
import fr.acinq.bitcoin.OutPoint;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * By which block a channel needs the pile. Once its funding output is spent in a block, the peer
 * may take its own part of a commitment transaction {@code to_self_delay} blocks later: a penalty
 * has to be there before. Until then the same counts from the last look, as a spend may be in the
 * next block. HTLCs have to be settled before their {@code cltv_expiry} (BOLT 2).
 */
final class Deadlines {
  private Deadlines() {}

  /** The first of all channels' deadlines; empty without channels. */
  static Optional<Snapshot.Deadline> next(Collection<Channel> channels, SeenChain.Look look) {
    return channels.stream()
        .flatMap(channel -> Stream.concat(delay(channel, look).stream(), expiries(channel)))
        .min(Comparator.comparing(Snapshot.Deadline::at));
  }

  private static Optional<Snapshot.Deadline> delay(Channel channel, SeenChain.Look look) {
    return channel.kept().map(kept -> delay(kept, look.tip(), look.minedSpends()));
  }

  private static Snapshot.Deadline delay(
      StaticChannel kept, BlockHeight tip, Map<OutPoint, BlockHeight> spends) {
    ChannelSetup setup = kept.setup();
    BlockHeight mined = spends.get(kept.funding());
    int blocks = setup.remote().toSelfDelay();
    return mined == null
        ? new Snapshot.Deadline(tip.plus(blocks), "the next look at the chain")
        : new Snapshot.Deadline(mined.plus(blocks), "settling a channel");
  }

  private static Stream<Snapshot.Deadline> expiries(Channel channel) {
    return channel.commitments().stream()
        .flatMap(now -> now.htlcs())
        .map(
            htlc ->
                new Snapshot.Deadline(
                    new BlockHeight(Math.toIntExact(htlc.cltvExpiry())), "settling an HTLC"));
  }
}
