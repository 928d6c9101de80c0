package chargepile.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.chain.ChainException;
import chargepile.agent.session.Moment;
import chargepile.agent.session.PeerChannel;
import chargepile.agent.session.PeerMessage;
import chargepile.agent.session.leg.LegMessage;
import chargepile.agent.session.leg.PaymentLeg;
import chargepile.agent.session.leg.VoucherLeg;
import chargepile.agent.session.pile.Pile;
import chargepile.agent.session.pile.PileAction;
import chargepile.agent.session.pile.PileContext;
import chargepile.agent.session.pile.PileEvent;
import chargepile.agent.session.pile.PileMachine;
import chargepile.agent.session.pile.PileTransition;
import chargepile.agent.store.SqliteStore;
import chargepile.agent.store.Store;
import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import chargepile.agent.voucher.ChainView;
import chargepile.agent.voucher.VoucherAction;
import chargepile.agent.voucher.VoucherBook;
import chargepile.agent.voucher.VoucherChannel;
import chargepile.agent.voucher.VoucherEvent;
import chargepile.agent.voucher.VoucherOutcome;
import chargepile.agent.voucher.VoucherSettings;
import chargepile.agent.voucher.VoucherSetup;
import chargepile.agent.voucher.VoucherStage;
import chargepile.agent.voucher.VoucherStates;
import chargepile.agent.voucher.eip712.Voucher;
import chargepile.agent.voucher.wire.VoucherMessage;
import chargepile.agent.voucher.wire.VoucherMessage.AcceptVoucherChannel;
import chargepile.agent.voucher.wire.VoucherMessage.OpenVoucherChannel;
import chargepile.agent.voucher.wire.VoucherMessage.Proof;
import chargepile.agent.voucher.wire.VoucherMessage.VoucherError;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What strangers and former drivers say about channels, of which the pile's store has known some:
 * the store would refuse numbers that go back, and the node would stop.
 */
class VoucherIdsTest {
  private static final PublicKey DRIVER = node("driver");

  /** A channel of the pile's, long settled, in which the driver has paid. */
  private static final VoucherBook PAST =
      VoucherStates.ofEveryStage().stream()
          .filter(channel -> channel.stage() instanceof VoucherStage.Closed)
          .flatMap(channel -> channel.book().stream())
          .filter(book -> book.setup().metering() && book.received().isPresent())
          .findFirst()
          .orElseThrow();

  private static final VoucherSetup SETUP = PAST.setup();
  private static final PrivateKey ACCOUNT =
      new PrivateKey(new ByteVector32("%064x".formatted(0xb1)));

  @TempDir Path folder;
  private Store store;
  private NodeStore rows;
  private PileMachine machine;
  private Pile pile = Pile.fresh(TwoNodes.PILE);
  private final List<VoucherMessage> said = new ArrayList<>();
  private final List<String> alerts = new ArrayList<>();

  @BeforeEach
  void start() {
    store = SqliteStore.open(folder.resolve("pile.db"));
    rows = new NodeStore(store);
    rows.load();
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
    NodeKeys keys = new NodeKeys(TwoNodes.seed("pile"), TwoNodes.SIGNER);
    machine = new PileMachine(new PileContext(TwoNodes.PILE, ledger.legs(keys, true, rows::knows)));
  }

  @AfterEach
  void stop() {
    store.close();
  }

  private static PublicKey node(String name) {
    return TwoNodes.SIGNER.publicKey(new PrivateKey(TwoNodes.seed(name)));
  }

  /** The pile as it was when the past channel was settled. */
  private void settled() {
    stands(new VoucherStage.Closed(VoucherOutcome.COOPERATIVE_CLOSE, "test", Optional.of(PAST)));
  }

  private void stands(VoucherStage stage) {
    VoucherLeg leg = new VoucherLeg(new VoucherChannel(VoucherChannel.Link.DOWN, stage));
    pile = Pile.recovered(TwoNodes.PILE, Map.of(DRIVER, new PeerChannel(0, leg)), 1);
    commit(new PileAction.Store("test", Set.of(DRIVER), Map.of(), Map.of(), Map.of(), Map.of()));
    on(new PileEvent.PeerConnected(DRIVER));
  }

  private void commit(PileAction.Store stored) {
    rows.commit(PileChange.of(stored, pile, Instant.EPOCH, List.of()));
  }

