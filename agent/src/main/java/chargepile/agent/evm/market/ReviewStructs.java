package chargepile.agent.evm.market;

import static chargepile.agent.evm.market.OrderStructs.number;
import static chargepile.agent.evm.market.OrderStructs.time;

import chargepile.agent.evm.Abi;
import chargepile.agent.evm.DeployedContract;
import chargepile.agent.evm.EvmException;
import chargepile.agent.market.RevenueSplit;
import chargepile.agent.market.order.ConversionTable;
import chargepile.agent.market.order.EnergyType;
import chargepile.agent.market.order.FeederId;
import chargepile.agent.market.order.RejectionReason.VetoReason;
import chargepile.agent.market.order.ReviewRule;
import chargepile.agent.market.order.eip712.ChainNames;
import chargepile.agent.market.order.eip712.OrderKey;
import chargepile.agent.market.review.LineLimit;
import com.esaulpaugh.headlong.abi.Tuple;
import fr.acinq.bitcoin.ByteVector32;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The structs and events of reviews, member by member as in the contract's sources. */
final class ReviewStructs {
  private ReviewStructs() {}

  static List<Object> of(AgencyLimits limits) {
    return List.of(
        limits.lead().toSeconds(),
        limits.horizon().toSeconds(),
        limits.floor(),
        limits.cap(),
        limits.fees().gridBasisPoints(),
        limits.fees().agencyBasisPoints(),
        limits.mostTolerance(),
        limits.leastDefaultRate(),
        limits.leastEnergy().value(),
        limits.leastWindow().toSeconds());
  }

  static AgencyLimits limits(Tuple x) {
    return new AgencyLimits(
        Duration.ofSeconds(number(x, 0)),
        Duration.ofSeconds(number(x, 1)),
        Abi.amount(x.get(2)),
        Abi.amount(x.get(3)),
        new RevenueSplit.Fees((int) number(x, 4), (int) number(x, 5)),
        (int) number(x, 6),
        Abi.amount(x.get(7)),
        OrderStructs.energy(x, 8),
        Duration.ofSeconds(number(x, 9)));
  }

  /** Feeders stand in rising order of their words, each once. */
  static List<Object> of(LineLimit line) {
    List<Map.Entry<FeederId, Long>> feeders =
        line.microPerWatt().entrySet().stream()
            .sorted(Comparator.comparing(entry -> ChainNames.word(entry.getKey()).toHex()))
            .toList();
    return List.of(
        ChainNames.word(new FeederId(line.name())),
        line.limit(),
        feeders.stream().<Object>map(entry -> ChainNames.word(entry.getKey())).toList(),
        feeders.stream().<Object>map(Map.Entry::getValue).toList());
  }

  static List<Object> of(List<LineLimit> lines) {
    return lines.stream().<Object>map(ReviewStructs::of).toList();
  }

  private static List<LineLimit> lines(Tuple[] found) {
    return Stream.of(found).map(ReviewStructs::line).toList();
  }

  private static LineLimit line(Tuple x) {
    byte[][] feeders = x.get(2);
    long[] micro = x.get(3);
    Map<FeederId, Long> microPerWatt = new LinkedHashMap<>();
    for (int i = 0; i < feeders.length; i++) {
      microPerWatt.put(ChainNames.feeder(new ByteVector32(feeders[i])), micro[i]);
    }
    return new LineLimit(ChainNames.feeder(Abi.hash(x.get(0))).value(), microPerWatt, number(x, 1));
  }

  /** Empty for events of no interest. */
  static Optional<ReviewLog> decode(DeployedContract.Decoded log) {
    Tuple x = log.arguments();
    return Optional.ofNullable(
        switch (log.event()) {
          case "Reviewed" ->
              new ReviewLog.Reviewed(
                  Abi.address(x.get(0)), key(x), Abi.address(x.get(2)), rule(number(x, 3)));
          case "Vetoed" ->
              new ReviewLog.Vetoed(
                  Abi.address(x.get(0)), key(x), Abi.address(x.get(2)), veto(number(x, 3)));
          case "Released" -> new ReviewLog.Released(Abi.address(x.get(0)), key(x));
          case "LimitsPublished" ->
              new ReviewLog.LimitsPublished(
                  new LimitsNotice(limits(x.get(0)), lines(x.get(1)), time(x, 2)));
          case "FeederPublished" ->
              new ReviewLog.FeederPublished(
                  ChainNames.feeder(Abi.hash(x.get(0))), number(x, 1), time(x, 2));
          case "PilePublished" ->
              new ReviewLog.PilePublished(
                  ChainNames.pile(Abi.hash(x.get(0))),
                  ChainNames.feeder(Abi.hash(x.get(1))),
                  time(x, 2));
          case "TablePublished" -> new ReviewLog.TablePublished(table(x));
          default -> null;
        });
  }

  /** Empty: none is broken. */
  static Optional<ReviewRule> rule(long code) {
    ReviewRule[] rules = ReviewRule.values();
    if (code > rules.length) {
      throw new EvmException("a review names rule %d, which there is not".formatted(code));
    }
    return code == 0 ? Optional.empty() : Optional.of(rules[(int) code - 1]);
  }

  private static VetoReason veto(long code) {
    for (VetoReason why : VetoReason.values()) {
      if (code(why) == code) {
        return why;
      }
    }
    throw new EvmException("a veto is for reason %d, which there is not".formatted(code));
  }

  /** The contract's number of a reason. */
  static int code(VetoReason why) {
    return switch (why) {
      case GRID_EMERGENCY -> 0;
      case MAINTENANCE -> 1;
      case METERING_IN_DOUBT -> 2;
      case LEGAL_ORDER -> 3;
    };
  }

  private static ConversionTable table(Tuple x) {
    byte[][] types = x.get(1);
    byte[][] units = x.get(2);
    Tuple[] factors = x.get(3);
    Map<EnergyType, ConversionTable.Factor> readable = new HashMap<>();
    for (int i = 0; i < factors.length; i++) {
      Optional<EnergyType> type = energyType(new ByteVector32(types[i]));
      if (type.isPresent()) {
        readable.put(
            type.get(),
            new ConversionTable.Factor(
                ChainNames.feeder(new ByteVector32(units[i])).value(),
                number(factors[i], 0),
                number(factors[i], 1)));
      }
    }
    return new ConversionTable((int) number(x, 0), readable);
  }

  /** Empty where a word is no name of a kind of energy: nobody can order it by that name. */
  static Optional<EnergyType> energyType(ByteVector32 word) {
    try {
      return Optional.of(ChainNames.energyType(word));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static OrderKey key(Tuple x) {
    return new OrderKey(Abi.hash(x.get(1)));
  }
}
