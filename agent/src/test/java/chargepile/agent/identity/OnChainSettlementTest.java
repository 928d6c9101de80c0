package chargepile.agent.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.crypto.pairing.Pairing;
import chargepile.agent.crypto.pairing.Zq;
import chargepile.agent.units.ChannelId;
import chargepile.agent.units.SessionId;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
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
 * A settlement over a channel on an EVM chain, with the keys of the known answers: what is signed
 * here is in {@code onchain.json}, and the contracts' tests verify that file by the precompiles
 * (P1-19, P1-33). Whoever changes one side finds the other not agreeing.
 */
class OnChainSettlementTest {
  private static final long CHAIN_ID = 31_337;
  private static final ByteVector CHANNEL_CONTRACT = new ByteVector("c0".repeat(20));

  private final Pairing pairing = Pairing.best();

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
          json(terms, signers, first, both));
    }
  }

  private static SettlementCertificate terms() {
    SettlementCertificate other =
        Registry.settlement(new PartyId("pile-1"), new PartyId("alice"));
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

  private static String json(
      SettlementCertificate terms,
      SignerSet signers,
      PartialSignature first,
      PartialSignature both) {
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
    List<String> lines = new ArrayList<>();
    fields.forEach((name, value) -> lines.add("  \"%s\": %s".formatted(name, literal(value))));
    return "{\n" + String.join(",\n", lines) + "\n}\n";
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