  private void on(PileEvent event) {
    said.clear();
    PileTransition transition =
        machine.on(pile, event, new Moment(Instant.EPOCH, 0, ByteVector32.One));
    pile = transition.next();
    for (PileAction action : transition.actions()) {
      switch (action) {
        case PileAction.Store stored -> commit(stored);
        case PileAction.Send(_, var messages) ->
            messages.forEach(
                message -> {
                  if (message instanceof PeerMessage.OfLeg(LegMessage.OfVoucher(var voucher))) {
                    said.add(voucher);
                  }
                });
        case PileAction.Alert(String text) -> alerts.add(text);
        default -> {}
      }
    }
  }

  private void hear(PublicKey from, VoucherMessage message) {
    on(
        new PileEvent.PeerSaid(
            from, List.of(new PeerMessage.OfLeg(new LegMessage.OfVoucher(message)))));
  }

  private static OpenVoucherChannel open(EvmAddress opener, long nonce, EvmAddress token) {
    return new OpenVoucherChannel(
        SETUP.domain().chainId(),
        SETUP.domain().contract(),
        token,
        opener,
        nonce,
        new Amount(50_000),
        SETUP.challengePeriod());
  }

  private VoucherReestablish takeUp() {
    return new VoucherReestablish(
        SETUP.id(),
        SETUP.a(),
        SETUP.b(),
        SETUP.openNonce(),
        SETUP.challengePeriod(),
        Optional.empty(),
        Optional.empty());
  }

  @Test
  void aChannelIsNotOpenedUnderTheIdOfAFormerOne() {
    settled();
    hear(DRIVER, open(SETUP.a(), SETUP.openNonce(), SETUP.token()));
    VoucherError error = assertInstanceOf(VoucherError.class, said.getFirst());
    assertTrue(error.text().contains("opened before"), error::text);
    assertEquals(PaymentLeg.Life.CLOSED, pile.leg(DRIVER).life());
  }

  @Test
  void norByAnotherNodeWithTheSameAccount() {
    settled();
    PublicKey other = node("the driver's other node");
    on(new PileEvent.PeerConnected(other));
    hear(other, open(SETUP.a(), SETUP.openNonce(), SETUP.token()));
    assertInstanceOf(VoucherError.class, said.getFirst());
    assertEquals(PaymentLeg.Life.ABSENT, pile.leg(other).life());
  }

  @Test
  void anOpeningThatIsRefusedLeavesTheFormerChannelAsItIs() {
    settled();
    hear(DRIVER, open(SETUP.a(), SETUP.openNonce() + 1, SETUP.a()));
    assertInstanceOf(VoucherError.class, said.getFirst());
    assertEquals(
        PAST.received(), ((VoucherLeg) pile.leg(DRIVER)).channel().book().orElseThrow().received());
    hear(DRIVER, takeUp());
    assertInstanceOf(VoucherError.class, said.getFirst());
    assertEquals(PaymentLeg.Life.CLOSED, pile.leg(DRIVER).life());
  }

  @Test
  void aChannelThatTheStoreKnowsIsNotTakenForLost() {
    settled();
    PublicKey other = node("the driver's other node");
    on(new PileEvent.PeerConnected(other));
    hear(other, takeUp());
    assertInstanceOf(VoucherError.class, said.getFirst());
    assertEquals(PaymentLeg.Life.ABSENT, pile.leg(other).life());
  }

  @Test
  void anotherOneTakesItsPlaceOnceItIsAgreedTo() {
    settled();
    hear(DRIVER, open(SETUP.a(), SETUP.openNonce() + 1, SETUP.token()));
    assertInstanceOf(AcceptVoucherChannel.class, said.getFirst());
    assertEquals(PaymentLeg.Life.OPENING, pile.leg(DRIVER).life());
    assertNotEquals(SETUP.id().value(), pile.leg(DRIVER).id().orElseThrow().value());
  }

