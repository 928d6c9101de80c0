package chargepile.agent.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.channel.wire.ChannelMessage;
import chargepile.agent.channel.wire.ChannelReady;
import chargepile.agent.channel.wire.ChannelReestablish;
import chargepile.agent.channel.wire.ClosingSigned;
import chargepile.agent.channel.wire.CommitmentSigned;
import chargepile.agent.channel.wire.EnergyUpdate;
import chargepile.agent.channel.wire.ErrorMessage;
import chargepile.agent.channel.wire.FundingCreated;
import chargepile.agent.channel.wire.OpenChannel;
import chargepile.agent.channel.wire.RevokeAndAck;
import chargepile.agent.channel.wire.Shutdown;
import chargepile.agent.channel.wire.UpdateFee;
import chargepile.agent.units.Amount;
import chargepile.agent.units.BlockHeight;
import chargepile.agent.units.ChannelId;
import chargepile.agent.units.Direction;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.ByteVector64;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.PublicKey;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxId;
import fr.acinq.bitcoin.TxOut;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A driver that cheats by message: the pile says what was wrong and its money is safe. */
class HostilePeerTest {
  private static final ChannelId OTHER_CHANNEL = new ChannelId(ByteVector32.One);
  private final ChannelPair pair = new ChannelPair();

  @AfterEach
  void close() {
    pair.close();
  }

  @Test
  void aWrongSignatureOnTheCommitmentEndsTheChannel() {
    charged();
    pair.claim(Direction.IMPORT, 2000, 40_000_000);
    pair.driver.hear();
    pair.driver.hear();
    pair.pile.hear();
    hear(new CommitmentSigned(id(), ByteVector64.Zeroes, List.of()));
    assertEndedFor("CommitmentSigned: the signature on commitment 2 is not valid");
    assertPaid(20_000);
  }

  @Test
  void aSignatureOfNothingNewEndsTheChannel() {
    charged();
    CommitmentSigned replayed = last(CommitmentSigned.class);
    hear(replayed);
    assertEndedFor("CommitmentSigned: commitment_signed without an update to sign");
    assertPaid(20_000);
  }

  @Test
  void anOldSignatureSaidAgainEndsTheChannel() {
    charged();
    CommitmentSigned old = fromDriver();
    pair.claim(Direction.IMPORT, 2000, 40_000_000);
    pair.driver.hear();
    pair.driver.hear();
    pair.pile.hear();
    hear(old);
    assertEndedFor("CommitmentSigned: the signature on commitment 2 is not valid");
    assertPaid(20_000);
  }

  @Test
  void aWrongSecretEndsTheChannel() {
    charged();
    pair.claim(Direction.IMPORT, 2000, 40_000_000);
    hear(new RevokeAndAck(id(), ByteVector32.One, point(3)));
    assertEndedFor("RevokeAndAck: the secret in revoke_and_ack is not that of commitment 1");
    assertPaid(20_000);
  }

  @Test
  void aSecretThatIsNoKeyEndsTheChannel() {
    charged();
    pair.claim(Direction.IMPORT, 2000, 40_000_000);
    hear(new RevokeAndAck(id(), ByteVector32.Zeroes, point(3)));
    assertEndedFor("RevokeAndAck: per_commitment_secret is not a valid private key");
    assertPaid(20_000);
  }

  @Test
  void aRevocationOfWhatWasNotReplacedEndsTheChannel() {
    charged();
    hear(new RevokeAndAck(id(), pair.driver.keys().perCommitmentSecret(1), point(3)));
    assertEndedFor("RevokeAndAck: revoke_and_ack, but no commitment was signed");
    assertPaid(20_000);
  }

  @Test
  void aRevocationSaidTwiceEndsTheChannel() {
    charged();
    pair.claim(Direction.IMPORT, 2000, 40_000_000);
    pair.run();
    RevokeAndAck revoked =
        new RevokeAndAck(id(), pair.driver.keys().perCommitmentSecret(1), point(3));
    hear(revoked);
    assertEndedFor("RevokeAndAck: revoke_and_ack, but no commitment was signed");
    assertPaid(40_000);
  }

  @Test
  void aNextPointThatIsNoPointEndsTheChannel() {
    charged();
    pair.claim(Direction.IMPORT, 2000, 40_000_000);
    hear(
        new RevokeAndAck(
            id(),
            pair.driver.keys().perCommitmentSecret(1),
            new PublicKey(new ByteVector("02" + "ff".repeat(32)))));
    assertEndedFor("RevokeAndAck: next_per_commitment_point is not a point on the curve");
    assertPaid(20_000);
  }

