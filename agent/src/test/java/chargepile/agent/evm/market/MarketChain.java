package chargepile.agent.evm.market;

import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.crypto.BouncyCastleSigner;
import chargepile.agent.crypto.EvmSignature;
import chargepile.agent.crypto.Keccak256;
import chargepile.agent.crypto.Signer;
import chargepile.agent.crypto.pairing.Pairing;
import chargepile.agent.evm.Anvil;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.ContractArtifact;
import chargepile.agent.evm.EvmBlock;
import chargepile.agent.evm.EvmKey;
import chargepile.agent.evm.EvmReceipt;
import chargepile.agent.evm.EvmRpc;
import chargepile.agent.evm.FeePolicy;
import chargepile.agent.evm.Finality;
import chargepile.agent.evm.MemoryOutbox;
import chargepile.agent.evm.OutboxEntry;
import chargepile.agent.evm.RevertedException;
import chargepile.agent.evm.Reverts;
import chargepile.agent.evm.TokenContract;
import chargepile.agent.evm.TransactionIntent;
import chargepile.agent.evm.TransactionSender;
import chargepile.agent.evm.TransactionStatus;
import chargepile.agent.evm.Wei;
import chargepile.agent.identity.ChainCertificate;
import chargepile.agent.identity.EvmAccount;
import chargepile.agent.identity.PartyId;
import chargepile.agent.identity.Registration;
import chargepile.agent.identity.Registry;
import chargepile.agent.identity.Role;
import chargepile.agent.market.BookLimits;
import chargepile.agent.market.CrossRule;
import chargepile.agent.market.RevenueSplit;
import chargepile.agent.market.order.FeederId;
import chargepile.agent.market.order.PileId;
import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import chargepile.agent.units.WattHours;
import com.esaulpaugh.headlong.rlp.RLPEncoder;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PrivateKey;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A market on a real chain whose time is told: every contract, and parties that are registered with
 * certificates and have tokens. It is an hour before noon.
 */
public final class MarketChain implements AutoCloseable {
  public static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  /** When cycle 0 begins. */
  public static final Instant GENESIS = NOON.minus(Duration.ofHours(1));

  public static final Duration NOTICE = Duration.ofHours(1);
  public static final Duration SLOT = Duration.ofMinutes(15);
  public static final FeederId FEEDER = new FeederId("feeder-1");
  public static final FeederId OTHER_FEEDER = new FeederId("feeder-2");
  public static final long RATED_W = 10_000;
  public static final Amount WEALTH = new Amount(1_000_000_000_000L);

  /** What the usual order just keeps. */
  public static final AgencyLimits LIMITS =
      new AgencyLimits(
          Duration.ofHours(1),
          Duration.ofHours(48),
          new Amount(300),
          new Amount(400),
          new RevenueSplit.Fees(300, 50),
          2000,
          new Amount(10),
          new WattHours(100),
          Duration.ofMinutes(15));

  public static final OrderTiming TIMING =
      new OrderTiming(
          Duration.ofMinutes(10),
          Duration.ofMinutes(11),
          Duration.ofMinutes(12),
          Duration.ofMinutes(13),
          Duration.ofHours(1),
          Duration.ofDays(1));

  /**
   * Cycles of a quarter of an hour in three rounds, whose last minute is for matching; no side is
   * full.
   */
  public static final MarketRules RULES =
      MarketRules.of(
          GENESIS,
          Duration.ofMinutes(15),
          3,
          Duration.ofMinutes(1),
          100,
          new BookLimits(32, 4, new WattHours(2)),
          false);

  private static final Signer SIGNER = new BouncyCastleSigner();

  /** The node mines a moment after it was handed a transaction. */
  private static final int LOOKS = 1000;

  /** Says 18 to every question, which is all that is asked of it here. */
  private static final ByteVector SAYS_18 = ByteVector.fromHex("60125f5260205ff3");

  private static final EvmAddress UNDERLYING =
      EvmAddress.of("0x00000000000000000000000000000000000000ee");

  /** Who may be anybody: a party with its keys, registered or not. */
  public static final class Member {
    private final PartyId name;
    private final PrivateKey secret;
    private final PrivateKey meter;

    private Member(String name) {
      this.name = new PartyId(name);
      this.secret = new PrivateKey(Keccak256.hash("account of " + name));
      this.meter = new PrivateKey(Keccak256.hash("meter of " + name));
    }

    public PartyId name() {
      return name;
    }

    public ByteVector32 id() {
      return RegistryContract.id(name);
    }

    public PileId pile() {
      return new PileId(name.value());
    }

    public EvmKey key() {
      return new EvmKey(secret, SIGNER);
    }

    public PrivateKey secret() {
      return secret;
    }

    public PrivateKey meter() {
      return meter;
    }

    public EvmAddress account() {
      return key().address();
    }

    @Override
    public String toString() {
      return name.value();
    }
  }

