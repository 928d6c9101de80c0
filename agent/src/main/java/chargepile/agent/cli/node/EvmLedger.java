package chargepile.agent.cli.node;

import chargepile.agent.chain.ChainException;
import chargepile.agent.chain.WrongNetworkException;
import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.Figures;
import chargepile.agent.config.EvmSettings;
import chargepile.agent.crypto.Eip55;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.ContractArtifact;
import chargepile.agent.evm.EvmBlock;
import chargepile.agent.evm.EvmException;
import chargepile.agent.evm.EvmKey;
import chargepile.agent.evm.EvmNode;
import chargepile.agent.evm.Finality;
import chargepile.agent.evm.RedundantNode;
import chargepile.agent.evm.TokenContract;
import chargepile.agent.evm.TransactionSender;
import chargepile.agent.evm.VoucherChannelContract;
import chargepile.agent.evm.Wei;
import chargepile.agent.evm.WrongEvmChainException;
import chargepile.agent.identity.Ledger;
import chargepile.agent.runtime.EvmVoucherLedger;
import chargepile.agent.runtime.NodeKeys;
import chargepile.agent.runtime.NodeLedger;
import chargepile.agent.runtime.StoredOutbox;
import chargepile.agent.store.Store;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Denomination;
import chargepile.agent.units.EvmAddress;
import chargepile.agent.voucher.VoucherSettings;
import chargepile.agent.voucher.eip712.Domain;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.tinylog.Logger;

/**
 * An EVM chain as a node uses it: the connection, the account of the node's seed, and what is sent
 * from it. Opening asks and sends nothing; {@link #check} asks whether all is well. Thread-safe.
 */
public final class EvmLedger implements AutoCloseable {
  /** Those whose refusals are told in words. */
  private static final List<String> CONTRACTS =
      List.of(
          "VoucherChannel",
          "EnergyAccountToken",
          "Registry",
          "OfferBoard",
          "QuoteBook",
          "OrderBook",
          "ReviewBoard",
          "SettlementLog");

  /** What is known of the chain without asking. */
  public record Sight(long height, Instant at) {}

