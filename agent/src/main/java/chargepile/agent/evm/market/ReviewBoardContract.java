package chargepile.agent.evm.market;

import chargepile.agent.crypto.EvmSignature;
import chargepile.agent.evm.Abi;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.ContractArtifact;
import chargepile.agent.evm.DeployedContract;
import chargepile.agent.evm.EvmBlock;
import chargepile.agent.evm.EvmException;
import chargepile.agent.evm.EvmLog;
import chargepile.agent.evm.EvmNode;
import chargepile.agent.evm.LogFilter;
import chargepile.agent.evm.TransactionIntent;
import chargepile.agent.market.order.ConversionTable;
import chargepile.agent.market.order.ConversionTables;
import chargepile.agent.market.order.EnergyType;
import chargepile.agent.market.order.FeederId;
import chargepile.agent.market.order.PileId;
import chargepile.agent.market.order.RejectionReason.VetoReason;
import chargepile.agent.market.order.eip712.ChainNames;
import chargepile.agent.market.order.eip712.ContractTerms;
import chargepile.agent.market.order.eip712.OrderKey;
import chargepile.agent.market.review.LineLimit;
import chargepile.agent.units.EvmAddress;
import com.esaulpaugh.headlong.abi.Tuple;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The contract of the grid service agency's reviews (P2-03, P2-09, P2-10). Thread-safe.
 *
 * <p>What a review and a publication need of gas depends on what is published, so that the sender
 * estimates it.
 */
public final class ReviewBoardContract {
  private static final long VETO_GAS = 400_000;

  private final DeployedContract contract;

  public ReviewBoardContract(EvmNode node, EvmAddress address) {
    this.contract = new DeployedContract(node, address, ContractArtifact.load("ReviewBoard"));
  }

  public EvmAddress address() {
    return contract.address();
  }

  /** All of its logs. */
  public LogFilter logs() {
    return LogFilter.of(contract.address());
  }

  // ------------------------------------------------------------------------------------- reading

  /** Who reviews. */
  public EvmAddress agency() {
    return Abi.address(contract.ask("agency", BlockRef.LATEST).get(0));
  }

  /** Who reviews the agency's own orders (P2-19); empty for nobody. */
  public Optional<EvmAddress> deputy() {
    return Optional.of(Abi.address(contract.ask("deputy", BlockRef.LATEST).get(0)))
        .filter(account -> !OrderStructs.isNobody(account));
  }

  /** Who runs the grid and has the grid's fee. */
  public EvmAddress grid() {
    return Abi.address(contract.ask("grid", BlockRef.LATEST).get(0));
  }

  /** Length of the slots in which power is added up. */
  public Duration slot() {
    return Duration.ofSeconds(Abi.number(contract.ask("slot", BlockRef.LATEST).<Object>get(0)));
  }

  /** After which what is published comes into force. */
  public Duration notice() {
    return Duration.ofSeconds(Abi.number(contract.ask("notice", BlockRef.LATEST).<Object>get(0)));
  }

  public AgencyLimits limits(BlockRef at) {
    return ReviewStructs.limits(contract.ask("limitsInForce", at).get(0));
  }

  /** On which feeder a pile hangs, as the agency has published; empty for none. */
  public Optional<FeederId> feederOf(PileId pile, EvmBlock at) {
    Tuple x = contract.ask("pilePublished", BlockRef.hash(at.hash()), ChainNames.word(pile)).get(0);
    boolean toCome = at.time().isBefore(OrderStructs.time(x, 2));
    ByteVector32 word = Abi.hash(x.<Object>get(toCome ? 0 : 1));
    return word.equals(ByteVector32.Zeroes)
        ? Optional.empty()
        : Optional.of(ChainNames.feeder(word));
  }

  /** What a feeder bears in each direction, in watts; 0 for an unknown one. */
  public long feederLimit(FeederId feeder, BlockRef at) {
    return Abi.number(contract.ask("feederLimit", at, ChainNames.word(feeder)).<Object>get(0));
  }

  /** What is promised on a feeder in one direction at a time, in watts. */
  public long feederPromised(FeederId feeder, boolean exported, Instant time, BlockRef at) {
    return Abi.number(
        contract
            .ask("feederPromised", at, ChainNames.word(feeder), exported, time.getEpochSecond())
            .<Object>get(0));
  }

  /** What a pile is promised for at a time, in watts. */
  public long pilePromised(PileId pile, Instant time, BlockRef at) {
    return Abi.number(
        contract
            .ask("pilePromised", at, ChainNames.word(pile), time.getEpochSecond())
            .<Object>get(0));
  }

  /** What became of an order here. */
  public enum Outcome {
    NONE,
    REJECTED,
    APPROVED,
    RELEASED
  }

  public Outcome outcome(EvmAddress book, OrderKey order, BlockRef at) {
    long code = Abi.number(contract.ask("outcomeOf", at, book, order.value()).<Object>get(0));
    Outcome[] all = Outcome.values();
    if (code >= all.length) {
      throw new EvmException("an order came to %d, which is nothing".formatted(code));
    }
    return all[(int) code];
  }

  /**
   * Limits and lines in force after a block, and those to come.
   *
   * @param since the block of the contract's creation
   */
  public Publications publications(EvmBlock at, long since) {
    List<LimitsNotice> notices = new ArrayList<>();
    for (EvmLog log : contract.history(Set.of("LimitsPublished"), since, at.number())) {
      if (decode(log).orElse(null) instanceof ReviewLog.LimitsPublished(LimitsNotice notice)) {
        notices.add(notice);
      }
    }
    return Publications.of(notices, notice(), at.time());
  }

