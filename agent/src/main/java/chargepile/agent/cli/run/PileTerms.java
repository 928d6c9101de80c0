package chargepile.agent.cli.run;

import chargepile.agent.chain.FeeReserve;
import chargepile.agent.channel.ChannelSettings;
import chargepile.agent.config.ChannelNumbers;
import chargepile.agent.config.Config;
import chargepile.agent.session.Exposure;
import chargepile.agent.session.pile.PileSettings;
import chargepile.agent.units.Direction;
import fr.acinq.bitcoin.ByteVector32;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/** The configuration in the words of the machines. */
public final class PileTerms {
  /** Longer than the daemon waits, after the opening time, before it reads back. */
  private static final Duration READ_BACK = Duration.ofMillis(100);

  private final Config config;

  public PileTerms(Config config) {
    this.config = config;
  }

  public PileSettings pile() {
    var session = config.session();
    return new PileSettings(
        config.meter(),
        config.plausibility(),
        config.tariff(),
        new Exposure(config.exposure().increment(), config.exposure().credit()),
        directions(),
        switching(),
        session.peerTimeout(),
        session.authoriseTimeout(),
        session.closeTimeout(),
        session.storeEvery(),
        session.storeEveryEnergy(),
        session.closeAfterSession(),
        session.closeWhenSilent(),
        config.ledger().grace());
  }

  /**
   * The meter's last pulse is waited for as long as the contactor may take, and the contactor does
   * not close again before its readback must have shown it open.
   */
  private PileSettings.Switching switching() {
    PileSettings.Switching usual = PileSettings.Switching.USUAL;
    Duration opening = config.plausibility().openingTime();
    return new PileSettings.Switching(
        usual.opening(),
        longer(opening.plus(READ_BACK), usual.minimumOpen()),
        longer(opening, usual.settle()));
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  ChannelSettings channel(ByteVector32 chainHash) {
    ChannelNumbers numbers = config.bitcoin().channel();
    return new ChannelSettings(
        chainHash,
        new ChannelSettings.CapacityBounds(numbers.minimumCapacity(), numbers.maximumCapacity()),
        new ChannelSettings.FeerateBounds(numbers.minimumFeerate(), numbers.maximumFeerate()),
        numbers.dustLimit(),
        numbers.channelReservePerMille(),
        numbers.toSelfDelay(),
        numbers.maximumToSelfDelay(),
        numbers.minimumDepth(),
        numbers.finalDepth(),
        numbers.htlcMinimum(),
        numbers.maxHtlcValueInFlight(),
        numbers.maxAcceptedHtlcs());
  }

  /** What the wallet keeps for closing alone. */
  public FeeReserve reserve() {
    return config
        .bitcoin()
        .chain()
        .reservePerChannel()
        .map(FeeReserve::new)
        .orElseGet(() -> FeeReserve.at(config.bitcoin().channel().maximumFeerate()));
  }

  /** Energy is taken back where a pin counts it. */
  private Set<Direction> directions() {
    Set<Direction> directions = EnumSet.of(Direction.IMPORT);
    if (config.gpio().exportPin().isPresent()) {
      directions.add(Direction.EXPORT);
    }
    return directions;
  }
}
