package chargepile.agent.evm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.crypto.BouncyCastleSigner;
import chargepile.agent.crypto.Signer;
import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import chargepile.agent.voucher.ChainView;
import chargepile.agent.voucher.Deposits;
import chargepile.agent.voucher.OnLedger;
import chargepile.agent.voucher.Party;
import chargepile.agent.voucher.Payouts;
import chargepile.agent.voucher.SignedClose;
import chargepile.agent.voucher.SignedVoucher;
import chargepile.agent.voucher.VoucherSetup;
import chargepile.agent.voucher.eip712.ConditionalVoucher;
import chargepile.agent.voucher.eip712.CooperativeClose;
import chargepile.agent.voucher.eip712.Voucher;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PrivateKey;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The real contracts on a real chain, called and read by the typed client. */
class VoucherChannelContractTest {
  private static final Signer SIGNER = new BouncyCastleSigner();
  private static final EvmKey A = Anvil.key(0);
  private static final EvmKey B = Anvil.key(1);
  private static final Duration PERIOD = Duration.ofHours(2);
  private static final ByteVector32 EVIDENCE = new ByteVector32("ee".repeat(32));

  /** Says 18 to every question, which is all that is asked of it here. */
  private static final ByteVector SAYS_18 = ByteVector.fromHex("60125f5260205ff3");

  private static final EvmAddress NO_REGISTRY = EvmAddress.of("0x" + "00".repeat(20));
  private static final EvmAddress UNDERLYING =
      EvmAddress.of("0x00000000000000000000000000000000000000ee");

  private static Anvil anvil;
  private static EvmRpc node;
  private static TokenContract token;
  private static VoucherChannelContract contract;
  private static long openNonce;

  private VoucherSetup channel;

  @BeforeAll
  static void deploy() throws IOException, InterruptedException {
    anvil = Anvil.mining("--slots-in-an-epoch", "1");
    node = anvil.rpc();
    anvil.setCode(UNDERLYING, SAYS_18);
    EvmAddress tokenAt =
        anvil.create(A, ContractArtifact.load("EnergyAccountToken").creation("t", UNDERLYING));
    token = new TokenContract(node, tokenAt);
    long since = anvil.height();
    EvmAddress at =
        anvil.create(
            A,
            ContractArtifact.load("VoucherChannel")
                .creation("v", 3600L, 7 * 86_400L, 86_400L, NO_REGISTRY));
    contract = new VoucherChannelContract(node, at, since);
  }

  @AfterAll
  static void stop() {
    if (node != null) {
      node.close();
      anvil.close();
    }
  }

  /** A channel with 1000 of A's. */
  @BeforeEach
  void open() {
    anvil.give(token.address(), A.address(), new Amount(10_000));
    anvil.give(token.address(), B.address(), new Amount(10_000));
    channel =
        new VoucherSetup(
            contract.domain(),
            token.address(),
            A.address(),
            B.address(),
            ++openNonce,
            PERIOD,
            Party.A,
            false);
    var permit = token.permit(A, contract.domain().contract(), new Amount(1000), Long.MAX_VALUE);
    EvmReceipt receipt = done(A, contract.open("o", channel, new Amount(1000), permit));
    assertEquals(
        List.of(
            new ChannelLog.Opened(
                channel.id(),
                A.address(),
                B.address(),
                token.address(),
                openNonce,
                PERIOD.toSeconds()),
            new ChannelLog.Deposited(
                channel.id(), A.address(), new Amount(1000), new Amount(1000))),
        said(receipt));
  }

  private static EvmReceipt done(EvmKey key, TransactionIntent intent) {
    EvmReceipt receipt = anvil.carryOut(key, intent);
    assertTrue(receipt.success(), () -> intent + " is refused");
    return receipt;
  }

  private static List<ChannelLog> said(EvmReceipt receipt) {
    return receipt.logs().stream().flatMap(log -> contract.decode(log).stream()).toList();
  }

  private OnLedger now() {
    return contract.onLedger(channel, node.block(BlockRef.LATEST).orElseThrow());
  }

  private SignedVoucher voucher(int payer, EvmKey key, long cumulative, long seq) {
    var voucher = new Voucher(channel.id(), key.address(), new Amount(cumulative), seq, EVIDENCE);
    PrivateKey secret = Anvil.privateKey(payer);
    return new SignedVoucher(voucher, channel.domain().sign(SIGNER, voucher, secret));
  }

  @Test
  void aChannelIsOpenWithItsDeposits() {
    assertEquals(new OnLedger.Open(new Deposits(new Amount(1000), Amount.ZERO), PERIOD), now());
    done(B, token.approve("p", contract.domain().contract(), new Amount(300)));
    done(B, contract.deposit("d", channel, Party.B, new Amount(300)));
    assertEquals(new OnLedger.Open(new Deposits(new Amount(1000), new Amount(300)), PERIOD), now());
  }

  @Test
  void aChannelThatNobodyOpenedIsMissing() {
    var other =
        new VoucherSetup(
            contract.domain(),
            token.address(),
            B.address(),
            A.address(),
            99,
            PERIOD,
            Party.A,
            false);
    EvmBlock head = node.block(BlockRef.LATEST).orElseThrow();
    assertEquals(new OnLedger.Missing(), contract.onLedger(other, head));
  }

