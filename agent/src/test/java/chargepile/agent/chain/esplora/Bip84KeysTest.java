package chargepile.agent.chain.esplora;

import static org.junit.jupiter.api.Assertions.assertEquals;

import chargepile.agent.chain.Network;
import chargepile.agent.chain.esplora.Bip84Keys.Branch;
import chargepile.agent.crypto.Signer;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.MnemonicCode;
import fr.acinq.bitcoin.PublicKey;
import fr.acinq.bitcoin.Script;
import org.junit.jupiter.api.Test;

/** The test vectors of BIP 84. */
class Bip84KeysTest {
  private static final ByteVector SEED =
      new ByteVector(
          MnemonicCode.toSeed(
              "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon"
                  + " abandon about",
              ""));

  private static Bip84Keys keys(Network network) {
    return new Bip84Keys(SEED, network, Signer.best());
  }

  @Test
  void theFirstAddressesAreThoseOfTheVectors() {
    Bip84Keys keys = keys(Network.MAINNET);

    assertEquals("bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu", keys.address(Branch.RECEIVING, 0));
    assertEquals("bc1qnjg0jd8228aq7egyzacy8cys3knf9xvrerkf9g", keys.address(Branch.RECEIVING, 1));
    assertEquals("bc1q8c6fshw2dlwun7ekn9qwf37cu2rn755upcp6el", keys.address(Branch.CHANGE, 0));
  }

  @Test
  void scriptsPayToTheKeysOfTheVectors() {
    PublicKey first =
        PublicKey.fromHex("0330d54fd0dd420a6e5f8d3624f5f3482cae350f79d5f0753bf5beef9c2d91af3c");

    assertEquals(
        new ByteVector(Script.write(Script.pay2wpkh(first))),
        keys(Network.MAINNET).script(Branch.RECEIVING, 0));
  }

  @Test
  void testNetworksHaveKeysOfTheirOwn() {
    // As other wallets derive m/84'/1'/0'/0/0 of the same words.
    assertEquals(
        "tb1q6rz28mcfaxtmd6v789l9rrlrusdprr9pqcpvkl",
        keys(Network.SIGNET).address(Branch.RECEIVING, 0));
    assertEquals(
        "tb1q6rz28mcfaxtmd6v789l9rrlrusdprr9pqcpvkl",
        keys(Network.TESTNET4).address(Branch.RECEIVING, 0));
  }
}