  /**
   * Every conversion table (P2-03) up to a block.
   *
   * @param since the block of the contract's creation
   */
  public ConversionTables tables(EvmBlock at, long since) {
    List<ConversionTable> all = new ArrayList<>(ConversionTables.FIRST.versions());
    for (EvmLog log : contract.history(Set.of("TablePublished"), since, at.number())) {
      if (decode(log).orElse(null) instanceof ReviewLog.TablePublished(ConversionTable table)) {
        all.add(table);
      }
    }
    return new ConversionTables(all);
  }

  /** Feeders in force or announced, and what each bears in watts. */
  public Map<FeederId, Long> feeders(EvmBlock at, long since) {
    Map<FeederId, Long> all = new LinkedHashMap<>();
    BlockRef block = BlockRef.hash(at.hash());
    for (EvmLog log : contract.history(Set.of("FeederPublished"), since, at.number())) {
      if (decode(log).orElse(null) instanceof ReviewLog.FeederPublished published) {
        all.computeIfAbsent(published.feeder(), feeder -> feederLimit(feeder, block));
      }
    }
    return all;
  }

  /** What happened here, from one block to another. */
  public List<ReviewLog> history(long first, long last) {
    return contract
        .history(
            Set.of(
                "Reviewed",
                "Vetoed",
                "Released",
                "LimitsPublished",
                "FeederPublished",
                "PilePublished",
                "TablePublished"),
            first,
            last)
        .stream()
        .flatMap(log -> decode(log).stream())
        .toList();
  }

  /** What a log says; empty: it is of another contract. */
  public Optional<ReviewLog> decode(EvmLog log) {
    return contract.decode(log).flatMap(ReviewStructs::decode);
  }

  // --------------------------------------------------------------------------------------- review

  /**
   * Applies the rules to an established order; the agency's, or its deputy's.
   *
   * @param lines those in force, and those that come into force before the delivery ends
   * @param meter the registered key of the pile's meter
   */
  public TransactionIntent review(
      EvmAddress book, ContractTerms terms, Publications lines, PublicKey meter) {
    return contract.intent(
        contract.key("review", terms.key()),
        "review of the order " + terms.key(),
        "review",
        book,
        OrderStructs.of(terms),
        List.of(
            ReviewStructs.of(lines.inForce().lines()),
            ReviewStructs.of(lines.linesToCome(terms.order().window().end())),
            EvmSignature.point(meter)));
  }

  /** The reviewer's own no (P2-09). */
  public TransactionIntent veto(EvmAddress book, ContractTerms terms, VetoReason why) {
    return contract
        .intent(
            contract.key("veto", terms.key()),
            "veto of the order " + terms.key(),
            "veto",
            book,
            OrderStructs.of(terms),
            ReviewStructs.code(why))
        .withGasLimit(VETO_GAS);
  }

  // --------------------------------------------------------------------------------- publications

  /**
   * Limits, fees and lines that come into force after the notice; the agency's.
   *
   * @param occasion tells it from other publications, like in the following
   */
  public TransactionIntent publishLimits(
      String occasion, AgencyLimits limits, List<LineLimit> lines) {
    return contract.intent(
        contract.key("publishLimits", occasion),
        "publication of limits",
        "publishLimits",
        ReviewStructs.of(limits),
        ReviewStructs.of(lines));
  }

  /** What feeders bear in each direction, in watts. */
  public TransactionIntent publishFeeders(String occasion, Map<FeederId, Long> watts) {
    List<Map.Entry<FeederId, Long>> all = List.copyOf(watts.entrySet());
    return contract.intent(
        contract.key("publishFeeders", occasion),
        "publication of %d feeders".formatted(all.size()),
        "publishFeeders",
        all.stream().<Object>map(entry -> ChainNames.word(entry.getKey())).toList(),
        all.stream().<Object>map(Map.Entry::getValue).toList());
  }

  /** On which feeder piles hang. */
  public TransactionIntent publishPiles(String occasion, Map<PileId, FeederId> feeders) {
    List<Map.Entry<PileId, FeederId>> all = List.copyOf(feeders.entrySet());
    return contract.intent(
        contract.key("publishPiles", occasion),
        "publication of the feeders of %d piles".formatted(all.size()),
        "publishPiles",
        all.stream().<Object>map(entry -> ChainNames.word(entry.getKey())).toList(),
        all.stream().<Object>map(entry -> ChainNames.word(entry.getValue())).toList());
  }

  /** One more conversion table (P2-03). */
  public TransactionIntent publishTable(
      String occasion, Map<EnergyType, ConversionTable.Factor> factors) {
    List<Map.Entry<EnergyType, ConversionTable.Factor>> all = List.copyOf(factors.entrySet());
    return contract.intent(
        contract.key("publishTable", occasion),
        "publication of a conversion table",
        "publishTable",
        all.stream().<Object>map(entry -> ChainNames.word(entry.getKey())).toList(),
        all.stream().<Object>map(entry -> unit(entry.getValue())).toList(),
        all.stream()
            .<Object>map(
                entry -> List.of(entry.getValue().numerator(), entry.getValue().denominator()))
            .toList());
  }

  private static ByteVector32 unit(ConversionTable.Factor factor) {
    return ChainNames.word(new FeederId(factor.unit()));
  }
}
