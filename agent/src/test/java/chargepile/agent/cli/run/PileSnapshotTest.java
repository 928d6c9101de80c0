package chargepile.agent.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.channel.Channel;
import chargepile.agent.channel.ChannelStates;
import chargepile.agent.channel.SampleChannels;
import chargepile.agent.config.ConfigException;
import chargepile.agent.config.ConfigFile;
import chargepile.agent.ocmf.RecordSamples;
import chargepile.agent.session.PeerChannel;
import chargepile.agent.session.pile.Phase;
import chargepile.agent.session.pile.Pile;
import chargepile.agent.session.pile.PileSettings;
import chargepile.agent.units.Amount;
import chargepile.agent.units.BlockHeight;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.Satoshi;
import chargepile.agent.web.Snapshot;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PileSnapshotTest {
  private static final PublicKey DRIVER = RecordSamples.METER.publicKey();
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void aFreshPile() throws ConfigException {
    Snapshot shown =
        PileSnapshot.of(Pile.fresh(settings()), around(Pile.fresh(settings()), Optional.empty()));

    assertEquals(Duration.ofSeconds(3), shown.silence());
    assertEquals(OptionalLong.of(0), shown.powerWatts());
    assertEquals(Optional.empty(), shown.session());
    assertEquals(List.of(), shown.channels());
    assertTrue(shown.watch().tip().isEmpty() && shown.watch().deadline().isEmpty());
    assertTrue(shown.watch().selling());
  }

  @Test
  void aChannelAfterTwoIncrements() throws ConfigException {
    Channel channel = SampleChannels.charged();
    Snapshot shown = PileSnapshot.of(pile(channel), around(pile(channel), look(100, Map.of())));

    Snapshot.Channel only = shown.channels().getFirst();
    assertEquals(new Amount(600_000), only.local());
    assertEquals(new Satoshi(SampleChannels.CAPACITY_SAT).toAmount(), only.capacity());
    assertEquals(only.capacity(), only.local().plus(only.remote()), "no fees, no HTLCs");
    assertEquals("Normal", only.stage());
  }

  @Test
  void aSettledChannelIsNotShown() throws ConfigException {
    Snapshot shown =
        PileSnapshot.of(
            pile(SampleChannels.closed()),
            around(pile(SampleChannels.closed()), look(100, Map.of())));
    assertEquals(List.of(), shown.channels());
    assertEquals(Optional.empty(), shown.watch().deadline());
  }

  @Test
  void everyStateOfAChannelCanBeShown() throws ConfigException {
    for (Channel channel : ChannelStates.ofEveryStage()) {
      Pile pile = pile(channel);
      Snapshot shown = PileSnapshot.of(pile, around(pile, look(100, Map.of())));
      assertEquals(pile.unfinishedChannels(), shown.channels().size());
      assertEquals(!shown.channels().isEmpty(), shown.watch().deadline().isPresent());
    }
  }

  @Test
  void theDeadlineMovesOnWithEachLookUntilTheFundingIsSpent() throws ConfigException {
    Channel channel = SampleChannels.charged();
    int delay = channel.kept().orElseThrow().setup().remote().toSelfDelay();
    OutPoint funding = channel.kept().orElseThrow().funding();

    assertEquals(100 + delay, deadline(channel, look(100, Map.of())));
    assertEquals(101 + delay, deadline(channel, look(101, Map.of())));
    assertEquals(102 + delay, deadline(channel, look(105, Map.of(funding, new BlockHeight(102)))));
  }

  @Test
  void everyPhaseHasItsName() {
    assertEquals(
        leaves(Phase.class).map(Class::getSimpleName).collect(Collectors.toSet()),
        new HashSet<>(PileSnapshot.PHASES));
  }

  private static Stream<Class<?>> leaves(Class<?> type) {
    return type.isSealed()
        ? Arrays.stream(type.getPermittedSubclasses()).flatMap(PileSnapshotTest::leaves)
        : Stream.of(type);
  }

  private static int deadline(Channel channel, Optional<SeenChain.Look> look)
      throws ConfigException {
    return PileSnapshot.of(pile(channel), around(pile(channel), look))
        .watch()
        .deadline()
        .orElseThrow()
        .at()
        .value();
  }

  private static Pile pile(Channel channel) throws ConfigException {
    return Pile.recovered(settings(), Map.of(DRIVER, new PeerChannel(0, channel)), 1);
  }

  private static Optional<SeenChain.Look> look(int tip, Map<OutPoint, BlockHeight> spends) {
    return Optional.of(new SeenChain.Look(NOW, new BlockHeight(tip), new Feerate(1000), spends));
  }

  private static PileSnapshot.Surroundings around(Pile pile, Optional<SeenChain.Look> look) {
    return new PileSnapshot.Surroundings(
        NOW, 0, Duration.ofSeconds(3), PileSnapshot.watch(pile, look), true, Optional.empty());
  }

  private static PileSettings settings() throws ConfigException {
    return new PileTerms(
            ConfigFile.parse(
                "test.toml", "[pile]\nid = \"p\"\n[tariff]\nprice_msat_per_kwh = 300000\n"))
        .pile();
  }
}