  private final EvmSettings settings;
  private final EvmNode node;
  private final EvmKey account;
  private final NodeKeys keys;
  private final TransactionSender sender;
  private final TokenContract token;
  private final Store store;
  private final ExecutorService searches =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().name("chain-searches").daemon().factory());
  private volatile Optional<Sight> seen = Optional.empty();

  private EvmLedger(EvmSettings settings, EvmNode node, NodeKeys keys, Store store) {
    this.settings = settings;
    this.node = node;
    this.keys = keys;
    this.store = store;
    TokenName.begin(store);
    this.account = new EvmKey(keys.accountKey(), keys.signer());
    this.sender =
        new TransactionSender(
            node,
            account,
            new StoredOutbox(store, settings.chainId(), account.address()),
            Configured.fees(settings.fees()),
            finality(),
            ContractArtifact.reverts(
                CONTRACTS.stream().map(ContractArtifact::load).toArray(ContractArtifact[]::new)),
            EvmVoucherLedger::isOther);
    this.token = new TokenContract(node, settings.token());
  }

  /**
   * Opens it for a node.
   *
   * @param store holds what was sent; it belongs to this chain and account from now on
   * @throws CommandFailedException when a secret can't be read
   */
  public static EvmLedger open(EvmSettings settings, NodeKeys keys, Store store)
      throws CommandFailedException {
    EvmNode node = Configured.evmNode(settings);
    try {
      return new EvmLedger(settings, node, keys, store);
    } catch (RuntimeException e) {
      node.close();
      throw e;
    }
  }

  /**
   * Asks whether this is the chain, whether the contracts are there and take what is configured,
   * and what the token is called.
   *
   * @throws WrongNetworkException when the configuration must be corrected
   * @throws CommandFailedException likewise
   * @throws ChainException when no node answers
   */
  public void check() throws CommandFailedException {
    asked(node::chainId);
    EvmBlock head = head();
    requireCode("voucher_channel", settings.voucherChannel(), head);
    requireCode("token", settings.token(), head);
    requirePeriods(asked(() -> contract().periods()));
    requireFinality(head);
    Denomination told = asked(() -> Denomination.ofToken(token.symbol(), token.decimals()));
    TokenName.keep(store, told);
    Logger.info(
        "the account {} has {}, and {} for gas",
        Eip55.write(account()),
        Figures.money(denomination(), balance()),
        Figures.coins(gas()));
  }

  private void requireCode(String key, EvmAddress address, EvmBlock head) {
    if (asked(() -> node.code(address, BlockRef.LATEST)).isEmpty()) {
      throw new WrongNetworkException(
          "there is no contract at %s on chain %d (as of block %d, %s): correct evm.%s, or wait until the node has caught up"
              .formatted(
                  Eip55.write(address), settings.chainId(), head.number(), head.time(), key));
    }
  }

  private void requirePeriods(VoucherChannelContract.Periods bounds) throws CommandFailedException {
    Duration own = settings.challengePeriod().own();
    if (own.compareTo(bounds.least()) < 0 || own.compareTo(bounds.most()) > 0) {
      throw new CommandFailedException(
          "evm.challenge_period_s is %d, and the contract takes %d to %d"
              .formatted(own.toSeconds(), bounds.least().toSeconds(), bounds.most().toSeconds()));
    }
  }

  private void requireFinality(EvmBlock head) throws CommandFailedException {
    Optional<String> objection = asked(() -> FinalityPace.objection(settings, node, head));
    if (objection.isPresent()) {
      throw new CommandFailedException(objection.get());
    }
  }

  /** The last block there is; remembered for {@link #seen}. */
  public EvmBlock head() {
    EvmBlock head =
        asked(() -> node.block(BlockRef.LATEST))
            .orElseThrow(() -> new ChainException(node + " has no block at all"));
    seen = Optional.of(new Sight(head.number(), Instant.now()));
    return head;
  }

  /** What {@link #head} last said. */
  public Optional<Sight> seen() {
    return seen;
  }

  /** What a node's channels stand on. */
  public NodeLedger.Evm ledger() {
    return new NodeLedger.Evm(
        new EvmVoucherLedger(
            node,
            node instanceof RedundantNode two ? two.witnesses() : List.of(),
            contract(),
            account,
            sender,
            finality(),
            new EvmVoucherLedger.Pace(settings.pace().poll(), settings.pace().mostAge()),
            alert -> Logger.warn("{}", alert),
            searches),
        voucherSettings(),
        keys.accountKey());
  }

  private VoucherSettings voucherSettings() {
    EvmSettings.ChallengePeriod period = settings.challengePeriod();
    return new VoucherSettings(
        new Domain(settings.chainId(), settings.voucherChannel()),
        settings.token(),
        period.own(),
        period.least(),
        period.most(),
        settings.leastDeposit(),
        settings.cooperativeClose());
  }

  private VoucherChannelContract contract() {
    return new VoucherChannelContract(node, settings.voucherChannel(), settings.firstBlock());
  }

  /** What settlement certificates say of it (P1-17). */
  public Ledger certified() {
    return new Ledger.Evm(settings.chainId(), settings.voucherChannel().value());
  }

  /** From when on what a block says counts. */
  public Finality finality() {
    return Configured.finality(settings.finality());
  }

  /** Where the node pays from, and is paid to. */
  public EvmAddress account() {
    return account.address();
  }

  /** The key of {@link #account}. */
  public EvmKey key() {
    return account;
  }

  /** The chain. */
  public EvmNode node() {
    return node;
  }

  /** Alone sends from the account. */
  public TransactionSender sender() {
    return sender;
  }

  public TokenContract token() {
    return token;
  }

  /** What the account has of the token. */
  public Amount balance() {
    return asked(() -> token.balance(account(), BlockRef.LATEST));
  }

  /** What the account has of the chain's own coin, for gas. */
  public Wei gas() {
    return asked(() -> node.balance(account(), BlockRef.LATEST));
  }

  /** How the token's amounts are written, as its contract said when it was last asked. */
  public Denomination denomination() {
    return TokenName.kept(store.load().meta());
  }

  /** Whether {@link #check} ever succeeded with this store. */
  public boolean wasChecked() {
    return TokenName.isKept(store.load().meta());
  }

  private static <T> T asked(Supplier<T> question) {
    try {
      return question.get();
    } catch (WrongEvmChainException e) {
      throw new WrongNetworkException(String.valueOf(e.getMessage()));
    } catch (EvmException e) {
      throw new ChainException(Objects.toString(e.getMessage(), "no answer"), e);
    }
  }

  @Override
  public void close() {
    searches.shutdownNow();
    node.close();
  }

  @Override
  public String toString() {
    return "EvmLedger[%s, %s]".formatted(account, node);
  }
}
