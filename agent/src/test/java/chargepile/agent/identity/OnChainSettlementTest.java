package chargepile.agent.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.crypto.EvmSignature;
import chargepile.agent.crypto.Signer;
import chargepile.agent.crypto.pairing.Pairing;
import chargepile.agent.crypto.pairing.Zq;
import chargepile.agent.units.ChannelId;
import chargepile.agent.units.EvmAddress;
import chargepile.agent.units.SessionId;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PrivateKey;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.Test;

/**
 * A registration and a settlement over a channel on an EVM chain, with the keys of the known
 * answers: what is signed here is in {@code onchain.json}, and the contracts' tests take what that
 * file has, the multi-signature by the precompiles (P1-10, P1-19, P1-33). Whoever changes one side
 * finds the other not agreeing.
 */
class OnChainSettlementTest {
  private static final long CHAIN_ID = 31_337;
  private static final ByteVector CHANNEL_CONTRACT = new ByteVector("c0".repeat(20));

  private static final ByteVector REGISTRY = new ByteVector("d0".repeat(20));
  private static final EvmAddress LOG = new EvmAddress(new ByteVector("e0".repeat(20)));
  private static final PrivateKey ACCOUNT = new PrivateKey(Registry.digest("account of pile-1"));
  private static final PrivateKey CENTRE = new PrivateKey(Registry.digest("account of kgc"));

  private final Pairing pairing = Pairing.best();
  private final Signer signer = Signer.best();

  @Test
  void isTheFileThatTheContractsVerify() throws Exception {
    Properties known = new Properties();
    try (InputStream in = resource("hardened.properties")) {
      known.load(in);
    }
    var master = MasterKey.decode(new ByteVector32(known.getProperty("s")));
    var centre = new KeyGenerationCentre(new PartyId("kgc"), master, pairing);
    List<IdentityKey> keys = new ArrayList<>();
    for (String name : List.of("alice", "pile-1")) {
      Zq tag = Zq.decode(new ByteVector32(known.getProperty(name + ".K")));
      keys.add(centre.issue(new PartyId(name), tag).complete(pairing));
    }
    SignerSet signers =
        SignerSet.of(
            keys.stream().map(k -> new SignerSet.Signer(k.party(), k.publicKey())).toList());
    SettlementCertificate terms = terms();
    MultiSignature scheme = new MultiSignature(pairing);
    PartialSignature first = scheme.start(signers, terms.encode(), keys.get(0));
    PartialSignature both = scheme.add(first, signers, terms.encode(), keys.get(1));

    assertTrue(scheme.verify(signers, terms.encode(), both.point()));
    try (InputStream in = resource("onchain.json")) {
      assertEquals(
          new String(in.readAllBytes(), StandardCharsets.UTF_8),
          json(terms, signers, first, both, certificate(keys.get(1))));
    }
  }

  /** The pile's, with an account in the registry contract. */
  private static Registration certificate(IdentityKey key) {
    PrivateKey node = new PrivateKey(Registry.digest("node of pile-1"));
    PrivateKey meter = new PrivateKey(Registry.digest("meter of pile-1"));
    ByteVector account = EvmSignature.address(ACCOUNT.publicKey()).value();
    return new Registration(
        Registry.digest("parameters"),
        1,
        key.party(),
        Role.PILE,
        3,
        key.publicKey(),
        node.publicKey(),
        Optional.of(meter.publicKey()),
        Optional.of(22_000L),
        Optional.of(new EvmAccount(account, CHAIN_ID, REGISTRY)),
        Registry.NOT_BEFORE,
        Registry.NOT_AFTER);
  }

  private static SettlementCertificate terms() {
    SettlementCertificate other = Registry.settlement(new PartyId("pile-1"), new PartyId("alice"));
    return new SettlementCertificate(
        new Ledger.Evm(CHAIN_ID, CHANNEL_CONTRACT),
        new ChannelId(Registry.digest("evm channel")),
        new SessionId(new ByteVector("5e".repeat(16))),
        Optional.of(7L),
        other.match(),
        other.seller(),
        other.buyer(),
        other.sold(),
        other.bought(),
        other.meterStart(),
        other.meterEnd(),
        other.meterRoot(),
        other.finalCommitment(),
        other.settledAt(),
        other.expiry());
  }

