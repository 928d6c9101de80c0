package chargepile.agent.evm;

import chargepile.agent.crypto.EvmSignature;
import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import chargepile.agent.voucher.Deposits;
import chargepile.agent.voucher.OnLedger;
import chargepile.agent.voucher.Party;
import chargepile.agent.voucher.Payouts;
import chargepile.agent.voucher.SignedClose;
import chargepile.agent.voucher.SignedVoucher;
import chargepile.agent.voucher.VoucherEvent.Registration;
import chargepile.agent.voucher.VoucherSetup;
import chargepile.agent.voucher.eip712.ConditionalVoucher;
import chargepile.agent.voucher.eip712.CooperativeClose;
import chargepile.agent.voucher.eip712.Domain;
import chargepile.agent.voucher.eip712.Voucher;
import com.esaulpaugh.headlong.abi.Tuple;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * The contract of the voucher channels (P2-15, P2-16, P2-18): what it says, and the transactions
 * that it takes. Thread-safe.
 */
public final class VoucherChannelContract {
  /** With so much a settlement never fails for want of gas, whatever its token does. */
  private static final long SETTLE_GAS = 600_000;

  /** Twice to three times what each takes with a plain token, for tokens that do more. */
  private static final long OPEN_GAS = 400_000;

  private static final long DEPOSIT_GAS = 250_000;
  private static final long REQUEST_GAS = 200_000;
  private static final long CHALLENGE_GAS = 150_000;
  private static final long CLAIM_GAS = 200_000;
  private static final long HOLD_GAS = 150_000;
  private static final long REDEEM_GAS = 200_000;
  private static final long REGISTER_GAS = 120_000;

  private static final int CLOSING = 2;
  private static final int SETTLED = 3;

  private static final ByteVector NOTHING = ByteVector.empty;
  private static final ByteVector32 ZERO = ByteVector32.Zeroes;
  private static final Payouts UNTOLD = new Payouts(Amount.ZERO, Amount.ZERO);

  private final DeployedContract contract;
  private final long since;
  private final ChannelHistory history;

  /**
   * @param since the block of its creation
   */
  public VoucherChannelContract(EvmNode node, EvmAddress address, long since) {
    this(
        new DeployedContract(node, address, ContractArtifact.load("VoucherChannel")),
        since,
        Runnable::run);
  }

  private VoucherChannelContract(DeployedContract contract, long since, Executor thread) {
    this.contract = contract;
    this.since = since;
    this.history = new ChannelHistory(contract, since, thread);
  }

  /** The same contract as another node shows it. */
  VoucherChannelContract at(EvmNode node) {
    return new VoucherChannelContract(contract.at(node), since, Runnable::run);
  }

  /**
   * The same contract, which keeps nobody waiting for what is long ago: how a channel was settled
   * is looked for on another thread meanwhile.
   */
  public VoucherChannelContract searchingOn(Executor thread) {
    return new VoucherChannelContract(contract, since, thread);
  }

  EvmNode node() {
    return contract.node();
  }

  /** Under which vouchers for it are signed. */
  public Domain domain() {
    return new Domain(contract.node().chainId(), contract.address());
  }

  /** All of its logs. */
  public LogFilter logs() {
    return LogFilter.of(contract.address());
  }

  /** Within which seconds a channel's challenge period lies. */
  public record Periods(Duration least, Duration most) {}

  public Periods periods() {
    return new Periods(seconds("minChallengePeriod"), seconds("maxChallengePeriod"));
  }

  private Duration seconds(String constant) {
    return Duration.ofSeconds(Abi.number(contract.ask(constant, BlockRef.LATEST).<Object>get(0)));
  }

  /** A channel in the state after a block. */
  public OnLedger onLedger(VoucherSetup channel, EvmBlock at) {
    BlockRef block = BlockRef.hash(at.hash());
    Tuple found = contract.ask("channelOf", block, channel.id()).get(0);
    int state = state(found);
    return switch (state) {
      case 0 -> new OnLedger.Missing();
      case 1 -> new OnLedger.Open(deposits(found), Duration.ofSeconds(number(found, 5)));
      case CLOSING -> closing(found);
      case SETTLED -> {
        // It keeps nothing but its state: the payouts are in the log.
        ChannelLog.Settled end = history.settled(channel.id(), at.number());
        yield new OnLedger.Settled(
            end.cooperative(),
            new Payouts(end.payoutA(), end.payoutB()),
            new Payouts(
                owed(channel.a(), channel.token(), block),
                owed(channel.b(), channel.token(), block)));
      }
      default ->
          throw new EvmException("the channel %s is in an unknown state".formatted(channel.id()));
    };
  }