  @Test
  void onlyTheMeteringSideClaimsEnergy() {
    charged();
    hear(
        new EnergyUpdate(
            id(),
            ChannelPair.SESSION,
            Direction.EXPORT,
            new MilliWattHours(1),
            1,
            new Amount(20_000_000),
            7,
            ByteVector.empty));
    assertEndedFor("EnergyUpdate: energy_update from the side that does not meter");
    assertPaid(20_000);
  }

  @Test
  void aFeerateBeyondTheBoundsEndsTheChannel() {
    charged();
    hear(new UpdateFee(id(), new Feerate(0xffff_ffffL)));
    assertEndedFor("UpdateFee: feerate_per_kw 4294967295 is outside 253 to 50000");
    assertPaid(20_000);
  }

  @Test
  void aFeerateThatTheFunderCannotPayEndsTheChannel() {
    pair.open(pair.driver, Amount.ZERO);
    pair.charge(1000, 980_000_000);
    hear(new UpdateFee(id(), new Feerate(20_000)));
    assertEndedFor("UpdateFee: the payer's balance does not suffice");
    assertPaid(980_000);
  }

  @Test
  void moreUpdatesThanAnyHonestPeerHasEndTheChannel() {
    charged();
    for (int i = 0; i < 17; i++) {
      hear(new UpdateFee(id(), new Feerate(2000 + i)));
    }
    assertEndedFor("UpdateFee: more than 16 updates unsigned");
    assertPaid(20_000);
  }

  @Test
  void aClaimOfMoreThanTheDriverHasIsRefusedByTheDriver() {
    charged();
    pair.driver.on(
        new ChannelEvent.Received(
            new EnergyUpdate(
                id(),
                ChannelPair.SESSION,
                Direction.IMPORT,
                new MilliWattHours(1),
                1,
                new Amount(2_000_000_000_000_000_000L),
                7,
                ByteVector.empty)));
    pair.run();
    pair.mine(ChannelPair.FINAL);
    assertEquals(
        Outcome.COOPERATIVE_CLOSE,
        assertInstanceOf(Stage.Closed.class, pair.driver.state.stage()).outcome());
    assertEquals((double) 980_000, (double) pair.driver.home().value(), 2_500);
  }

  @Test
  void aCloseThatPaysThePileLessThanItHasIsNotSigned() {
    charged();
    pair.driver.on(new ChannelEvent.CloseCooperatively());
    pair.pile.hear();
    pair.driver.hear();
    pair.pile.inbox.clear();
    ClosingSigned underpaying =
        new ClosingSigned(id(), new Satoshi(1000), signature(), Satoshi.ZERO, new Satoshi(5000));
    hear(underpaying);
    assertEndedFor("ClosingSigned: the signature on the closing transaction is not valid");
    assertPaid(20_000);
  }

  @Test
  void aCloseThatLeavesNothingButDustIsNotSigned() {
    openSmall();
    pair.driver.on(new ChannelEvent.CloseCooperatively());
    pair.pile.hear();
    pair.driver.hear();
    pair.pile.inbox.clear();
    Satoshi fee = new Satoshi(19_900);
    hear(new ClosingSigned(id(), fee, signature(), Satoshi.ZERO, fee));
    assertEndedFor("ClosingSigned: no closing transaction can be built: both balances are below");
  }

  @Test
  void aCloseBeforeBothSaidShutdownEndsTheChannel() {
    charged();
    hear(
        new ClosingSigned(
            id(), new Satoshi(1000), signature(), new Satoshi(1000), new Satoshi(1000)));
    assertEndedFor("ClosingSigned: closing_signed before both said shutdown");
    assertPaid(20_000);
  }

  @Test
  void aShutdownToAnotherScriptThanAtTheOpeningEndsTheChannel() {
    charged();
    hear(new Shutdown(id(), new ByteVector("0014" + "11".repeat(20))));
    assertEndedFor("Shutdown: shutdown names another script than at the opening");
    assertPaid(20_000);
  }

  @Test
  void aReestablishmentThatClaimsASecretItDoesNotHaveEndsTheChannel() {
    charged();
    pair.disconnect();
    pair.connect();
    pair.pile.inbox.clear();
    hear(new ChannelReestablish(id(), 2, 9, ByteVector32.One, point(1)));
    assertEndedFor("channel_reestablish claims revocation 8 without its secret");
    assertPaid(20_000);
  }

  @Test
  void aReestablishmentThatAwaitsWhatWasNeverSignedEndsTheChannel() {
    charged();
    pair.disconnect();
    pair.connect();
    pair.pile.inbox.clear();
    hear(
        new ChannelReestablish(
            id(), 1L << 48, 1, pair.pile.keys().perCommitmentSecret(0), point(1)));
    assertEndedFor("awaits commitment 281474976710656, but 1 is the last one that was signed");
    assertPaid(20_000);
  }

