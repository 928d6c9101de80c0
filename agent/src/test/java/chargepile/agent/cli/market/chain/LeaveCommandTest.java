package chargepile.agent.cli.market.chain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.cli.CommandRun;
import chargepile.agent.cli.run.PileDaemon;
import chargepile.agent.crypto.Signer;
import chargepile.agent.evm.Anvil;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.ContractArtifact;
import chargepile.agent.evm.DeployedContract;
import chargepile.agent.evm.EvmKey;
import chargepile.agent.evm.EvmRpc;
import chargepile.agent.evm.ObligingChannels;
import chargepile.agent.evm.TokenContract;
import chargepile.agent.evm.TransactionIntent;
import chargepile.agent.evm.VoucherChannelContract;
import chargepile.agent.evm.market.RegisteredParty;
import chargepile.agent.evm.market.RegistryContract;
import chargepile.agent.identity.PartyId;
import chargepile.agent.session.PeerChannel;
import chargepile.agent.session.PeerChannelCodec;
import chargepile.agent.session.leg.VoucherLeg;
import chargepile.agent.store.ChannelRow;
import chargepile.agent.store.Commit;
import chargepile.agent.store.JournalNote;
import chargepile.agent.store.SigningMarks;
import chargepile.agent.store.SqliteStore;
import chargepile.agent.units.Amount;
import chargepile.agent.units.ChannelId;
import chargepile.agent.units.EvmAddress;
import chargepile.agent.voucher.Deposits;
import chargepile.agent.voucher.Funds;
import chargepile.agent.voucher.Party;
import chargepile.agent.voucher.Payments;
import chargepile.agent.voucher.SignedVoucher;
import chargepile.agent.voucher.VoucherBook;
import chargepile.agent.voucher.VoucherChannel;
import chargepile.agent.voucher.VoucherSetup;
import chargepile.agent.voucher.VoucherStage;
import chargepile.agent.voucher.eip712.Domain;
import chargepile.agent.voucher.eip712.Voucher;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pile leaves the real registry although real channels oblige it (P1-11). */
class LeaveCommandTest {
  private static final Duration PERIOD = Duration.ofHours(2);
  private static final BigInteger LARGEST_NONCE = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);
  private static final Signer SIGNER = Signer.best();
  private static final int DRIVER = 4;

  private static Anvil anvil;
  private static EvmRpc node;
  private static ChainBench bench;
  private static RegistryContract registry;
  private static TokenContract token;
  private static EvmAddress channels;

  @TempDir private static Path folder;

  @BeforeAll
  static void deploy() throws IOException, InterruptedException {
    anvil = Anvil.mining("--slots-in-an-epoch", "1");
    node = anvil.rpc();
    bench = new ChainBench(folder, anvil);
    CommandRun market = bench.deploy("m");
    registry = new RegistryContract(node, ChainBench.address(market.out(), "registry"));
    token = new TokenContract(node, ChainBench.address(market.out(), "token"));
    channels = ChainBench.address(market.out(), "voucher_channel");
  }

  @AfterAll
  static void stop() {
    if (node != null) {
      node.close();
      anvil.close();
    }
  }

  @Test
  void aStrangersEmptyChannelAndAnIdleOneKeepNoBond() throws Exception {
    List<Object> pile = registered("pile-a");
    EvmAddress account = party("pile-a").account();
    openEmpty(Anvil.key(3), account);
    VoucherSetup idle = opened(account, 500);
    keep("pile-a", idle, 500, Optional.empty());
    assertEquals(2, party("pile-a").obligations());
    Amount before = token.balance(idle.a(), BlockRef.LATEST);

    CommandRun list = bench.market("leave", pile, "--dry-run");
    assertEquals(0, list.exit(), list.err());
    assertTrue(list.out().contains("2 are the channels above; nothing was sent"), list.out());
    assertEquals(2, party("pile-a").obligations());
    assertFalse(channels().isRefusing(account));

    CommandRun left = bench.market("leave", pile);
    assertEquals(0, left.exit(), left.err());
    assertTrue(left.out().contains("pile-a has left"), left.out());
    assertTrue(channels().isRefusing(account));
    assertEquals(
        before.plus(new Amount(500)), token.balance(idle.a(), BlockRef.LATEST), "all is its own");
  }

  @Test
  void aChannelWithAReceivedVoucherIsClosedAndPaidNeverRenounced() throws Exception {
    List<Object> pile = registered("pile-b");
    EvmAddress account = party("pile-b").account();
    VoucherSetup earned = opened(account, 500);
    keep("pile-b", earned, 500, Optional.of(voucher(earned, 120)));

    CommandRun closing = bench.market("leave", pile);
    assertEquals(1, closing.exit(), closing.out());
    assertTrue(closing.err().contains("1 of its channels have to be settled"), closing.err());
    CommandRun early = bench.market("leave", pile);
    assertTrue(early.out().contains("to be waited for"), early.out());
    assertEquals(1, party("pile-b").obligations());

    anvil.passTime(PERIOD);
    anvil.mine(1);
    CommandRun left = bench.market("leave", pile);
    assertEquals(0, left.exit(), left.err());
    assertTrue(left.out().contains("pile-b has left"), left.out());
    assertEquals(new Amount(120), token.balance(account, BlockRef.LATEST));
  }

  @Test
  void aBetterVoucherAnswersAStaleCloseAndADepositIsNotGivenAway() throws Exception {
    List<Object> pile = registered("pile-c");
    EvmAddress account = party("pile-c").account();
    VoucherSetup stale = opened(account, 500);
    keep("pile-c", stale, 500, Optional.of(voucher(stale, 70)));
    VoucherSetup funded = opened(account, 300);
    EvmKey driver = Anvil.key(DRIVER);
    anvil.give(token.address(), driver.address(), new Amount(25));
    done(driver, token.approve("more", channels, new Amount(25)));
    done(driver, contract().deposit("gift", funded, Party.B, new Amount(25)));
    done(driver, contract().requestClose("stale", stale, Optional.empty()));

    CommandRun first = bench.market("leave", pile);
    assertTrue(first.out().contains("a better voucher is presented"), first.out());
    assertTrue(first.err().contains("2 of its channels have to be settled"), first.err());

    anvil.passTime(PERIOD);
    anvil.mine(1);
    CommandRun left = bench.market("leave", pile);
    assertEquals(0, left.exit(), left.err());
    assertEquals(new Amount(95), token.balance(account, BlockRef.LATEST));
  }

  @Test
  void ofAChannelThatTheStoreDoesNotKnowNothingIsGivenAway() throws Exception {
    List<Object> pile = registered("pile-d");
    opened(party("pile-d").account(), 500);

    CommandRun run = bench.market("leave", pile);
    assertEquals(1, run.exit(), run.out());
    assertTrue(run.out().contains("it is closed with the best voucher"), run.out());
    assertEquals(1, party("pile-d").obligations());
  }

  /** Nobody has the pile's key any more; the company that locked its bond has its own. */
  @Test
  void theOwnerOfABondGetsItsPileOutWhoseAccountIsLost() throws Exception {
    List<Object> wallet = bench.wallet("volt-co", "--role", "company");
    bench.certify("volt-co", wallet, registry.address());
    bench.fund("volt-co", token.address(), 50_000);
    List<Object> company = List.of("--data", folder.resolve("volt-co"));
    assertEquals(0, bench.market("register", company).exit());
    List<Object> pile = bench.pile("pile-f", 7000, "m");
    bench.certify("pile-f", pile, registry.address(), "--company", "volt-co");
    CommandRun registered =
        bench.market(
            "register",
            company,
            "--pile-reply",
            folder.resolve("pile-f.reply"),
            "--pile-request",
            folder.resolve("pile-f.request"));
    assertEquals(0, registered.exit(), registered.err());
    EvmAddress account = party("pile-f").account();
    openEmpty(Anvil.key(3), account);
    VoucherSetup idle = opened(account, 700);
    Amount before = token.balance(idle.a(), BlockRef.LATEST);

    CommandRun held = bench.market("leave", company, "--pile", "pile-f");
    assertEquals(1, held.exit(), held.out());
    assertTrue(held.err().contains("--channels should its account be lost"), held.err());
    Object[] ending = {"--pile", "pile-f", "--channels", channels};
    CommandRun closing = bench.market("leave", company, ending);
    assertEquals(1, closing.exit(), closing.out());
    assertTrue(closing.err().contains("2 of its channels have to be settled"), closing.err());
    assertFalse(channels().isRefusing(party("volt-co").account()), "that is the pile's to say");

    anvil.passTime(PERIOD);
    anvil.mine(1);
    CommandRun left = bench.market("leave", company, ending);
    assertEquals(0, left.exit(), left.err());
    assertTrue(left.out().contains("pile-f has left"), left.out());
    assertEquals(before.plus(new Amount(700)), token.balance(idle.a(), BlockRef.LATEST));
  }

  @Test
  void nobodyElseHasTheChannelsOfAPileClosed() throws Exception {
    registered("pile-g");
    List<Object> wallet = bench.wallet("other-co", "--role", "company");
    bench.certify("other-co", wallet, registry.address());
    bench.fund("other-co", token.address(), 50_000);
    List<Object> other = List.of("--data", folder.resolve("other-co"));
    assertEquals(0, bench.market("register", other).exit());
    CommandRun run = bench.market("leave", other, "--pile", "pile-g", "--channels", channels);
    assertEquals(1, run.exit(), run.out());
    assertTrue(run.err().contains("only the owner can have its channels closed"), run.err());
  }

  @Test
  void whoRegistersAgainTakesChannelsAgain() throws Exception {
    List<Object> pile = registered("pile-e");
    EvmAddress account = party("pile-e").account();
    opened(account, 500);
    assertEquals(1, bench.market("leave", pile).exit());
    assertTrue(channels().isRefusing(account));

    CommandRun again = bench.market("register", pile);
    assertEquals(0, again.exit(), again.err());
    assertFalse(channels().isRefusing(account));
  }

  private static List<Object> registered(String name) throws IOException {
    List<Object> pile = bench.pile(name, 7000, "m");
    bench.certify(name, pile, registry.address());
    bench.fund(name, token.address(), 8400);
    CommandRun run = bench.market("register", pile);
    assertEquals(0, run.exit(), run.err());
    return pile;
  }

  private static RegisteredParty party(String name) {
    return registry.party(RegistryContract.id(new PartyId(name)), BlockRef.LATEST).orElseThrow();
  }

  private static ObligingChannels channels() {
    return new ObligingChannels(node, channels, 0);
  }

  private static VoucherChannelContract contract() {
    return new VoucherChannelContract(node, channels, 0);
  }

  /** By somebody of no market, under a number that is more than a long holds. */
  private static void openEmpty(EvmKey stranger, EvmAddress pile) {
    DeployedContract plain =
        new DeployedContract(node, channels, ContractArtifact.load("VoucherChannel"));
    done(
        stranger,
        plain
            .intent(
                "e",
                "opening",
                "open",
                token.address(),
                pile,
                LARGEST_NONCE,
                PERIOD.toSeconds(),
                Amount.ZERO)
            .withGasLimit(400_000));
  }

  /** By a driver that puts something in. */
  private static VoucherSetup opened(EvmAddress pile, long deposit) {
    EvmKey driver = Anvil.key(DRIVER);
    anvil.give(token.address(), driver.address(), new Amount(deposit));
    VoucherSetup channel =
        new VoucherSetup(
            new Domain(Anvil.CHAIN_ID, channels),
            token.address(),
            driver.address(),
            pile,
            deposit,
            PERIOD,
            Party.B,
            true);
    done(driver, token.approve("a", channels, new Amount(deposit)));
    done(driver, contract().open("o", channel, new Amount(deposit)));
    return channel;
  }

  private static void done(EvmKey key, TransactionIntent intent) {
    assertTrue(anvil.carryOut(key, intent).success(), intent.purpose());
  }

  private static SignedVoucher voucher(VoucherSetup channel, long cumulative) {
    Voucher voucher =
        new Voucher(channel.id(), channel.a(), new Amount(cumulative), 1, ByteVector32.One);
    return new SignedVoucher(
        voucher, channel.domain().sign(SIGNER, voucher, Anvil.privateKey(DRIVER)));
  }

  /** As the pile's program has it. */
  private static void keep(
      String pile, VoucherSetup channel, long deposit, Optional<SignedVoucher> received) {
    Deposits deposits = new Deposits(new Amount(deposit), Amount.ZERO);
    VoucherBook book =
        new VoucherBook(
            channel,
            1,
            new Funds(deposits, deposits, deposits, Optional.empty()),
            new Payments(Optional.empty(), Optional.empty()),
            new Payments(received, Optional.empty()),
            Optional.empty(),
            Optional.empty());
    VoucherLeg leg =
        new VoucherLeg(
            new VoucherChannel(
                VoucherChannel.Link.DOWN, new VoucherStage.Normal(book, Optional.empty())));
    ByteVector peer = SIGNER.publicKey(Anvil.privateKey(DRIVER)).value;
    ChannelId id = new ChannelId(channel.id().value());
    try (SqliteStore store = SqliteStore.open(folder.resolve(pile).resolve(PileDaemon.STORE))) {
      store.commit(
          new Commit(
              List.of(
                  new ChannelRow(
                      id,
                      peer,
                      leg.title(),
                      0,
                      0,
                      0,
                      deposit,
                      PeerChannelCodec.encode(new PeerChannel(1, leg)),
                      SigningMarks.NONE)),
              List.of(),
              Optional.empty(),
              Optional.empty(),
              List.of(),
              new JournalNote(Instant.EPOCH, "opened", Optional.of(id), 0, "")));
    }
  }
}