  /** A cheat that sees it shows a larger voucher of its own, with a lower number. */
  @Test
  void whatALostStoreIsShownCanBeStored() {
    stands(new VoucherStage.Normal(PAST, Optional.empty()));
    long known = PAST.received().orElseThrow().voucher().seq();
    assertTrue(known > 1);
    hear(
        DRIVER,
        new VoucherReestablish(
            SETUP.id(),
            SETUP.a(),
            SETUP.b(),
            SETUP.openNonce(),
            SETUP.challengePeriod(),
            Optional.of(proof(SETUP.a(), 0xd1, 40_000, 1)),
            Optional.of(proof(SETUP.b(), 0xb1, 9_000, 99))));
    VoucherBook book = ((VoucherLeg) pile.leg(DRIVER)).channel().book().orElseThrow();
    assertEquals(99, book.sent().orElseThrow().voucher().seq());
    assertEquals(known, book.received().orElseThrow().voucher().seq());
    assertEquals("DataLost", pile.leg(DRIVER).title());
  }

  private static Proof proof(EvmAddress payer, int key, long cumulative, long seq) {
    return proof(
        new Voucher(SETUP.id(), payer, new Amount(cumulative), seq, ByteVector32.One), key);
  }

  private static Proof proof(Voucher voucher, int key) {
    PrivateKey account = new PrivateKey(new ByteVector32("%064x".formatted(key)));
    return new Proof(
        voucher.cumulative(),
        voucher.seq(),
        voucher.evidence(),
        SETUP.domain().sign(TwoNodes.SIGNER, voucher, account));
  }

  @Test
  void openingsThatCostNothingPushOutNobodyWhoWaits() {
    for (int i = 0; i < 40; i++) {
      PublicKey stranger = stranger(i);
      hear(stranger, open(account(i), 7, SETUP.token()));
      if (i < 32) {
        assertInstanceOf(AcceptVoucherChannel.class, said.getFirst());
      } else {
        VoucherError error = assertInstanceOf(VoucherError.class, said.getFirst());
        assertTrue(error.text().contains("32 channels wait to be opened"), error::text);
        assertEquals(PaymentLeg.Life.ABSENT, pile.leg(stranger).life());
      }
    }
    assertEquals(32, waiting(PaymentLeg.Life.OPENING));
    assertEquals(PaymentLeg.Life.OPENING, pile.leg(node("stranger 0")).life());
    assertTrue(alerts.getLast().contains("wait to be opened"), alerts::toString);
  }

  @Test
  void whoWaitsAlreadyMayOpenAnotherInsteadOfItsOwn() {
    for (int i = 0; i < 32; i++) {
      hear(stranger(i), open(account(i), 7, SETUP.token()));
    }
    hear(node("stranger 3"), open(account(3), 8, SETUP.token()));
    assertInstanceOf(AcceptVoucherChannel.class, said.getFirst());
    assertEquals(32, waiting(PaymentLeg.Life.OPENING));
  }

  @Test
  void channelsThatAreSaidToBeLostAreBoundedLikewise() {
    EvmAddress driver = SETUP.a();
    for (int i = 0; i < 40; i++) {
      hear(stranger(i), lost(driver, 100 + i));
    }
    assertEquals(32, waiting(PaymentLeg.Life.SETTLING));
    assertEquals(PaymentLeg.Life.ABSENT, pile.leg(node("stranger 39")).life());
    VoucherError error = assertInstanceOf(VoucherError.class, said.getFirst());
    assertTrue(error.channelId().isEmpty(), "it is closed over none");
    assertTrue(error.text().contains("32 lost channels"), error::text);
  }

  private VoucherReestablish lost(EvmAddress driver, long nonce) {
    VoucherSetup setup =
        new VoucherSetup(
            SETUP.domain(),
            SETUP.token(),
            driver,
            SETUP.b(),
            nonce,
            SETUP.challengePeriod(),
            SETUP.own(),
            true);
    Voucher paid = new Voucher(setup.id(), driver, new Amount(1), 1, ByteVector32.One);
    return new VoucherReestablish(
        setup.id(),
        setup.a(),
        setup.b(),
        setup.openNonce(),
        setup.challengePeriod(),
        Optional.of(proof(paid, 0xd1)),
        Optional.empty());
  }

  private PublicKey stranger(int number) {
    PublicKey stranger = node("stranger " + number);
    on(new PileEvent.PeerConnected(stranger));
    return stranger;
  }

  private long waiting(PaymentLeg.Life life) {
    return pile.channels().values().stream()
        .filter(channel -> channel.leg().life() == life)
        .count();
  }

  private static EvmAddress account(int number) {
    byte[] bytes = new byte[20];
    bytes[0] = 1;
    bytes[19] = (byte) number;
    return new EvmAddress(new ByteVector(bytes));
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