  @Test
  void aReadyWithAnotherPointChangesNothingOnceInUse() {
    charged();
    Channel before = pair.pile.state;
    hear(new ChannelReady(id(), point(40)));
    assertEquals(before, pair.pile.state);
    pair.charge(2000, 40_000_000);
    assertEquals(new Amount(40_000_000), pair.pile.balance());
  }

  @Test
  void messagesForAnotherChannelDoNothing() {
    charged();
    Channel before = pair.pile.state;
    for (ChannelMessage message : new RandomMessages(new Random(5)).ofEveryType(OTHER_CHANNEL)) {
      hear(message);
      assertEquals(before, pair.pile.state, () -> message.toString());
    }
    assertTrue(pair.pile.alerts.isEmpty());
  }

  @Test
  void anErrorForAllChannelsEndsThisOne() {
    charged();
    hear(new ErrorMessage(new ChannelId(ByteVector32.Zeroes), "give up"));
    assertInstanceOf(Stage.Closing.class, pair.pile.state.stage());
    assertPaid(20_000);
  }

  @Test
  void messagesForAnotherOpeningDoNothing() {
    pair.connect();
    pair.driver.on(open());
    Channel before = pair.driver.state;
    pair.driver.on(
        new ChannelEvent.Received(
            new ErrorMessage(new ChannelId(new ByteVector32("77".repeat(32))), "not you")));
    assertEquals(before, pair.driver.state);
  }

  @Test
  void aFundingOutputOfALesserAmountIsNeverUsed() {
    funded();
    pair.pile.on(new ChannelEvent.ChainChanged(viewWith(output(new Satoshi(1_000), script()))));
    assertAbandoned();
  }

  @Test
  void aFundingOutputToAnotherScriptIsNeverUsed() {
    funded();
    pair.pile.on(
        new ChannelEvent.ChainChanged(viewWith(output(ChannelPair.CAPACITY, pair.driver.home))));
    assertAbandoned();
  }

  @Test
  void aFundingTransactionWithoutTheFundingOutputIsNeverUsed() {
    funded();
    OutPoint funding = pair.funding();
    ChainView view =
        new ChainView(
            pair.chain.tip(),
            new Feerate(1000),
            Map.of(),
            Map.of(),
            Map.of(funding.txid, new BlockHeight(1)));
    pair.pile.on(new ChannelEvent.ChainChanged(view));
    assertFalse(pair.pile.has(ChannelNotice.Usable.class));
    assertInstanceOf(Stage.AwaitingReady.class, pair.pile.state.stage());
  }

  @Test
  void aDustLimitThatWouldBurnThePilesMoneyIsNotAccepted() {
    pair.connect();
    pair.driver.on(open());
    OpenChannel honest = (OpenChannel) pair.pile.inbox.removeFirst();
    hear(withDust(honest, new Satoshi(900_000)));
    assertInstanceOf(Stage.Absent.class, pair.pile.state.stage());
    assertTrue(
        pair.pile.alerts.getLast().contains("dust_limit_satoshis 900000 is above 1000"),
        () -> pair.pile.alerts.toString());
  }

  @Test
  void aWrongSignatureOnTheFirstCommitmentEndsTheOpening() {
    pair.connect();
    pair.driver.on(open());
    pair.pile.hear();
    hear(new FundingCreated(OTHER_CHANNEL, new TxId(ByteVector32.One), 0, ByteVector64.Zeroes));
    assertInstanceOf(Stage.Closed.class, pair.pile.state.stage());
    assertTrue(
        pair.pile.alerts.getLast().contains("the signature on commitment 0 is not valid"),
        () -> pair.pile.alerts.toString());
  }

  /** The driver's money is in the funding output by then, and it can't be used any more. */
  @Test
  void aRuleBrokenBeforeTheChannelIsReadyEndsIt() {
    funded();
    hear(new UpdateFee(id(), new Feerate(2500)));
    assertEndedFor("UpdateFee: ");
    assertTrue(
        pair.driver.inbox.stream().anyMatch(ErrorMessage.class::isInstance), "the driver is told");
  }

  @Test
  void crossingUpdatesThatLeaveOnlyDustEndTheChannelByName() {
    openSmall();
    // 20,000 sat less both anchors and the reserve pay a commitment at 16,892 sat/kw, and no more.
    pair.driver.on(new ChannelEvent.SetFeerate(new Feerate(16_892)));
    pair.claim(Direction.IMPORT, 1, 340_000);
    pair.run();
    pair.mine(1);
    for (var party : List.of(pair.pile, pair.driver)) {
      assertInstanceOf(Stage.Closing.class, party.state.stage(), party.name);
    }
    assertTrue(
        pair.pile.alerts.stream().anyMatch(text -> text.contains("no commitment can be published"))
            || pair.driver.alerts.stream()
                .anyMatch(text -> text.contains("no commitment can be published")),
        () -> pair.pile.alerts + " " + pair.driver.alerts);
  }

