package chargepile.agent.evm.market;

import chargepile.agent.crypto.EvmSignature;
import chargepile.agent.evm.Abi;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.ContractArtifact;
import chargepile.agent.evm.DeployedContract;
import chargepile.agent.evm.EvmException;
import chargepile.agent.evm.EvmLog;
import chargepile.agent.evm.EvmNode;
import chargepile.agent.evm.LogFilter;
import chargepile.agent.evm.TokenContract.Permit;
import chargepile.agent.evm.TransactionIntent;
import chargepile.agent.market.order.Escrow;
import chargepile.agent.market.order.Metering;
import chargepile.agent.market.order.eip712.ContractTerms;
import chargepile.agent.market.order.eip712.MeterRecord;
import chargepile.agent.market.order.eip712.OrderDomain;
import chargepile.agent.market.order.eip712.OrderKey;
import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import com.esaulpaugh.headlong.abi.Tuple;
import fr.acinq.bitcoin.ByteVector;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The contract of orders (P2-06 to P2-13, P2-19). Thread-safe.
 *
 * <p>Each transaction has a gas limit that is enough whatever the state is, so that it is decided
 * on without a node's estimate, and a key that is the same for the same thing. {@link
 * chargepile.agent.evm.TransactionSender#rehearsed} tries it first instead.
 */
public final class OrderBookContract {
  /** Takes tokens in, perhaps with a permit, and raises obligations. */
  private static final long PAYING_GAS = 600_000;

  private static final long STEP_GAS = 300_000;

  /** Frees what a delivery over a thousand slots was promised. */
  private static final long ENDING_GAS = 2_500_000;

  private static final ByteVector NOTHING = ByteVector.empty;
  private static final Set<String> EVENTS =
      Set.of(
          "Requested",
          "Confirmed",
          "Refused",
          "Signed",
          "Established",
          "Approved",
          "Rejected",
          "Expired",
          "Recorded",
          "Began",
          "Acknowledged",
          "Settled");

  private final DeployedContract contract;

  public OrderBookContract(EvmNode node, EvmAddress address) {
    this.contract = new DeployedContract(node, address, ContractArtifact.load("OrderBook"));
  }

  public EvmAddress address() {
    return contract.address();
  }

  /** Under which an order's terms, receipts and meter records for it are signed. */
  public OrderDomain domain() {
    return new OrderDomain(contract.node().chainId(), contract.address());
  }

  /** All of its logs. */
  public LogFilter logs() {
    return LogFilter.of(contract.address());
  }

  // ------------------------------------------------------------------------------------- reading

  /** In the state after a block; {@link OrderStatus#NONE} where there is no such order. */
  public OrderStanding order(OrderKey key, BlockRef at) {
    Tuple found = contract.ask("orderOf", at, key.value()).get(0);
    return new OrderStanding(
        OrderStatus.of(OrderStructs.number(found, 0)),
        found.get(1),
        found.get(2),
        Optional.of(OrderStructs.time(found, 3)).filter(time -> time.getEpochSecond() > 0),
        new Escrow(Abi.amount(found.get(4)), Abi.amount(found.get(5))),
        Abi.amount(found.get(6)));
  }

  /** What waits for an account to be claimed. */
  public Amount owed(EvmAddress account, BlockRef at) {
    return Abi.amount(contract.ask("owed", at, account).get(0));
  }

  /** The key as the contract computes it. */
  public OrderKey keyOf(ContractTerms terms) {
    return new OrderKey(
        Abi.hash(contract.ask("keyOf", BlockRef.LATEST, OrderStructs.of(terms)).get(0)));
  }

  /** In which prices and escrows are counted. */
  public EvmAddress token() {
    return constant("token");
  }

  public EvmAddress registry() {
    return constant("registry");
  }

  /** Whose matches become orders. */
  public EvmAddress quotes() {
    return constant("quotes");
  }

  public EvmAddress offers() {
    return constant("offers");
  }

  /** Which reviews its orders. */
  public EvmAddress board() {
    return constant("board");
  }

  /** How long each stage of an order may take (P2-06, P2-09). */
  public OrderTiming timing() {
    Tuple found = contract.ask("timing", BlockRef.LATEST).get(0);
    return new OrderTiming(
        seconds(found, 0),
        seconds(found, 1),
        seconds(found, 2),
        seconds(found, 3),
        seconds(found, 4),
        seconds(found, 5));
  }

  private static Duration seconds(Tuple found, int index) {
    return Duration.ofSeconds(OrderStructs.number(found, index));
  }

  private EvmAddress constant(String name) {
    return Abi.address(contract.ask(name, BlockRef.LATEST).get(0));
  }

  /** What happened to orders, from one block to another. */
  public List<OrderLog> history(long first, long last) {
    return contract.history(EVENTS, first, last).stream()
        .flatMap(log -> decode(log).stream())
        .toList();
  }

