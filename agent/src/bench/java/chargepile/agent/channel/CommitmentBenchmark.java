package chargepile.agent.channel;

import chargepile.agent.channel.codec.ChannelCodec;
import chargepile.agent.channel.tx.CommitmentKeys;
import chargepile.agent.channel.tx.CommitmentParams;
import chargepile.agent.channel.tx.CommitmentSpec;
import chargepile.agent.channel.tx.CommitmentTransaction;
import chargepile.agent.channel.tx.FundingScript;
import chargepile.agent.channel.wire.ChannelMessage;
import chargepile.agent.crypto.ChannelKeys;
import chargepile.agent.crypto.Signer;
import chargepile.agent.units.Amount;
import chargepile.agent.units.BlockHeight;
import chargepile.agent.units.ChannelId;
import chargepile.agent.units.Direction;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.Satoshi;
import chargepile.agent.units.SessionId;
import fr.acinq.bitcoin.Block;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.ByteVector64;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.PublicKey;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxId;
import fr.acinq.bitcoin.TxIn;
import fr.acinq.bitcoin.TxOut;
import fr.acinq.lightning.CltvExpiryDelta;
import fr.acinq.lightning.MilliSatoshi;
import fr.acinq.lightning.blockchain.fee.FeeratePerKw;
import fr.acinq.lightning.transactions.Transactions.InputInfo;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What an increment costs: the whole update between both parties, and one commitment transaction
 * built and signed here and, of the same balances and keys, by lightning-kmp.
 */
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // @Setup fills the fields
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class CommitmentBenchmark {
  private static final fr.acinq.lightning.transactions.Transactions KMP =
      fr.acinq.lightning.transactions.Transactions.INSTANCE;
  private static final SessionId SESSION = new SessionId(new ByteVector(new byte[16]));
  private static final Satoshi CAPACITY = new Satoshi(10_000_000);

  private final Signer signer = Signer.best();
  private final Side pile = new Side((byte) 1, true);
  private final Side driver = new Side((byte) 2, false);
  private CommitmentParams params;
  private CommitmentKeys keys;
  private CommitmentSpec spec;
  private PublicKey pilePayment;
  private PublicKey driverPayment;
  private long claimed;

  private final class Side {
    final ChannelKeys keys;
    final ChannelMachine machine;
    final Deque<ChannelMessage> inbox = new ArrayDeque<>();
    Channel state = Channel.NEW;
    byte[] stored = new byte[0];

    Side(byte seed, boolean metering) {
      byte[] bytes = new byte[32];
      bytes[0] = seed;
      keys = ChannelKeys.derive(new ByteVector32(bytes), 0);
      ByteVector home = new ByteVector("0014" + "00".repeat(20));
      machine = new ChannelMachine(new ChannelContext(signer, keys, 0, settings(), metering, home));
    }

    void on(ChannelEvent event) {
      ChannelTransition transition = machine.on(state, event);
      state = transition.next();
      for (ChannelAction action : transition.actions()) {
        switch (action) {
          case ChannelAction.Store store -> stored = ChannelCodec.encode(state);
          case ChannelAction.Send send -> other().inbox.addAll(send.messages());
          case ChannelAction.BuildFunding build ->
              on(new ChannelEvent.FundingBuilt(funding(build)));
          case ChannelAction.Broadcast broadcast -> {}
          case ChannelAction.Release release -> {}
          case ChannelAction.Remember remember -> {}
          case ChannelAction.BroadcastPackage both -> {}
          case ChannelAction.AddFee fee -> {}
          case ChannelAction.Recall recall -> {}
          case ChannelAction.Watch watch -> {}
          case ChannelAction.Notify notice -> {}
          case ChannelAction.Alert alert -> throw new IllegalStateException(alert.text());
        }
      }
    }

    Side other() {
      return this == pile ? driver : pile;
    }
  }

  /** Opens the channel. */
  @Setup
  public void open() {
    pile.on(new ChannelEvent.Connected());
    driver.on(new ChannelEvent.Connected());
    driver.on(
        new ChannelEvent.Open(
            new ChannelId(ByteVector32.One), CAPACITY, Amount.ZERO, new Feerate(2500)));
    run();
    Commitments now = pile.state.commitments().orElseThrow();
    var held =
        new TxOut(
            new fr.acinq.bitcoin.Satoshi(CAPACITY.value()),
            OpeningSteps.fundingScript(now.setup()));
    ChainView view =
        new ChainView(
            new BlockHeight(10),
            new Feerate(1000),
            Map.of(now.funding(), held),
            Map.of(),
            Map.of(now.funding().txid, new BlockHeight(1)));
    pile.on(new ChannelEvent.ChainChanged(view));
    driver.on(new ChannelEvent.ChainChanged(view));
    run();
    wholeUpdate();
    Commitments used = pile.state.commitments().orElseThrow();
    var transactions = new Transactions(signer, pile.keys);
    params = transactions.params(used.setup(), used.funding(), true);
    keys = transactions.local(used).keys();
    spec = used.local().allocation().spec();
    pilePayment = pile.keys.basepoints(signer).payment();
    driverPayment = driver.keys.basepoints(signer).payment();
    if (!ourCommitment().equals(kmpCommitment())) {
      throw new IllegalStateException("lightning-kmp signs another commitment");
    }
  }

  /** A claim, both commitments signed and verified, both old ones revoked, every state encoded. */
  @Benchmark
  public long wholeUpdate() {
    pile.on(
        new ChannelEvent.ClaimEnergy(
            SESSION,
            Direction.IMPORT,
            new MilliWattHours(++claimed),
            claimed,
            new Amount(claimed * 100),
            7,
            ByteVector.empty));
    run();
    return pile.stored.length + driver.stored.length;
  }

  /** One commitment transaction, built and signed. */
  @Benchmark
  public ByteVector64 ourCommitment() {
    CommitmentTransaction built = CommitmentTransaction.build(params, keys, spec, 7);
    return signer.sign(built.fundingDigest(), pile.keys.funding());
  }

  /** The same by lightning-kmp. */
  @Benchmark
  public ByteVector64 kmpCommitment() {
    ByteVector script = FundingScript.redeemScript(params.ownerFunding(), params.otherFunding());
    var input =
        new InputInfo(
            params.fundingOutPoint(),
            new TxOut(
                new fr.acinq.bitcoin.Satoshi(CAPACITY.value()),
                FundingScript.outputScript(params.ownerFunding(), params.otherFunding())),
            script);
    var outputs =
        KMP.makeCommitTxOutputs(
            params.ownerFunding(),
            params.otherFunding(),
            params.ownerIsFunder(),
            new fr.acinq.bitcoin.Satoshi(params.ownerDustLimit().value()),
            keys.revocation(),
            new CltvExpiryDelta(params.toSelfDelay()),
            keys.localDelayed(),
            keys.remotePayment(),
            keys.localHtlc(),
            keys.remoteHtlc(),
            new fr.acinq.lightning.transactions.CommitmentSpec(
                Set.of(),
                new FeeratePerKw(new fr.acinq.bitcoin.Satoshi(spec.feerate().satoshiPerKw())),
                new MilliSatoshi(spec.toLocal().value()),
                new MilliSatoshi(spec.toRemote().value())));
    var commitment =
        KMP.makeCommitTx(input, 7, pilePayment, driverPayment, params.ownerIsFunder(), outputs);
    return KMP.sign(commitment, pile.keys.funding(), 1);
  }

  private void run() {
    while (!pile.inbox.isEmpty() || !driver.inbox.isEmpty()) {
      Side side = pile.inbox.isEmpty() ? driver : pile;
      side.on(new ChannelEvent.Received(side.inbox.remove()));
    }
  }

  private static Transaction funding(ChannelAction.BuildFunding build) {
    var input = new TxIn(new OutPoint(new TxId(ByteVector32.One), 0), TxIn.SEQUENCE_FINAL);
    var output = new TxOut(new fr.acinq.bitcoin.Satoshi(build.amount().value()), build.script());
    return new Transaction(2, List.of(input), List.of(output), 0);
  }

  private static ChannelSettings settings() {
    return new ChannelSettings(
        Block.RegtestGenesisBlock.hash.value,
        new ChannelSettings.CapacityBounds(new Satoshi(20_000), new Satoshi(100_000_000)),
        new ChannelSettings.FeerateBounds(Feerate.MINIMUM_RELAY, new Feerate(50_000)),
        new Satoshi(354),
        10,
        50,
        2016,
        3,
        6,
        new Amount(1000),
        new Amount(500_000_000),
        30);
  }
}
