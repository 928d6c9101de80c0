package chargepile.agent.evm;

import chargepile.agent.units.EvmAddress;
import chargepile.agent.units.VoucherChannelId;
import chargepile.agent.voucher.Party;
import com.esaulpaugh.headlong.abi.Tuple;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;

/**
 * An account's voucher channels as the chain alone tells of them, whoever opened them: those that
 * keep a pile's bond locked (P1-11), and how they end. Amounts and numbers are as wide as the
 * contract's: a stranger chooses them. Thread-safe.
 */
public final class ObligingChannels {
  /** With so much the registry always hears of the end. */
  private static final long END_GAS = 600_000;

  private static final long REFUSAL_GAS = 100_000;
  private static final int OPEN = 1;
  private static final int CLOSING = 2;
  private static final String KEYS = "voucher/";

  private final DeployedContract contract;
  private final long since;

  /**
   * @param since no log of the contract is in an earlier block
   */
  public ObligingChannels(EvmNode node, EvmAddress address, long since) {
    this.contract = new DeployedContract(node, address, ContractArtifact.load("VoucherChannel"));
    this.since = since;
  }

  /**
   * A party's channel that is not settled.
   *
   * @param openNonce of 64 bits without a sign
   * @param own which side is the party
   * @param deposit what was deposited for it
   * @param peerDeposit what was deposited for the other side
   * @param presented the largest of the peer's vouchers that was presented
   * @param challengePeriod how long it waits once somebody asked to close it
   * @param settleAfter when it can be settled; empty: nobody has asked to close it
   */
  public record Obliging(
      VoucherChannelId id,
      EvmAddress token,
      EvmAddress a,
      EvmAddress b,
      BigInteger openNonce,
      Party own,
      BigInteger deposit,
      BigInteger peerDeposit,
      BigInteger presented,
      Duration challengePeriod,
      Optional<Instant> settleAfter) {
    public EvmAddress peer() {
      return own == Party.A ? b : a;
    }

    /** The account of the party's that it names, which the party may have no more. */
    public EvmAddress account() {
      return own == Party.A ? a : b;
    }

    private Tuple parties() {
      return Abi.tuple(token, a, b, openNonce);
    }
  }

  /** Whose piles its channels oblige. */
  public EvmAddress registry() {
    return Abi.address(contract.ask("registry", BlockRef.LATEST).get(0));
  }

  /** Whether an account takes no channels that others open with it. */
  public boolean isRefusing(EvmAddress account) {
    return contract.ask("refusesChannels", BlockRef.LATEST, account).get(0);
  }

  /**
   * The channels that oblige a party, in the order in which they were opened.
   *
   * @param accounts that the party has and had
   * @param party the registry's id
   */
  public List<Obliging> of(Set<EvmAddress> accounts, ByteVector32 party, EvmBlock at) {
    return found(
        accounts,
        at,
        (id, account) ->
            Abi.hash(
                    contract.ask("obligedBy", BlockRef.hash(at.hash()), id, account).<Object>get(0))
                .equals(party));
  }

  /** All channels of an account that are not settled, in the order in which they were opened. */
  public List<Obliging> of(EvmAddress account, EvmBlock at) {
    return found(Set.of(account), at, (_, _) -> true);
  }

  private List<Obliging> found(
      Set<EvmAddress> accounts, EvmBlock at, BiPredicate<ByteVector32, EvmAddress> counts) {
    BlockRef block = BlockRef.hash(at.hash());
    List<Obliging> found = new ArrayList<>();
    for (EvmLog log : contract.history(Set.of("ChannelOpened"), since, at.number())) {
      Tuple x = contract.decode(log).orElseThrow().arguments();
      EvmAddress a = Abi.address(x.get(1));
      EvmAddress b = Abi.address(x.get(2));
      ByteVector32 id = Abi.hash(x.get(0));
      for (Party side : Party.values()) {
        EvmAddress account = side == Party.A ? a : b;
        if (accounts.contains(account) && counts.test(id, account)) {
          state(x, side, block).ifPresent(found::add);
        }
      }
    }
    return found;
  }

  private Optional<Obliging> state(Tuple opened, Party own, BlockRef block) {
    ByteVector32 id = Abi.hash(opened.get(0));
    Tuple now = contract.ask("channelOf", block, id).get(0);
    int state = (int) Abi.number(now.<Object>get(4));
    if (state != OPEN && state != CLOSING) {
      return Optional.empty();
    }
    boolean isA = own == Party.A;
    return Optional.of(
        new Obliging(
            new VoucherChannelId(id),
            Abi.address(opened.get(3)),
            Abi.address(opened.get(1)),
            Abi.address(opened.get(2)),
            whole(opened.get(4)),
            own,
            whole(now.get(isA ? 0 : 1)),
            whole(now.get(isA ? 1 : 0)),
            whole(now.get(isA ? 3 : 2)),
            Duration.ofSeconds(Abi.number(now.<Object>get(5))),
            state == CLOSING
                ? Optional.of(ChainTime.instant(Abi.number(now.<Object>get(7))))
                : Optional.empty()));
  }

  private static BigInteger whole(Object found) {
    return found instanceof BigInteger number
        ? number
        : BigInteger.valueOf(((Number) found).longValue());
  }

  /** Takes no channels any more that others open with the sender, or takes them again. */
  public TransactionIntent refuse(boolean refuses) {
    return contract
        .intent(
            "%srefuse/%s/%s".formatted(KEYS, contract.address(), refuses),
            refuses ? "refusal of new channels" : "end of the refusal of new channels",
            "refuseChannels",
            refuses)
        .withGasLimit(REFUSAL_GAS);
  }

  /** Ends a channel at once and leaves all that is in it to the peer. */
  public TransactionIntent renounce(Obliging channel) {
    return contract
        .intent(
            KEYS + "renounce/" + channel.id(),
            "renunciation of the channel " + channel.id(),
            "renounce",
            channel.parties())
        .withGasLimit(END_GAS);
  }

  /** Asks to close a channel of which there is no voucher. */
  public TransactionIntent requestClose(Obliging channel) {
    return contract.intent(
        requestKey(channel),
        "close of the channel " + channel.id(),
        "requestClose",
        channel.parties(),
        Abi.tuple(channel.id(), channel.a(), BigInteger.ZERO, BigInteger.ZERO, ByteVector32.Zeroes),
        ByteVector.empty);
  }

  /** By which the request to close a channel is known, whoever decides on it. */
  public static String requestKey(Obliging channel) {
    return KEYS + "request/" + channel.id();
  }

  /** By which a voucher that is presented is known, whoever decides on it. */
  public static String challengeKey(Obliging channel, long seq) {
    return "%schallenge/%s/%d".formatted(KEYS, channel.id(), seq);
  }

  /** Has a channel paid out whose challenge period is over. */
  public TransactionIntent settle(Obliging channel) {
    return contract
        .intent(
            KEYS + "settle/" + channel.id(),
            "settlement of the channel " + channel.id(),
            "settle",
            channel.parties())
        .withGasLimit(END_GAS);
  }
}