  private String json(
      SettlementCertificate terms,
      SignerSet signers,
      PartialSignature first,
      PartialSignature both,
      Registration pile) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("chainId", CHAIN_ID);
    fields.put("channelContract", CHANNEL_CONTRACT);
    fields.put("channelId", terms.channel().value());
    fields.put("session", terms.session().value());
    fields.put("cycle", terms.cycle().orElseThrow());
    fields.put("matchId", terms.match().orElseThrow());
    fields.put("seller", terms.seller());
    fields.put("buyer", terms.buyer());
    fields.put("energyMwh", terms.sold().energy().value());
    fields.put("pricePerKwh", terms.sold().pricePerKwh().value());
    fields.put("amount", terms.sold().amount().value());
    fields.put("meterStart", terms.meterStart().value());
    fields.put("meterEnd", terms.meterEnd().value());
    fields.put("meterRoot", terms.meterRoot());
    fields.put("finalSeq", terms.finalCommitment());
    fields.put("settledAt", terms.settledAt().getEpochSecond());
    fields.put("expiry", terms.expiry().getEpochSecond());
    fields.put("m", terms.encode());
    fields.put("L", signers.hash());
    for (SignerSet.Signer signer : signers.signers()) {
      String side = signer.party().equals(terms.seller()) ? "seller" : "buyer";
      fields.put(side + "_y", signer.publicKey().encode());
      fields.put(side + "_point", signer.publicKey().uncompressed());
      fields.put(side + "_iota", signers.coefficient(signer).encode());
    }
    fields.put("S1", first.point().uncompressed());
    fields.put("S2", both.point().uncompressed());
    putRegistration(fields, pile);
    var settlement = new ChainSettlement(terms, LOG);
    fields.put("log", LOG.value());
    fields.put("settlementDigest", settlement.digest());
    fields.put("settlementSignature", settlement.sign(signer, ACCOUNT).bytes());
    putComplaint(fields, terms);
    List<String> lines = new ArrayList<>();
    fields.forEach((name, value) -> lines.add("  \"%s\": %s".formatted(name, literal(value))));
    return "{\n" + String.join(",\n", lines) + "\n}\n";
  }

  /** The seller's, of the buyer. */
  private void putComplaint(Map<String, Object> fields, SettlementCertificate terms) {
    EvmAddress registry = new EvmAddress(REGISTRY);
    ByteVector32 evidence = Registry.digest("evidence");
    var complaint =
        new ChainComplaint(terms.buyer(), terms.sold().amount(), terms.seller(), evidence);
    fields.put("evidence", evidence);
    fields.put("complaintDigest", complaint.digest(CHAIN_ID, registry));
    fields.put("complaintSignature", complaint.sign(CHAIN_ID, registry, ACCOUNT, signer).bytes());
  }

  private void putRegistration(Map<String, Object> fields, Registration pile) {
    var onChain = new ChainCertificate(pile, Optional.of(new PartyId("piles-ltd")));
    var subject =
        new RegistrationRequest.Subject(
            pile.kgc(),
            pile.party(),
            pile.role(),
            pile.nodeKey(),
            pile.meterKey(),
            pile.ratedPowerWatts(),
            pile.evmAccount());
    fields.put("registry", REGISTRY);
    fields.put("kgc", EvmSignature.address(CENTRE.publicKey()).value());
    fields.put("account", pile.evmAccount().orElseThrow().address());
    fields.put("company", onChain.company().orElseThrow());
    fields.put("nodeKey", pile.nodeKey().value);
    fields.put("meterKey", pile.meterKey().orElseThrow().value);
    fields.put("ratedPowerW", pile.ratedPowerWatts().orElseThrow());
    fields.put("keyVersion", pile.keyVersion());
    fields.put("notBefore", pile.notBefore().getEpochSecond());
    fields.put("notAfter", pile.notAfter().getEpochSecond());
    fields.put("certificateDigest", onChain.digest());
    fields.put("certificateSignature", onChain.sign(signer, CENTRE).bytes());
    fields.put("possessionDigest", AccountProof.digest(subject));
    fields.put(
        "possessionSignature", AccountProof.prove(subject, ACCOUNT, signer).signature().bytes());
  }

  private static String literal(Object value) {
    return switch (value) {
      case ByteVector bytes -> "\"0x" + bytes.toHex() + "\"";
      case PartyId party -> "\"" + party + "\"";
      default -> value.toString();
    };
  }

  private static InputStream resource(String name) throws IOException {
    return Objects.requireNonNull(OnChainSettlementTest.class.getResourceAsStream(name), name);
  }
}