  public final Member centre = new Member("kgc");
  public final Member agency = new Member("agency");
  public final Member deputy = new Member("deputy");
  public final Member grid = new Member("grid");
  public final Member court = new Member("court");
  public final Member seller = new Member("pile-1");
  public final Member otherSeller = new Member("pile-2");
  public final Member buyer = new Member("car-1");
  public final Member otherBuyer = new Member("car-2");
  public final Member stranger = new Member("stranger");

  /** Whose identity keys the members are registered with. */
  public final Registry identities = new Registry("kgc", Pairing.best());

  public final Anvil anvil;
  public final EvmRpc node;
  public final TokenContract token;
  public final RegistryContract registry;
  public final OfferBoardContract offers;
  public final QuoteBookContract quotes;
  public final OrderBookContract orders;
  public final ReviewBoardContract board;
  public final SettlementLogContract settlements;
  public final long since;
  private final Map<EvmAddress, TransactionSender> senders = new HashMap<>();

  /** Skips the test where there is no anvil. */
  public static MarketChain open() throws IOException, InterruptedException {
    return new MarketChain(RULES);
  }

  public static MarketChain open(MarketRules rules) throws IOException, InterruptedException {
    return new MarketChain(rules);
  }

  private MarketChain(MarketRules rules) throws IOException, InterruptedException {
    Instant before = GENESIS.minus(Duration.ofDays(2));
    anvil = Anvil.mining("--timestamp", Long.toString(before.getEpochSecond()));
    node = anvil.rpc();
    anvil.setCode(UNDERLYING, SAYS_18);
    for (Member member :
        List.of(agency, deputy, court, seller, otherSeller, buyer, otherBuyer, stranger)) {
      anvil.setBalance(member.account(), Wei.ofGwei(1_000_000_000_000L));
    }
    since = anvil.height();
    EvmAddress deployer = Anvil.key(0).address();
    EvmAddress tokenAt = create("EnergyAccountToken", UNDERLYING);
    token = new TokenContract(node, tokenAt);
    // registry, offers, board, quotes and then orders
    EvmAddress ordersAt = createdBy(deployer, node.nonce(deployer, BlockRef.LATEST) + 4);
    EvmAddress registryAt =
        create(
            "Registry",
            List.of(
                tokenAt,
                centre.account(),
                Keccak256.hash("parameters"),
                agency.account(),
                court.account(),
                1000,
                2000,
                Duration.ofDays(7).toSeconds(),
                Duration.ofDays(7).toSeconds(),
                Duration.ofDays(7).toSeconds(),
                List.of(ordersAt)));
    EvmAddress offersAt = create("OfferBoard", registryAt, 600, 3);
    EvmAddress boardAt =
        create(
            "ReviewBoard",
            List.of(
                registryAt,
                agency.account(),
                deputy.account(),
                grid.account(),
                List.of(),
                List.of(ordersAt),
                SLOT.toSeconds(),
                NOTICE.toSeconds()),
            ReviewStructs.of(LIMITS));
    EvmAddress quotesAt = create("QuoteBook", registryAt, ordersAt, struct(rules));
    EvmAddress made =
        create("OrderBook", tokenAt, registryAt, offersAt, quotesAt, boardAt, struct(TIMING));
    assertTrue(made.equals(ordersAt), "the order book stands elsewhere");
    registry = new RegistryContract(node, registryAt);
    offers = new OfferBoardContract(node, offersAt);
    quotes = new QuoteBookContract(node, quotesAt);
    orders = new OrderBookContract(node, ordersAt);
    board = new ReviewBoardContract(node, boardAt);
    settlements =
        new SettlementLogContract(
            node, create("SettlementLog", registryAt, Duration.ofHours(1).toSeconds()));
    register(seller, Role.PILE);
    register(otherSeller, Role.PILE);
    register(buyer, Role.USER);
    register(otherBuyer, Role.USER);
    done(agency, board.publishFeeders("f", Map.of(FEEDER, RATED_W, OTHER_FEEDER, RATED_W)));
    done(
        agency,
        board.publishPiles("p", Map.of(seller.pile(), FEEDER, otherSeller.pile(), OTHER_FEEDER)));
    at(GENESIS);
  }

  private EvmAddress create(String contract, Object... arguments) {
    return anvil.create(Anvil.key(0), ContractArtifact.load(contract).creation("c", arguments));
  }

  static EvmAddress createdBy(EvmAddress creator, long nonce) {
    byte[] number = nonce == 0 ? new byte[0] : BigInteger.valueOf(nonce).toByteArray();
    ByteVector fields =
        new ByteVector(RLPEncoder.list(List.of(creator.value().toByteArray(), number)));
    return new EvmAddress(Keccak256.hash(fields).slice(12, 32));
  }

  private static List<Object> struct(MarketRules rules) {
    BookLimits limits = rules.cycle().limits();
    return List.of(
        rules.genesis().getEpochSecond(),
        rules.cycle().length().toSeconds(),
        rules.cycle().rounds(),
        rules.matching().toSeconds(),
        rules.cycle().matchesPerRound(),
        limits.capacity(),
        limits.perTrader(),
        limits.minimumFill().value(),
        rules.cycle().crossRule() == CrossRule.WEAK);
  }

