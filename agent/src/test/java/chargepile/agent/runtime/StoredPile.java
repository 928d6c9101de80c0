package chargepile.agent.runtime;

import chargepile.agent.chain.ChainException;
import chargepile.agent.session.Moment;
import chargepile.agent.session.PeerChannel;
import chargepile.agent.session.PeerMessage;
import chargepile.agent.session.leg.LegMessage;
import chargepile.agent.session.leg.LegReport;
import chargepile.agent.session.leg.Legs;
import chargepile.agent.session.leg.PaymentLeg;
import chargepile.agent.session.leg.VoucherLeg;
import chargepile.agent.session.pile.Pile;
import chargepile.agent.session.pile.PileAction;
import chargepile.agent.session.pile.PileCodec;
import chargepile.agent.session.pile.PileContext;
import chargepile.agent.session.pile.PileEvent;
import chargepile.agent.session.pile.PileMachine;
import chargepile.agent.session.pile.PileTransition;
import chargepile.agent.store.SqliteStore;
import chargepile.agent.store.Store;
import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import chargepile.agent.voucher.ChainView;
import chargepile.agent.voucher.Deposits;
import chargepile.agent.voucher.OnLedger;
import chargepile.agent.voucher.Party;
import chargepile.agent.voucher.VoucherAction;
import chargepile.agent.voucher.VoucherBook;
import chargepile.agent.voucher.VoucherChannel;
import chargepile.agent.voucher.VoucherEvent;
import chargepile.agent.voucher.VoucherSettings;
import chargepile.agent.voucher.VoucherSetup;
import chargepile.agent.voucher.VoucherStage;
import chargepile.agent.voucher.VoucherStates;
import chargepile.agent.voucher.eip712.Voucher;
import chargepile.agent.voucher.wire.VoucherMessage;
import chargepile.agent.voucher.wire.VoucherMessage.OpenVoucherChannel;
import chargepile.agent.voucher.wire.VoucherMessage.Proof;
import chargepile.agent.voucher.wire.VoucherMessage.VoucherReestablish;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PrivateKey;
import fr.acinq.bitcoin.PublicKey;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A pile's state machine over a store on disk, which takes vouchers; drivers and chain are said.
 */
final class StoredPile implements AutoCloseable {
  /** A channel of the pile's, long settled, in which the driver has paid. */
  static final VoucherBook PAST =
      VoucherStates.ofEveryStage().stream()
          .filter(channel -> channel.stage() instanceof VoucherStage.Closed)
          .flatMap(channel -> channel.book().stream())
          .filter(book -> book.setup().metering() && book.received().isPresent())
          .findFirst()
          .orElseThrow();

  static final VoucherSetup SETUP = PAST.setup();

  /** What its drivers put into a channel. */
  static final Amount DEPOSIT = new Amount(50_000);

  private static final PrivateKey ACCOUNT = account(0xb1);
  private static final int DRIVER_ACCOUNT = 0xd1;

  private final Path file;
  private Store store;
  private NodeStore rows;
  private Legs legs;
  private PileMachine machine;
  Pile pile = Pile.fresh(TwoNodes.PILE);

  /** What the last event had said. */
  final List<VoucherMessage> said = new ArrayList<>();

  final List<String> alerts = new ArrayList<>();
  int commits;
  int published;

  StoredPile(Path folder) {
    this.file = folder.resolve("pile.db");
    this.store = SqliteStore.open(file);
    open();
  }

  private void open() {
    rows = new NodeStore(store);
    var unused = rows.load();
    var ledger =
        new NodeLedger.Evm(
            new NoLedger(),
            new VoucherSettings(
                SETUP.domain(),
                SETUP.token(),
                SETUP.challengePeriod(),
                SETUP.challengePeriod(),
                Duration.ofDays(7),
                new Amount(1000),
                Duration.ofMinutes(10)),
            ACCOUNT);
    legs = ledger.legs(new NodeKeys(TwoNodes.seed("pile"), TwoNodes.SIGNER), true, rows::knows);
    machine = new PileMachine(new PileContext(TwoNodes.PILE, legs));
  }

  /** Killed, and started again from its store. */
  void restart() {
    store.close();
    store = SqliteStore.open(file);
    open();
    var snapshot = store.load();
    pile =
        snapshot
            .session()
            .map(
                bytes ->
                    PileCodec.decode(
                        bytes,
                        TwoNodes.PILE,
                        (peer, index) -> NodeStore.channel(snapshot, peer, index, legs)))
            .orElseGet(() -> Pile.fresh(TwoNodes.PILE));
    on(new PileEvent.Restarted());
  }

  /** As it is with one channel, which is stored. */
  void stands(PublicKey driver, VoucherStage stage) {
    VoucherLeg leg = new VoucherLeg(new VoucherChannel(VoucherChannel.Link.DOWN, stage));
    pile = Pile.recovered(TwoNodes.PILE, Map.of(driver, new PeerChannel(0, leg)), 1);
    commit(new PileAction.Store("test", Set.of(driver), Map.of(), Map.of(), Map.of(), Map.of()));
  }

  private void commit(PileAction.Store stored) {
    long unused = rows.commit(PileChange.of(stored, pile, Instant.EPOCH, List.of()));
  }