  /**
   * The terms of an order; empty when no log since {@code first} has them.
   *
   * @param first where to begin: the block of the contract's creation
   */
  public Optional<ContractTerms> terms(OrderKey key, long first) {
    long last =
        contract
            .node()
            .block(BlockRef.LATEST)
            .orElseThrow(() -> new EvmException(contract.node() + " has no block at all"))
            .number();
    return contract.history(Set.of("Requested"), first, last).stream()
        .flatMap(log -> decode(log).stream())
        .flatMap(
            log ->
                log instanceof OrderLog.Requested asked && asked.order().equals(key)
                    ? asked.terms().stream()
                    : Stream.empty())
        .findFirst();
  }

  /** What a log says of an order; empty: it is of another contract, or says nothing of orders. */
  public Optional<OrderLog> decode(EvmLog log) {
    return contract.decode(log).flatMap(OrderLogDecoder::decode);
  }

  // ------------------------------------------------------------------------------- to agreement

  /**
   * The buyer, who is the sender, asks (P2-06); its escrow is approved before, or with the permit.
   */
  public TransactionIntent request(ContractTerms terms, Optional<Permit> permit) {
    return step("request", terms, PAYING_GAS, OrderStructs.of(permit));
  }

  /**
   * The seller, who is the sender, agrees (P2-07); its escrow is approved before, or with the
   * permit.
   *
   * @param buyer the buyer's signature of the terms: then the order is established at once
   */
  public TransactionIntent confirm(
      ContractTerms terms, Optional<EvmSignature> buyer, Optional<Permit> permit) {
    return step("confirm", terms, PAYING_GAS, bytes(buyer), OrderStructs.of(permit));
  }

  /** The seller, who is the sender, does not agree (P2-07). */
  public TransactionIntent refuse(ContractTerms terms) {
    return step("refuse", terms, STEP_GAS);
  }

  /** A party, which is the sender, signs the terms by this (P2-08). */
  public TransactionIntent sign(ContractTerms terms) {
    return step("sign", terms, STEP_GAS);
  }

  /**
   * Brings both signatures of the terms; anybody may (P2-08).
   *
   * @param buyer empty when the buyer is the sender, or has signed before
   * @param seller likewise
   */
  public TransactionIntent establish(
      ContractTerms terms, Optional<EvmSignature> buyer, Optional<EvmSignature> seller) {
    return step("establish", terms, STEP_GAS, bytes(buyer), bytes(seller));
  }

  // ------------------------------------------------------------------------- record and delivery

  /** Puts an approved order on record; anybody may (P2-11). */
  public TransactionIntent record(ContractTerms terms) {
    return step("record", terms, STEP_GAS);
  }

  /** A party, which is the sender, says that the delivery begins (P2-11). */
  public TransactionIntent begin(ContractTerms terms) {
    return step("begin", terms, STEP_GAS);
  }

  /**
   * What the seller has been paid in a channel.
   *
   * @param seller its signature of the receipt; empty when it is the sender
   */
  public TransactionIntent acknowledge(
      ContractTerms terms, Amount paid, Optional<EvmSignature> seller) {
    return contract
        .intent(
            contract.key("acknowledge", terms.key(), paid.value()),
            "receipt of %d for the order %s".formatted(paid.value(), terms.key()),
            "acknowledge",
            OrderStructs.of(terms),
            paid,
            bytes(seller))
        .withGasLimit(STEP_GAS);
  }

  // -------------------------------------------------------------------------------- to the end

  /**
   * Settles by what both parties say of the delivery (P2-11).
   *
   * @param buyer empty when the buyer is the sender
   * @param seller likewise
   */
  public TransactionIntent settle(
      ContractTerms terms,
      Metering metering,
      Optional<EvmSignature> buyer,
      Optional<EvmSignature> seller) {
    return step(
        "settle", terms, ENDING_GAS, OrderStructs.of(metering), bytes(buyer), bytes(seller));
  }

  /** Settles by what the meter says, once the buyer has had time to show receipts (P2-11). */
  public TransactionIntent settleByMeter(
      ContractTerms terms, MeterRecord said, EvmSignature meter) {
    return step(
        "settleByMeter",
        terms,
        ENDING_GAS,
        said.available().value(),
        said.taken().value(),
        said.readAt().getEpochSecond(),
        meter);
  }

  /** Ends an order whose deadline is over; anybody may (P2-09). */
  public TransactionIntent expire(ContractTerms terms) {
    return step("expire", terms, ENDING_GAS);
  }

  /**
   * Has an account paid what it is owed; anybody may.
   *
   * @param occasion tells this claim from earlier ones of the account
   */
  public TransactionIntent claim(String occasion, EvmAddress account) {
    return contract
        .intent(contract.key("claim", account, occasion), "payout to " + account, "claim", account)
        .withGasLimit(STEP_GAS);
  }

  private TransactionIntent step(
      String function, ContractTerms terms, long gasLimit, Object... others) {
    Object[] arguments = new Object[1 + others.length];
    arguments[0] = OrderStructs.of(terms);
    System.arraycopy(others, 0, arguments, 1, others.length);
    return contract
        .intent(
            contract.key(function, terms.key()),
            "%s of the order %s".formatted(function, terms.key()),
            function,
            arguments)
        .withGasLimit(gasLimit);
  }

  private static ByteVector bytes(Optional<EvmSignature> signature) {
    return signature.map(EvmSignature::bytes).orElse(NOTHING);
  }
}