  /**
   * Whether a channel is at its end in the state after a block, by one question: for a node that
   * may lie. Of one that is settled it tells that alone, and no payouts.
   */
  Optional<OnLedger> ending(VoucherSetup channel, ByteVector32 block) {
    Tuple found = contract.ask("channelOf", BlockRef.hash(block), channel.id()).get(0);
    return switch (state(found)) {
      case CLOSING -> Optional.of(closing(found));
      case SETTLED -> Optional.of(new OnLedger.Settled(false, UNTOLD, UNTOLD));
      default -> Optional.empty();
    };
  }

  private static int state(Tuple found) {
    return (int) number(found, 4);
  }

  private static long number(Tuple found, int field) {
    return Abi.number(found.<Object>get(field));
  }

  private static Deposits deposits(Tuple found) {
    return Deposits.told(found.get(0), found.get(1));
  }

  private static OnLedger.Closing closing(Tuple found) {
    return new OnLedger.Closing(
        deposits(found), Abi.amount(found.get(2)), Abi.amount(found.get(3)), number(found, 7));
  }

  /** What waits for an account to be claimed. */
  public Amount owed(EvmAddress account, EvmAddress token, BlockRef at) {
    return Abi.amount(contract.ask("owed", at, account, token).get(0));
  }

  /** The preimage of a lock, if it is public, and since when; in the state after a block. */
  public Optional<Registration> registration(ByteVector32 hashlock, EvmBlock at) {
    return registeredAt(hashlock, BlockRef.hash(at.hash()))
        .map(time -> new Registration(history.preimage(hashlock, time, at.number()), time));
  }

  /** Whether the preimage of a lock is public, and since when, in Unix seconds of the chain. */
  public Optional<Long> registeredAt(ByteVector32 hashlock, BlockRef at) {
    return Optional.of(Abi.number(contract.ask("registeredAt", at, hashlock).<Object>get(0)))
        .filter(time -> time > 0);
  }

  /**
   * Opens a channel, of which the sender is A, with a deposit that was approved before.
   *
   * @param deposit may be zero
   */
  public TransactionIntent open(String key, VoucherSetup channel, Amount deposit) {
    return contract
        .intent(
            key,
            "opening of the channel " + channel.id(),
            "open",
            channel.token(),
            channel.b(),
            BigInteger.valueOf(channel.openNonce()),
            channel.challengePeriod().toSeconds(),
            deposit)
        .withGasLimit(OPEN_GAS);
  }

  /** Opens a channel with a deposit that comes with its approval: one transaction. */
  public TransactionIntent open(
      String key, VoucherSetup channel, Amount deposit, TokenContract.Permit permit) {
    return contract
        .intent(
            key,
            "opening of the channel " + channel.id(),
            "openWithPermit",
            channel.token(),
            channel.b(),
            BigInteger.valueOf(channel.openNonce()),
            channel.challengePeriod().toSeconds(),
            deposit,
            permit.tuple())
        .withGasLimit(OPEN_GAS);
  }

  /** Adds to the deposit of a party what was approved before. */
  public TransactionIntent deposit(
      String key, VoucherSetup channel, Party participant, Amount amount) {
    return contract
        .intent(
            key,
            "deposit in the channel " + channel.id(),
            "deposit",
            parties(channel),
            channel.address(participant),
            amount)
        .withGasLimit(DEPOSIT_GAS);
  }

  /** Adds to the deposit of a party what comes with its approval. */
  public TransactionIntent deposit(
      String key,
      VoucherSetup channel,
      Party participant,
      Amount amount,
      TokenContract.Permit permit) {
    return contract
        .intent(
            key,
            "deposit in the channel " + channel.id(),
            "depositWithPermit",
            parties(channel),
            channel.address(participant),
            amount,
            permit.tuple())
        .withGasLimit(DEPOSIT_GAS);
  }