  private void openSmall() {
    pair.connect();
    pair.driver.on(
        new ChannelEvent.Open(
            OTHER_CHANNEL, new Satoshi(20_000), Amount.ZERO, Feerate.MINIMUM_RELAY));
    pair.run();
    pair.mine(ChannelPair.DEPTH);
  }

  private void charged() {
    pair.open(pair.driver, Amount.ZERO);
    pair.charge(1000, 20_000_000);
  }

  private void funded() {
    pair.connect();
    pair.driver.on(open());
    pair.run();
    assertInstanceOf(Stage.AwaitingReady.class, pair.pile.state.stage());
  }

  private static ChannelEvent.Open open() {
    return new ChannelEvent.Open(
        OTHER_CHANNEL, ChannelPair.CAPACITY, Amount.ZERO, new Feerate(2500));
  }

  private ChannelId id() {
    return pair.pile.commitments().channelId();
  }

  private void hear(ChannelMessage message) {
    pair.pile.on(new ChannelEvent.Received(message));
  }

  private static ByteVector64 signature() {
    return new ByteVector64("11".repeat(64));
  }

  private PublicKey point(long number) {
    return pair.driver.keys().perCommitmentPoint(number, ChannelPair.SIGNER);
  }

  private <M extends ChannelMessage> M last(Class<M> kind) {
    return pair.said.reversed().stream()
        .filter(kind::isInstance)
        .map(kind::cast)
        .findFirst()
        .orElseThrow();
  }

  /** The driver's signature on the pile's present commitment. */
  private CommitmentSigned fromDriver() {
    ByteVector64 signature = pair.pile.commitments().local().remoteSignature();
    return new CommitmentSigned(id(), signature, List.of());
  }

  private ByteVector script() {
    return OpeningSteps.fundingScript(pair.pile.commitments().setup());
  }

  private static TxOut output(Satoshi amount, ByteVector script) {
    return new TxOut(new fr.acinq.bitcoin.Satoshi(amount.value()), script);
  }

  private ChainView viewWith(TxOut output) {
    OutPoint funding = pair.funding();
    Map<OutPoint, TxOut> outputs = new HashMap<>();
    outputs.put(funding, output);
    return new ChainView(
        pair.chain.tip(),
        new Feerate(1000),
        outputs,
        Map.of(),
        Map.of(funding.txid, new BlockHeight(1)));
  }

  private static OpenChannel withDust(OpenChannel open, Satoshi dust) {
    return new OpenChannel(
        open.chainHash(),
        open.temporaryChannelId(),
        open.fundingSatoshis(),
        open.pushMsat(),
        dust,
        open.maxHtlcValueInFlight(),
        dust,
        open.htlcMinimum(),
        open.feerate(),
        open.toSelfDelay(),
        open.maxAcceptedHtlcs(),
        open.fundingPubkey(),
        open.revocationBasepoint(),
        open.paymentBasepoint(),
        open.delayedPaymentBasepoint(),
        open.htlcBasepoint(),
        open.firstPerCommitmentPoint(),
        open.channelFlags(),
        open.upfrontShutdownScript(),
        open.channelType());
  }

  private void assertAbandoned() {
    assertFalse(pair.pile.has(ChannelNotice.Usable.class));
    assertEquals(
        Outcome.ABANDONED, assertInstanceOf(Stage.Closed.class, pair.pile.state.stage()).outcome());
    assertTrue(
        pair.pile.alerts.getLast().startsWith("the peer's funding is false"),
        () -> pair.pile.alerts.toString());
  }

  private void assertEndedFor(String reason) {
    assertInstanceOf(Stage.Closing.class, pair.pile.state.stage());
    assertEquals(1, pair.pile.alerts.size(), () -> pair.pile.alerts.toString());
    assertTrue(pair.pile.alerts.getFirst().contains(reason), () -> pair.pile.alerts.getFirst());
  }

  /** The pile gets its balance from the chain, whatever the driver does next. */
  private void assertPaid(long satoshi) {
    pair.disconnect();
    Optional<Transaction> own = pair.chain.mempool().stream().findFirst();
    assertTrue(own.isPresent(), "the own commitment is out");
    pair.mine(ChannelPair.DELAY + ChannelPair.FINAL);
    assertInstanceOf(Stage.Closed.class, pair.pile.state.stage());
    assertEquals(
        (double) satoshi, (double) pair.pile.home().value(), 1_000, "all but the sweep's fee");
  }
}