  void on(PileEvent event) {
    said.clear();
    PileTransition transition =
        machine.on(pile, event, new Moment(Instant.EPOCH, 0, ByteVector32.One));
    pile = transition.next();
    for (PileAction action : transition.actions()) {
      switch (action) {
        case PileAction.Store stored -> {
          commits++;
          commit(stored);
        }
        case PileAction.Send(_, var messages) ->
            messages.forEach(
                message -> {
                  if (message instanceof PeerMessage.OfLeg(LegMessage.OfVoucher(var voucher))) {
                    said.add(voucher);
                  }
                });
        case PileAction.Alert(String text) -> alerts.add(text);
        case PileAction.Publish _ -> published++;
        default -> {}
      }
    }
  }

  PublicKey connect(String name) {
    PublicKey node = node(name);
    on(new PileEvent.PeerConnected(node));
    return node;
  }

  void disconnect(PublicKey node) {
    on(new PileEvent.PeerDisconnected(node));
  }

  void hear(PublicKey from, VoucherMessage message) {
    on(
        new PileEvent.PeerSaid(
            from, List.of(new PeerMessage.OfLeg(new LegMessage.OfVoucher(message)))));
  }

  /** What the contract holds of the channel with a driver, now and finally. */
  void see(PublicKey driver, long time, OnLedger latest, OnLedger last) {
    var view = new VoucherEvent.ChainChanged(new ChainView(time, latest, last));
    on(new PileEvent.Reported(driver, new LegReport.OnEvm(view)));
  }

  static OnLedger missing() {
    return new OnLedger.Missing();
  }

  static OnLedger open(long deposit) {
    return new OnLedger.Open(
        new Deposits(new Amount(deposit), Amount.ZERO), SETUP.challengePeriod());
  }

  PaymentLeg leg(PublicKey driver) {
    return pile.leg(driver);
  }

  VoucherBook book(PublicKey driver) {
    return ((VoucherLeg) leg(driver)).channel().book().orElseThrow();
  }

  /** The ids of the channels on disk. */
  List<ByteVector32> stored() {
    return store.channels().stream().map(row -> row.id().value()).toList();
  }

  long waiting(PaymentLeg.Life life) {
    return pile.channels().values().stream().filter(known -> known.leg().life() == life).count();
  }

  static PublicKey node(String name) {
    return TwoNodes.SIGNER.publicKey(new PrivateKey(TwoNodes.seed(name)));
  }

  /** Of an account that nobody need have. */
  static EvmAddress madeUp(int number) {
    byte[] bytes = new byte[20];
    bytes[0] = 1;
    bytes[18] = (byte) (number >> 8);
    bytes[19] = (byte) number;
    return new EvmAddress(new ByteVector(bytes));
  }

  static VoucherSetup setup(EvmAddress driver, long nonce) {
    return new VoucherSetup(
        SETUP.domain(),
        SETUP.token(),
        driver,
        SETUP.b(),
        nonce,
        SETUP.challengePeriod(),
        Party.B,
        true);
  }

  static OpenVoucherChannel opening(EvmAddress opener, long nonce, EvmAddress token) {
    return new OpenVoucherChannel(
        SETUP.domain().chainId(),
        SETUP.domain().contract(),
        token,
        opener,
        nonce,
        DEPOSIT,
        SETUP.challengePeriod());
  }

  static OpenVoucherChannel opening(EvmAddress opener, long nonce) {
    return opening(opener, nonce, SETUP.token());
  }

  /** Of a channel in which nobody has paid. */
  static VoucherReestablish takingUp(VoucherSetup setup) {
    return takingUp(setup, Optional.empty());
  }

  /** Of one in which the driver says to have paid so much. */
  static VoucherReestablish takingUp(VoucherSetup setup, Optional<Proof> sent) {
    return new VoucherReestablish(
        setup.id(),
        setup.a(),
        setup.b(),
        setup.openNonce(),
        setup.challengePeriod(),
        sent,
        Optional.empty());
  }

  /** A voucher of the driver's. */
  static Proof paid(VoucherSetup setup, long cumulative, long seq) {
    return proof(
        new Voucher(setup.id(), setup.a(), new Amount(cumulative), seq, ByteVector32.One),
        DRIVER_ACCOUNT);
  }

  static Proof proof(Voucher voucher, int key) {
    return new Proof(
        voucher.cumulative(),
        voucher.seq(),
        voucher.evidence(),
        SETUP.domain().sign(TwoNodes.SIGNER, voucher, account(key)));
  }

  private static PrivateKey account(int key) {
    return new PrivateKey(new ByteVector32("%064x".formatted(key)));
  }

  @Override
  public void close() {
    store.close();
  }

  private static final class NoLedger implements VoucherLedger {
    @Override
    public ChainView view(VoucherSetup channel) {
      throw new ChainException("none");
    }

    @Override
    public Optional<VoucherEvent.Report> carryOut(VoucherAction.Errand errand) {
      throw new ChainException("none");
    }

    @Override
    public AutoCloseable onChange(Runnable listener) {
      return () -> {};
    }
  }
}