  @Test
  void aStaleCloseIsChallengedAndSettledByTheBetterVoucher() {
    done(A, contract.requestClose("c", channel, Optional.empty()));
    var closing = (OnLedger.Closing) now();
    assertEquals(Amount.ZERO, closing.paidByA());
    EvmReceipt challenged = done(B, contract.challenge("x", channel, voucher(0, A, 700, 3)));
    assertEquals(
        List.of(
            new ChannelLog.VoucherPresented(
                channel.id(), A.address(), new Amount(700), 3, EVIDENCE)),
        said(challenged));
    assertEquals(new Amount(700), ((OnLedger.Closing) now()).paidByA());
    anvil.passTime(PERIOD.plusSeconds(1));
    anvil.mine(1);
    Amount before = token.balance(B.address(), BlockRef.LATEST);
    EvmReceipt settled = done(B, contract.settle("s", channel));
    assertEquals(
        List.of(new ChannelLog.Settled(channel.id(), new Amount(300), new Amount(700), false)),
        said(settled));
    assertEquals(before.plus(new Amount(700)), token.balance(B.address(), BlockRef.LATEST));
    assertEquals(
        new OnLedger.Settled(
            false,
            new Payouts(new Amount(300), new Amount(700)),
            new Payouts(Amount.ZERO, Amount.ZERO)),
        now());
  }

  @Test
  void aCloseMayBeAskedWithTheBestVoucher() {
    EvmReceipt receipt =
        done(B, contract.requestClose("c", channel, Optional.of(voucher(0, A, 5, 1))));
    var requested = (ChannelLog.CloseRequested) said(receipt).getFirst();
    assertEquals(B.address(), requested.by());
    assertEquals(new Amount(5), ((OnLedger.Closing) now()).paidByA());
    assertEquals(requested.settleAfter(), ((OnLedger.Closing) now()).settleAfter());
  }

  @Test
  void bothMayCloseAtOnce() {
    done(B, contract.cooperativeClose("c", channel, lastPayments(600, 0)));
    assertEquals(closedTogether(400, 600), now());
  }

  @Test
  void aDepositInBetweenDoesNotVoidWhatBothSigned() {
    SignedClose signed = lastPayments(650, 50);
    done(B, token.approve("p", contract.domain().contract(), new Amount(8)));
    done(B, contract.deposit("d", channel, Party.A, new Amount(1)));
    done(B, contract.deposit("e", channel, Party.B, new Amount(7)));
    done(B, contract.cooperativeClose("c", channel, signed));
    assertEquals(closedTogether(401, 607), now());
  }

  private SignedClose lastPayments(long byA, long byB) {
    var close =
        new CooperativeClose(channel.id(), new Amount(byA), new Amount(byB), Long.MAX_VALUE);
    return new SignedClose(
        close,
        channel.domain().sign(SIGNER, close, Anvil.privateKey(0)),
        channel.domain().sign(SIGNER, close, Anvil.privateKey(1)));
  }

  private static OnLedger.Settled closedTogether(long a, long b) {
    return new OnLedger.Settled(
        true, new Payouts(new Amount(a), new Amount(b)), new Payouts(Amount.ZERO, Amount.ZERO));
  }

  @Test
  void aConditionalVoucherIsHeldAndRedeemedByItsPreimage() {
    ByteVector32 preimage = new ByteVector32("0" + openNonce % 10 + "77".repeat(31));
    done(B, contract.requestClose("c", channel, Optional.empty()));
    long time = node.block(BlockRef.LATEST).orElseThrow().time().getEpochSecond();
    var voucher =
        new ConditionalVoucher(
            channel.id(),
            A.address(),
            new Amount(250),
            1,
            EVIDENCE,
            preimage.sha256(),
            time + 5000);
    var signature = channel.domain().sign(SIGNER, voucher, Anvil.privateKey(0));
    var held =
        (ChannelLog.LockHeld)
            said(done(B, contract.hold("h", channel, voucher, signature))).getFirst();
    assertEquals(time + 5000 + PERIOD.toSeconds(), held.settleAfter());
    assertEquals(Optional.empty(), contract.registeredAt(voucher.hashlock(), BlockRef.LATEST));
    List<ChannelLog> said =
        said(done(B, contract.redeem("r", channel, voucher, signature, preimage)));
    assertTrue(
        said.contains(new ChannelLog.PreimageRegistered(voucher.hashlock(), preimage)), "" + said);
    assertTrue(contract.registeredAt(voucher.hashlock(), BlockRef.LATEST).isPresent());
    assertEquals(new Amount(250), ((OnLedger.Closing) now()).paidByA());
  }

  @Test
  void theViewHasTheHeadAndTheLastFinalBlock() {
    anvil.mine(4);
    done(A, contract.requestClose("c", channel, Optional.empty()));
    ChainView view = new ChannelViews(node, List.of(), contract, Finality.FINALIZED).view(channel);
    assertTrue(view.latest() instanceof OnLedger.Closing, "" + view);
    assertTrue(view.finalised() instanceof OnLedger.Open, "" + view);
  }

  @Test
  void whatTheContractRefusesIsSaidInItsOwnWords() {
    var sender =
        new TransactionSender(
            node,
            A,
            new MemoryOutbox(),
            FeePolicy.USUAL,
            Finality.depth(1),
            ContractArtifact.reverts(
                ContractArtifact.load("VoucherChannel"),
                ContractArtifact.load("EnergyAccountToken")));
    RevertedException refused =
        assertThrows(
            RevertedException.class,
            () -> sender.rehearsed(contract.challenge("x", channel, voucher(0, A, 700, 3))));
    assertEquals("WrongState(0x%s, 1)".formatted(channel.id()), refused.reason());
  }

  @Test
  void logsOfOtherContractsAreNotOurs() {
    EvmReceipt receipt = done(A, token.transfer("t", B.address(), new Amount(1)));
    assertFalse(receipt.logs().isEmpty());
    assertEquals(List.of(), said(receipt));
  }

  @Test
  void theBoundsOfTheChallengePeriodAreTheContracts() {
    assertEquals(
        new VoucherChannelContract.Periods(Duration.ofHours(1), Duration.ofDays(7)),
        contract.periods());
  }
}
