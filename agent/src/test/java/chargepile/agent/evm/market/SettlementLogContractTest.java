package chargepile.agent.evm.market;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.crypto.BouncyCastleSigner;
import chargepile.agent.crypto.EvmSignature;
import chargepile.agent.crypto.Keccak256;
import chargepile.agent.evm.Anvil;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.identity.ChainSettlement;
import chargepile.agent.identity.IdentityKey;
import chargepile.agent.identity.Ledger;
import chargepile.agent.identity.MultiSignature;
import chargepile.agent.identity.PartialSignature;
import chargepile.agent.identity.Registry;
import chargepile.agent.identity.Role;
import chargepile.agent.identity.SettlementCertificate;
import chargepile.agent.identity.SignerSet;
import chargepile.agent.units.Amount;
import fr.acinq.bitcoin.ByteVector32;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** P1-06, P1-33, through the client. */
class SettlementLogContractTest {
  private static MarketChain chain;

  @BeforeAll
  static void open() throws IOException, InterruptedException {
    chain = MarketChain.open();
  }

  @AfterAll
  static void close() {
    if (chain != null) {
      chain.close();
    }
  }

  private static ChainSettlement settlement(String match, long amount) {
    SettlementCertificate like = Registry.settlement(chain.seller.name(), chain.buyer.name());
    Instant now = chain.now();
    SettlementCertificate.Side side =
        new SettlementCertificate.Side(
            like.sold().energy(), like.sold().pricePerKwh(), new Amount(amount));
    return new ChainSettlement(
        new SettlementCertificate(
            new Ledger.Evm(Anvil.CHAIN_ID, chain.orders.address().value()),
            like.channel(),
            like.session(),
            Optional.of(3L),
            Optional.of(Keccak256.hash(match)),
            like.seller(),
            like.buyer(),
            side,
            side,
            like.meterStart(),
            like.meterEnd(),
            like.meterRoot(),
            like.finalCommitment(),
            now,
            now.plus(Duration.ofDays(1))),
        chain.settlements.address());
  }

  private static Optional<EvmSignature> signed(ChainSettlement settlement, MarketChain.Member by) {
    return Optional.of(settlement.sign(new BouncyCastleSigner(), by.secret()));
  }

  private static SettlementEntry entry(ChainSettlement settlement) {
    ByteVector32 match = settlement.terms().match().orElseThrow();
    return chain.settlements.entry(match, chain.seller.name(), chain.buyer.name(), BlockRef.LATEST);
  }

  @Test
  void whatBothSignedIsAgreedAndAttested() throws Exception {
    ChainSettlement settlement = settlement("agreed", 700);
    assertEquals(SettlementEntry.Status.NONE, entry(settlement).status());
    var unused =
        chain.done(
            chain.stranger,
            chain.settlements.present(
                settlement, signed(settlement, chain.seller), signed(settlement, chain.buyer)));
    SettlementEntry entry = entry(settlement);
    assertEquals(SettlementEntry.Status.AGREED, entry.status());
    assertEquals(new Amount(700), entry.amount());
    assertEquals(settlement.terms().sold().energy(), entry.energy());
    List<IdentityKey> keys =
        List.of(
            chain.identities.party(chain.buyer.name().value(), Role.USER).key(),
            chain.identities.party(chain.seller.name().value(), Role.PILE).key());
    SignerSet signers =
        SignerSet.of(
            keys.stream().map(key -> new SignerSet.Signer(key.party(), key.publicKey())).toList());
    MultiSignature scheme = new MultiSignature(chain.identities.pairing);
    PartialSignature first = scheme.start(signers, settlement.terms().encode(), keys.get(0));
    PartialSignature both = scheme.add(first, signers, settlement.terms().encode(), keys.get(1));
    assertEquals(
        Optional.of("BadMultiSignature()"),
        chain.refusal(
            chain.stranger, chain.settlements.attest(settlement, signers, first.point())));
    unused =
        chain.done(chain.stranger, chain.settlements.attest(settlement, signers, both.point()));
    assertTrue(
        chain.settlements.history(chain.since, chain.head().number()).stream()
            .anyMatch(
                event ->
                    event instanceof SettlementEvent.Attested attested
                        && attested.signers().equals(signers.hash())));
  }

  @Test
  void oneSidesWordIsAClaimThatTheOtherContests() {
    ChainSettlement sellers = settlement("contested", 700);
    ChainSettlement buyers = settlement("contested", 600);
    var unused =
        chain.done(
            chain.seller,
            chain.settlements.present(sellers, signed(sellers, chain.seller), Optional.empty()));
    assertEquals(SettlementEntry.Status.CLAIMED, entry(sellers).status());
    unused =
        chain.done(
            chain.buyer,
            chain.settlements.present(buyers, Optional.empty(), signed(buyers, chain.buyer)));
    assertEquals(SettlementEntry.Status.CONTESTED, entry(sellers).status());
    List<SettlementEvent> told =
        chain.settlements.history(chain.since, chain.head().number()).stream()
            .filter(event -> event.of().match().equals(sellers.terms().match().orElseThrow()))
            .toList();
    assertTrue(told.get(0) instanceof SettlementEvent.Claimed claimed && claimed.bySeller());
    assertTrue(
        told.get(1) instanceof SettlementEvent.Contested contested
            && !contested.bySeller()
            && contested.amount().equals(new Amount(600)));
  }

  @Test
  void aSignatureForAnotherLogIsNobodys() {
    ChainSettlement settlement = settlement("elsewhere", 700);
    ChainSettlement elsewhere = new ChainSettlement(settlement.terms(), chain.orders.address());
    String refusal =
        chain
            .refusal(
                chain.seller,
                chain.settlements.present(
                    settlement, signed(elsewhere, chain.seller), Optional.empty()))
            .orElseThrow();
    assertTrue(refusal.startsWith("NotSignedBy") || refusal.startsWith("NotItsKeyNow"), refusal);
  }
}
