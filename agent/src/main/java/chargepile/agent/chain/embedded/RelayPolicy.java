package chargepile.agent.chain.embedded;

import chargepile.agent.chain.RejectedException;
import chargepile.agent.units.Feerate;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.Script;
import fr.acinq.bitcoin.ScriptFlags;
import fr.acinq.bitcoin.ScriptWitness;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxIn;
import fr.acinq.bitcoin.TxOut;
import java.util.List;
import java.util.Map;

/**
 * What a node relays of what consensus allows, with Bitcoin Core's default limits. Each check
 * throws {@link RejectedException} with its word.
 */
final class RelayPolicy {
  /** Satoshi for 1000 virtual bytes: for relay at all, and on top of what is replaced (BIP 125). */
  static final long RELAY_FEE_PER_KVB = 1000;

  private static final long DUST_FEE_PER_KVB = 3000;
  private static final int MAX_VERSION = 3;
  private static final int MAX_WEIGHT = 400_000;
  private static final int MIN_BASE_SIZE = 65;
  private static final int MAX_SIGNATURE_SCRIPT = 1650;
  private static final int MAX_DATA_SCRIPT = 83;
  private static final int MAX_WITNESS_SCRIPT = 3600;
  private static final int MAX_WITNESS_ITEMS = 100;
  private static final int MAX_WITNESS_ITEM = 80;

  private static final int OP_RETURN = 0x6a;
  private static final int OP_CHECKSIG = 0xac;

  /** Bytes to spend an output: outpoint, sequence, script length and 107 bytes of signature. */
  private static final int SPEND_SIZE = 32 + 4 + 1 + 107 + 4;

  /** The same with the signature in the witness, where a byte counts a quarter. */
  private static final int WITNESS_SPEND_SIZE = 32 + 4 + 1 + 107 / 4 + 4;

  private RelayPolicy() {}

  static long virtualSize(Transaction tx) {
    return (Transaction.weight(tx) + 3L) / 4;
  }

  /** The fee a node asks for {@code virtualSize} bytes, rounded up as nodes do. */
  static long relayFee(long virtualSize) {
    return fee(RELAY_FEE_PER_KVB, virtualSize);
  }

  /** The same at another feerate, with {@link Feerate#MINIMUM_RELAY}'s room for whole bytes. */
  static long fee(Feerate feerate, long virtualSize) {
    long perKvb = feerate.satoshiPerKw() * RELAY_FEE_PER_KVB / Feerate.MINIMUM_RELAY.satoshiPerKw();
    return fee(perKvb, virtualSize);
  }

  private static long fee(long perKvb, long virtualSize) {
    return (virtualSize * perKvb + 999) / 1000;
  }

  /** Bitcoin Core's {@code IsStandardTx}. */
  static void checkStandard(Transaction tx) {
    require(tx.version >= 1 && tx.version <= MAX_VERSION, "version");
    require(Transaction.weight(tx) <= MAX_WEIGHT, "tx-size");
    for (TxIn input : tx.txIn) {
      require(input.signatureScript.size() <= MAX_SIGNATURE_SCRIPT, "scriptsig-size");
      require(isPushOnly(input.signatureScript), "scriptsig-not-pushonly");
    }
    int dataOutputs = 0;
    for (TxOut output : tx.txOut) {
      require(isStandard(output.publicKeyScript), "scriptpubkey");
      require(output.amount.toLong() >= dustLimit(output), "dust");
      dataOutputs += isUnspendable(output.publicKeyScript) ? 1 : 0;
    }
    require(dataOutputs <= 1, "multi-op-return");
    require(tx.baseSize() >= MIN_BASE_SIZE, "tx-size-small");
  }

  /** Bitcoin Core's {@code IsWitnessStandard}, for the witness version 0 scripts used here. */
  static void checkWitness(Transaction tx, Map<OutPoint, Coin> spent) {
    for (TxIn input : tx.txIn) {
      Coin coin = spent.get(input.outPoint);
      ScriptWitness witness = input.witness;
      if (coin == null
          || witness.isNull()
          || !Script.isPay2wsh(coin.output().publicKeyScript.toByteArray())) {
        continue;
      }
      List<ByteVector> items = witness.stack.subList(0, witness.stack.size() - 1);
      boolean standard =
          witness.last().size() <= MAX_WITNESS_SCRIPT
              && items.size() <= MAX_WITNESS_ITEMS
              && items.stream().allMatch(item -> item.size() <= MAX_WITNESS_ITEM);
      require(standard, "bad-witness-nonstandard");
    }
  }

  static void checkFee(long fee, long virtualSize) {
    long least = relayFee(virtualSize);
    if (fee < least) {
      throw new RejectedException("min relay fee not met, %d < %d".formatted(fee, least));
    }
  }

  /** Scripts under the rules for relay; says whether a block could hold the transaction. */
  static void checkScripts(Transaction tx, Map<OutPoint, Coin> spent) {
    try {
      Consensus.runScripts(
          tx, spent, ScriptFlags.STANDARD_SCRIPT_VERIFY_FLAGS, "non-mandatory-script-verify-flag");
    } catch (RejectedException e) {
      Consensus.checkScripts(tx, spent);
      throw e;
    }
  }

  /** The least amount a node relays in such an output: what it costs to spend it at 3 sat/vB. */
  static long dustLimit(TxOut output) {
    ByteVector script = output.publicKeyScript;
    if (isUnspendable(script)) {
      return 0;
    }
    int spend = Script.isNativeWitnessScript(script) ? WITNESS_SPEND_SIZE : SPEND_SIZE;
    return (TxOut.write(output).length + spend) * DUST_FEE_PER_KVB / 1000;
  }

  /** Whether no input can ever spend an output with this script. */
  static boolean isUnspendable(ByteVector script) {
    return !script.isEmpty() && (script.get(0) & 0xff) == OP_RETURN;
  }

  private static boolean isStandard(ByteVector script) {
    byte[] bytes = script.toByteArray();
    return Script.isPay2pkh(bytes)
        || Script.isPay2sh(bytes)
        || isPay2pk(bytes)
        || Script.isNativeWitnessScript(script)
        || (isUnspendable(script) && bytes.length <= MAX_DATA_SCRIPT && isPushOnly(script.drop(1)));
  }

  private static boolean isPay2pk(byte[] script) {
    int length = script.length;
    return (length == 35 || length == 67)
        && script[0] == length - 2
        && (script[length - 1] & 0xff) == OP_CHECKSIG;
  }

  private static boolean isPushOnly(ByteVector script) {
    try {
      return Script.isPushOnly(Script.parse(script));
    } catch (RuntimeException e) {
      // Bytes that are no script at all, for example a push beyond the end, are not pushes only.
      return false;
    }
  }

  private static void require(boolean holds, String word) {
    if (!holds) {
      throw new RejectedException(word);
    }
  }
}
