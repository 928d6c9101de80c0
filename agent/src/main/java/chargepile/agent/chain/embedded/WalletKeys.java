package chargepile.agent.chain.embedded;

import chargepile.agent.crypto.Signer;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.ByteVector64;
import fr.acinq.bitcoin.Crypto;
import fr.acinq.bitcoin.PrivateKey;
import fr.acinq.bitcoin.PublicKey;
import fr.acinq.bitcoin.Script;
import fr.acinq.bitcoin.ScriptWitness;
import fr.acinq.bitcoin.SigHash;
import fr.acinq.bitcoin.SigVersion;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxOut;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;

/** The keys of a wallet: key {@code i} is HKDF-SHA256 of the seed, a label and {@code i}. */
final class WalletKeys {
  private static final byte[] LABEL = "chargepile wallet".getBytes(StandardCharsets.US_ASCII);
  private static final int KEY_LENGTH = 32;

  /** A low-S signature in DER with the hash type has at most as many bytes. */
  private static final int MAX_SIGNATURE = 72;

  private static final int PUBLIC_KEY = 33;

  private record Key(int index, PrivateKey secret, PublicKey point, ByteVector script) {}

  private final ByteVector32 seed;
  private final Signer signer;
  private final Map<Integer, Key> byIndex = new HashMap<>();
  private final Map<ByteVector, Key> byScript = new HashMap<>();

  WalletKeys(ByteVector32 seed, Signer signer) {
    this.seed = seed;
    this.signer = signer;
  }

  ByteVector script(int index) {
    return byIndex.computeIfAbsent(index, this::derive).script;
  }

  /** Signs the last inputs; {@code spent} are the outputs they spend, in their order. */
  Transaction sign(Transaction unsigned, List<TxOut> spent) {
    Transaction signed = unsigned;
    int first = unsigned.txIn.size() - spent.size();
    for (int i = first; i < unsigned.txIn.size(); i++) {
      TxOut output = spent.get(i - first);
      Key key = byScript.get(output.publicKeyScript);
      if (key == null) {
        throw new IllegalArgumentException("not this wallet's: " + output.publicKeyScript);
      }
      byte[] digest =
          unsigned.hashForSigning(
              i,
              Script.write(Script.pay2pkh(key.point)),
              SigHash.SIGHASH_ALL,
              output.amount,
              SigVersion.SIGVERSION_WITNESS_V0);
      ByteVector64 signature = signer.sign(new ByteVector32(digest), key.secret);
      ByteVector der = Crypto.compact2der(signature).concat((byte) SigHash.SIGHASH_ALL);
      signed = signed.updateWitness(i, new ScriptWitness(List.of(der, key.point.value)));
    }
    return signed;
  }

  /** For the weight before there are signatures. */
  static Transaction withLargestWitnesses(Transaction unsigned) {
    ScriptWitness largest =
        new ScriptWitness(
            List.of(new ByteVector(new byte[MAX_SIGNATURE]), new ByteVector(new byte[PUBLIC_KEY])));
    return unsigned.updateWitnesses(unsigned.txIn.stream().map(input -> largest).toList());
  }

  private Key derive(int index) {
    byte[] info =
        ByteBuffer.allocate(LABEL.length + Integer.BYTES).put(LABEL).putInt(index).array();
    PrivateKey secret;
    try {
      secret =
          new PrivateKey(
              KDF.getInstance("HKDF-SHA256")
                  .deriveData(
                      HKDFParameterSpec.ofExtract()
                          .addIKM(seed.toByteArray())
                          .thenExpand(info, KEY_LENGTH)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no HKDF-SHA256; use Java 25", e);
    }
    PublicKey point = signer.publicKey(secret);
    ByteVector script = new ByteVector(Script.write(Script.pay2wpkh(point)));
    Key key = new Key(index, secret, point, script);
    byScript.put(script, key);
    return key;
  }
}