  public TransactionIntent cooperativeClose(String key, VoucherSetup channel, SignedClose agreed) {
    CooperativeClose close = agreed.close();
    return contract
        .intent(
            key,
            "cooperative close of the channel " + channel.id(),
            "cooperativeClose",
            parties(channel),
            Abi.tuple(
                close.channel(),
                close.paidByA(),
                close.paidByB(),
                BigInteger.valueOf(close.deadline())),
            agreed.a(),
            agreed.b())
        .withGasLimit(SETTLE_GAS);
  }

  /**
   * Asks to close.
   *
   * @param best the other's best voucher; empty where there is none
   */
  public TransactionIntent requestClose(
      String key, VoucherSetup channel, Optional<SignedVoucher> best) {
    return contract
        .intent(
            key,
            "close of the channel " + channel.id(),
            "requestClose",
            parties(channel),
            best.map(signed -> tuple(signed.voucher())).orElseGet(() -> none(channel)),
            best.map(signed -> signed.signature().bytes()).orElse(NOTHING))
        .withGasLimit(REQUEST_GAS);
  }

  /** Presents a better voucher (P1-34); wants a deadline: the end of the challenge period. */
  public TransactionIntent challenge(String key, VoucherSetup channel, SignedVoucher best) {
    return contract
        .intent(
            key,
            "challenge in the channel " + channel.id(),
            "challenge",
            parties(channel),
            tuple(best.voucher()),
            best.signature())
        .withGasLimit(CHALLENGE_GAS);
  }

  /** Presents a conditional voucher with the preimage that opens it. */
  public TransactionIntent redeem(
      String key,
      VoucherSetup channel,
      ConditionalVoucher voucher,
      EvmSignature signature,
      ByteVector32 preimage) {
    return contract
        .intent(
            key,
            "redemption of a lock in the channel " + channel.id(),
            "redeem",
            parties(channel),
            tuple(voucher),
            preimage,
            signature)
        .withGasLimit(REDEEM_GAS);
  }

  /** Lets a closing channel wait for the preimage of a conditional voucher. */
  public TransactionIntent hold(
      String key, VoucherSetup channel, ConditionalVoucher voucher, EvmSignature signature) {
    return contract
        .intent(
            key,
            "lock in the channel " + channel.id(),
            "hold",
            parties(channel),
            tuple(voucher),
            signature)
        .withGasLimit(HOLD_GAS);
  }

  public TransactionIntent registerPreimage(String key, ByteVector32 preimage) {
    return contract
        .intent(key, "publication of a preimage", "registerPreimage", preimage)
        .withGasLimit(REGISTER_GAS);
  }

  /** Has a channel paid out whose challenge period is over. */
  public TransactionIntent settle(String key, VoucherSetup channel) {
    return contract
        .intent(key, "settlement of the channel " + channel.id(), "settle", parties(channel))
        .withGasLimit(SETTLE_GAS);
  }

  /** Fetches what could not be paid out to the sender's account. */
  public TransactionIntent claim(String key, EvmAddress token, EvmAddress to) {
    return contract
        .intent(key, "claim of what " + token + " refused to pay", "claim", token, to)
        .withGasLimit(CLAIM_GAS);
  }

  /** What a log says; empty: it is of another contract, or says nothing of channels. */
  public Optional<ChannelLog> decode(EvmLog log) {
    return contract.decode(log).flatMap(ChannelLogDecoder::decode);
  }

  private static Tuple parties(VoucherSetup channel) {
    return Abi.tuple(
        channel.token(), channel.a(), channel.b(), BigInteger.valueOf(channel.openNonce()));
  }

  private static Tuple tuple(Voucher voucher) {
    return Abi.tuple(
        voucher.channel(),
        voucher.payer(),
        voucher.cumulative(),
        BigInteger.valueOf(voucher.seq()),
        voucher.evidence());
  }

  private static Tuple none(VoucherSetup channel) {
    return Abi.tuple(channel.id(), channel.a(), Amount.ZERO, BigInteger.ZERO, ZERO);
  }

  private static Tuple tuple(ConditionalVoucher voucher) {
    return Abi.tuple(
        voucher.channel(),
        voucher.payer(),
        voucher.cumulative(),
        BigInteger.valueOf(voucher.seq()),
        voucher.evidence(),
        voucher.hashlock(),
        BigInteger.valueOf(voucher.expiry()));
  }
}
