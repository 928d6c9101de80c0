package chargepile.agent.channel.tx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import chargepile.agent.crypto.Bolt3Vectors;
import fr.acinq.bitcoin.PublicKey;
import fr.acinq.bitcoin.Transaction;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class FundingScriptTest {
  private static final PublicKey A =
      PublicKey.fromHex("023da092f6980e58d2c037173180e9a465476026ee50f96695963e8efe436f54eb");
  private static final PublicKey B =
      PublicKey.fromHex("030e9f7b623d2ccc7c9bd44d66d5ce21ce504c0acf6385a132cec6d3c39fa711c1");

  @Test
  void sortsTheKeys() {
    String script = "5221" + A.toHex() + "21" + B.toHex() + "52ae";
    assertEquals(script, FundingScript.redeemScript(A, B).toHex());
    assertEquals(script, FundingScript.redeemScript(B, A).toHex());
    assertEquals(
        "0020" + FundingScript.redeemScript(A, B).sha256().toHex(),
        FundingScript.outputScript(B, A).toHex());
  }

  @TestFactory
  Stream<DynamicTest> isTheOutputOfAppendixB() {
    return Bolt3Vectors.tests(
        "funding_tx",
        vector -> {
          var in = vector.get("inputs");
          PublicKey local = in.publicKey("local_funding_pubkey");
          PublicKey remote = in.publicKey("remote_funding_pubkey");
          var expected = vector.get("expected");
          assertEquals(
              expected.text("funding_witness_script"),
              FundingScript.redeemScript(local, remote).toHex());
          var output =
              Transaction.read(expected.text("funding_tx_hex"))
                  .txOut
                  .get((int) in.number("funding_output_index"));
          assertEquals(output.publicKeyScript, FundingScript.outputScript(local, remote));
          assertEquals(in.number("funding_satoshis"), output.amount.toLong());
        });
  }

  @TestFactory
  Stream<DynamicTest> isTheOutputOfAppendixG() {
    return Bolt3Vectors.tests(
        "dual_funded_tx",
        vector -> {
          var output = vector.get("inputs").get("funding_output");
          PublicKey first = output.publicKey("pubkey1");
          PublicKey second = output.publicKey("pubkey2");
          assertEquals(output.text("script"), FundingScript.redeemScript(second, first).toHex());
          assertEquals(
              output.text("scriptPubKey"), FundingScript.outputScript(first, second).toHex());
        });
  }
}
