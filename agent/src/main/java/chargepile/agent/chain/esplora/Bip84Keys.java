package chargepile.agent.chain.esplora;

import chargepile.agent.chain.Network;
import chargepile.agent.crypto.Signer;
import fr.acinq.bitcoin.Bitcoin;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.ByteVector64;
import fr.acinq.bitcoin.Crypto;
import fr.acinq.bitcoin.DeterministicWallet;
import fr.acinq.bitcoin.DeterministicWallet.ExtendedPrivateKey;
import fr.acinq.bitcoin.PrivateKey;
import fr.acinq.bitcoin.PublicKey;
import fr.acinq.bitcoin.Script;
import fr.acinq.bitcoin.ScriptWitness;
import fr.acinq.bitcoin.SigHash;
import fr.acinq.bitcoin.SigVersion;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxOut;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The keys of a BIP 84 account, {@code m/84'/coin'/0'/branch/index}: native segwit, one key an
 * address. The seed is that of BIP 32, so any wallet that knows BIP 84 finds the coins with it.
 *
 * <p>Not thread-safe.
 */
final class Bip84Keys {
  /** SLIP 44: bitcoin, and all test networks together. */
  private static final long MAINNET_COIN = 0;

  private static final long TEST_COIN = 1;
  private static final long PURPOSE = 84;

  private final Network network;
  private final Signer signer;
  private final Map<Branch, ExtendedPrivateKey> branches;
  private final Map<Place, Key> byPlace = new HashMap<>();
  private final Map<ByteVector, Key> byScript = new HashMap<>();

  /** Who sees the address. */
  enum Branch {
    /** Those who pay. */
    RECEIVING,
    /** Nobody but the wallet. */
    CHANGE
  }

  private record Place(Branch branch, int index) {}

  private record Key(PrivateKey secret, PublicKey point, ByteVector script) {}

  /**
   * @param seed 16 to 64 secret bytes
   */
  Bip84Keys(ByteVector seed, Network network, Signer signer) {
    this.network = network;
    this.signer = signer;
    long coin = network == Network.MAINNET ? MAINNET_COIN : TEST_COIN;
    ExtendedPrivateKey account =
        DeterministicWallet.derivePrivateKey(
            DeterministicWallet.generate(seed),
            List.of(
                DeterministicWallet.hardened(PURPOSE),
                DeterministicWallet.hardened(coin),
                DeterministicWallet.hardened(0)));
    branches =
        Map.of(
            Branch.RECEIVING,
            DeterministicWallet.derivePrivateKey(account, 0),
            Branch.CHANGE,
            DeterministicWallet.derivePrivateKey(account, 1));
  }

  ByteVector script(Branch branch, int index) {
    return key(branch, index).script;
  }

  String address(Branch branch, int index) {
    return Bitcoin.computeBIP84Address(key(branch, index).point, network.genesis());
  }

  /**
   * Signs the last inputs.
   *
   * @param spent the outputs that they spend, in their order; all to scripts of this account that
   *     were asked for before
   */
  Transaction sign(Transaction unsigned, List<TxOut> spent) {
    Transaction signed = unsigned;
    int first = unsigned.txIn.size() - spent.size();
    for (int i = first; i < unsigned.txIn.size(); i++) {
      TxOut output = spent.get(i - first);
      Key key = byScript.get(output.publicKeyScript);
      if (key == null) {
        throw new IllegalArgumentException("not this account's: " + output.publicKeyScript);
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

  private Key key(Branch branch, int index) {
    return byPlace.computeIfAbsent(new Place(branch, index), this::derive);
  }

  private Key derive(Place place) {
    ExtendedPrivateKey parent = Objects.requireNonNull(branches.get(place.branch));
    PrivateKey secret =
        DeterministicWallet.derivePrivateKey(parent, (long) place.index).getPrivateKey();
    PublicKey point = signer.publicKey(secret);
    ByteVector script = new ByteVector(Script.write(Script.pay2wpkh(point)));
    Key key = new Key(secret, point, script);
    byScript.put(script, key);
    return key;
  }
}
