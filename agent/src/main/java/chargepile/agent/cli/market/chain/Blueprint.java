package chargepile.agent.cli.market.chain;

import chargepile.agent.evm.ContractArtifact;
import chargepile.agent.evm.TransactionIntent;
import chargepile.agent.units.EvmAddress;
import com.esaulpaugh.headlong.abi.Address;
import com.esaulpaugh.headlong.abi.Tuple;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * What a market's contracts are made with. They name each other, the earlier ones also the later:
 * where those will be follows from the deployer's nonce.
 *
 * @param token what there is already, and is used or deposited
 * @param revocable whether the channel that punishes is deployed too
 */
public record Blueprint(Rules rules, Offices offices, Source token, boolean revocable) {
  /** When cycle 0 of every market began: they run in step with the clock. */
  private static final long GENESIS = 1_767_225_600; // 2026-01-01T00:00:00Z

  private static final Set<Part> OBLIGORS = Set.of(Part.CHANNELS, Part.REVOCABLE, Part.ORDERS);

  private static final EvmAddress NOBODY = EvmAddress.of("0x" + "00".repeat(20));

  /** Where the money comes from. */
  public sealed interface Source {
    EvmAddress address();

    /** A token with permits (EIP-2612), such as another market's energy account. */
    record Existing(EvmAddress address) implements Source {}

    /** The token that energy accounts are filled with; the account's own token is deployed. */
    record Underlying(EvmAddress address) implements Source {}
  }

  /** The parts to deploy, in their order. */
  List<Part> parts() {
    List<Part> parts = new ArrayList<>(List.of(Part.values()));
    if (token instanceof Source.Existing) {
      parts.remove(Part.TOKEN);
    }
    if (!revocable) {
      parts.remove(Part.REVOCABLE);
    }
    return parts;
  }

  /**
   * The transaction that makes a part.
   *
   * @param at where each part is, or will be
   */
  TransactionIntent creation(Part part, Function<Part, EvmAddress> at) {
    return ContractArtifact.load(part.contract()).creation(part.key(), arguments(part, at));
  }

  private Object[] arguments(Part part, Function<Part, EvmAddress> at) {
    return switch (part) {
      case TOKEN -> list(token.address());
      case CHANNELS ->
          list(
              of(Rule.LEAST_CHALLENGE),
              of(Rule.MOST_CHALLENGE),
              of(Rule.MOST_LOCK),
              at.apply(Part.REGISTRY));
      case REVOCABLE ->
          list(of(Rule.LEAST_CHALLENGE), of(Rule.MOST_CHALLENGE), at.apply(Part.REGISTRY));
      case REGISTRY -> list(registryTerms(at));
      case SETTLEMENTS -> list(at.apply(Part.REGISTRY), big(Rule.SETTLEMENT_WINDOW));
      case OFFERS ->
          list(at.apply(Part.REGISTRY), of(Rule.LISTING_INTERVAL), of(Rule.LISTING_BURST));
      case REVIEWS -> list(reviewSetup(at), limits());
      case QUOTES -> list(at.apply(Part.REGISTRY), at.apply(Part.ORDERS), cycles());
      case ORDERS ->
          list(
              at.apply(Part.TOKEN),
              at.apply(Part.REGISTRY),
              at.apply(Part.OFFERS),
              at.apply(Part.QUOTES),
              at.apply(Part.REVIEWS),
              timing());
    };
  }

  private Tuple registryTerms(Function<Part, EvmAddress> at) {
    return Tuple.from(
        address(at.apply(Part.TOKEN)),
        address(offices.kgc()),
        offices.kgcParameters().toByteArray(),
        address(offices.agency()),
        address(offices.court()),
        BigInteger.valueOf(rules.smallestBond()),
        BigInteger.valueOf(rules.bondPerKw()),
        big(Rule.UNLOCK),
        big(Rule.APPEAL),
        big(Rule.RULING),
        obligors(at));
  }

  /** Who may keep a party from leaving: orders and channels, while they are open. */
  private Address[] obligors(Function<Part, EvmAddress> at) {
    return parts().stream()
        .filter(OBLIGORS::contains)
        .map(part -> address(at.apply(part)))
        .toArray(Address[]::new);
  }

  private Tuple reviewSetup(Function<Part, EvmAddress> at) {
    return Tuple.from(
        address(at.apply(Part.REGISTRY)),
        address(offices.agency()),
        address(offices.deputy().orElse(NOBODY)),
        address(offices.grid()),
        new byte[0][],
        new Address[] {address(at.apply(Part.ORDERS))},
        of(Rule.SLOT),
        of(Rule.NOTICE));
  }

  private Tuple limits() {
    return Tuple.from(
        of(Rule.LEAD),
        of(Rule.HORIZON),
        big(Rule.PRICE_FLOOR),
        BigInteger.valueOf(rules.priceCap()),
        (int) of(Rule.GRID_BP),
        (int) of(Rule.AGENCY_BP),
        (int) of(Rule.MOST_TOLERANCE_BP),
        BigInteger.valueOf(rules.leastDefaultRate()),
        big(Rule.LEAST_ENERGY_WH),
        of(Rule.LEAST_WINDOW));
  }

  private Tuple timing() {
    return Tuple.from(
        of(Rule.CONFIRMATION),
        of(Rule.SIGNATURES),
        of(Rule.REVIEW),
        of(Rule.RECORD),
        of(Rule.RECEIPTS),
        of(Rule.EVIDENCE));
  }

  private Tuple cycles() {
    return Tuple.from(
        GENESIS,
        of(Rule.CYCLE),
        of(Rule.ROUNDS),
        of(Rule.MATCHING),
        of(Rule.MOST_MATCHES),
        of(Rule.CAPACITY),
        (int) of(Rule.PER_TRADER),
        of(Rule.MINIMUM_FILL_WH),
        of(Rule.EQUAL_PRICES_TRADE) == 1);
  }

  private long of(Rule rule) {
    return rules.of(rule);
  }

  private BigInteger big(Rule rule) {
    return BigInteger.valueOf(rules.of(rule));
  }

  private static Address address(EvmAddress address) {
    return Address.wrap(
        Address.toChecksumAddress(new BigInteger(1, address.value().toByteArray())));
  }

  private static Object[] list(Object... arguments) {
    return arguments;
  }
}