  private static List<Object> struct(OrderTiming timing) {
    return List.of(
        timing.confirmation().toSeconds(),
        timing.signatures().toSeconds(),
        timing.review().toSeconds(),
        timing.record().toSeconds(),
        timing.receipts().toSeconds(),
        timing.evidence().toSeconds());
  }

  /**
   * Registers a member, with the bond of a pile, and gives it tokens that the order book may take.
   */
  private void register(Member member, Role role) {
    anvil.give(token.address(), member.account(), WEALTH);
    Amount all = new Amount(Long.MAX_VALUE);
    done(member, token.approve("approval for the registry", registry.address(), all));
    done(member, token.approve("approval for the order book", orders.address(), all));
    ChainCertificate certificate = certificate(member, role);
    EvmSignature signed = certificate.sign(SIGNER, centre.secret());
    done(member, registry.register(certificate, signed, Optional.empty()));
  }

  private ChainCertificate certificate(Member member, Role role) {
    boolean pile = role == Role.PILE;
    EvmAccount account =
        new EvmAccount(member.account().value(), Anvil.CHAIN_ID, registry.address().value());
    return new ChainCertificate(
        new Registration(
            Keccak256.hash("parameters"),
            1,
            member.name(),
            role,
            1,
            identities.party(member.name().value(), role).key().publicKey(),
            new PrivateKey(Keccak256.hash("node of " + member)).publicKey(),
            pile ? Optional.of(member.meter().publicKey()) : Optional.empty(),
            pile ? Optional.of(RATED_W) : Optional.empty(),
            Optional.of(account),
            GENESIS.minus(Duration.ofDays(30)),
            GENESIS.plus(Duration.ofDays(365))),
        Optional.empty());
  }

  // -------------------------------------------------------------------------------------- time

  /** The latest block, and from now on the chain, is of this time. */
  public void at(Instant time) {
    anvil.nextTime(time);
    anvil.mine(1);
  }

  public void pass(Duration time) {
    at(now().plus(time));
  }

  public Instant now() {
    return head().time();
  }

  public EvmBlock head() {
    return node.block(BlockRef.LATEST).orElseThrow();
  }

  // ------------------------------------------------------------------------------ transactions

  /** Every member sends through a client of its own. */
  public TransactionSender sender(Member member) {
    return senders.computeIfAbsent(
        member.account(),
        _ ->
            new TransactionSender(
                node,
                member.key(),
                new MemoryOutbox(),
                FeePolicy.USUAL,
                Finality.depth(1),
                reverts()));
  }

  public static Reverts reverts() {
    return ContractArtifact.reverts(
        ContractArtifact.load("OrderBook"),
        ContractArtifact.load("QuoteBook"),
        ContractArtifact.load("OfferBoard"),
        ContractArtifact.load("ReviewBoard"),
        ContractArtifact.load("Registry"),
        ContractArtifact.load("SettlementLog"),
        ContractArtifact.load("EnergyAccountToken"));
  }

  /** Sends a transaction that the contract takes. */
  public EvmReceipt done(Member member, TransactionIntent intent) {
    TransactionSender sender = sender(member);
    TransactionIntent tried = intent.gasLimit().isPresent() ? sender.rehearsed(intent) : intent;
    ByteVector32 sent = sender.submit(tried).attempts().getLast().hash();
    for (int looks = 0; node.receipt(sent).isEmpty() && looks < LOOKS; looks++) {
      Thread.onSpinWait();
    }
    TransactionStatus status = sender.advance().get(intent.key());
    for (int looks = 0; !(status instanceof TransactionStatus.Finished) && looks < LOOKS; looks++) {
      status = sender.advance().get(intent.key());
    }
    if (!(status instanceof TransactionStatus.Finished(var finish))
        || !(finish instanceof OutboxEntry.Finish.Succeeded succeeded)) {
      throw new AssertionError(intent + ": " + status);
    }
    sender.forget(intent.key());
    return node.receipt(succeeded.transaction()).orElseThrow();
  }

  /** Waits until all that was sent is in blocks that count as done. */
  public void mined(TransactionSender sender) {
    var standing = sender.advance().values();
    for (int looks = 0; !isDone(standing) && looks < LOOKS; looks++) {
      standing = sender.advance().values();
    }
    assertTrue(isDone(standing), standing::toString);
  }

  private static boolean isDone(Collection<TransactionStatus> standing) {
    return standing.stream().allMatch(TransactionStatus.Finished.class::isInstance);
  }

  /** Sends a transaction, and says what the contract refuses it with; empty: it was taken. */
  public Optional<String> refusal(Member member, TransactionIntent intent) {
    try {
      var unused = done(member, intent);
      return Optional.empty();
    } catch (RevertedException e) {
      return Optional.of(e.reason());
    }
  }

  public Amount balance(EvmAddress account) {
    return token.balance(account, BlockRef.LATEST);
  }

  @Override
  public void close() {
    node.close();
    anvil.close();
  }
}
