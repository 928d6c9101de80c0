package chargepile.agent.chain.embedded;

import chargepile.agent.chain.RejectedException;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.ScriptFlags;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxIn;
import fr.acinq.bitcoin.TxOut;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.IntToLongFunction;

/**
 * What every block must obey. Each check throws {@link RejectedException} with Bitcoin Core's word.
 *
 * <p>Signature operations are not counted: no transaction here comes near the limit of a block.
 */
final class Consensus {
  static final int COINBASE_MATURITY = 100;
  static final int MAX_BLOCK_WEIGHT = 4_000_000;
  static final long MAX_MONEY = 2_100_000_000_000_000L;

  /** Blocks between two halvings of the subsidy on regtest. */
  static final int HALVING_INTERVAL = 150;

  /** What makes a block invalid, as opposed to {@link ScriptFlags#STANDARD_SCRIPT_VERIFY_FLAGS}. */
  static final int SCRIPT_FLAGS =
      ScriptFlags.SCRIPT_VERIFY_P2SH
          | ScriptFlags.SCRIPT_VERIFY_DERSIG
          | ScriptFlags.SCRIPT_VERIFY_NULLDUMMY
          | ScriptFlags.SCRIPT_VERIFY_CHECKLOCKTIMEVERIFY
          | ScriptFlags.SCRIPT_VERIFY_CHECKSEQUENCEVERIFY
          | ScriptFlags.SCRIPT_VERIFY_WITNESS
          | ScriptFlags.SCRIPT_VERIFY_TAPROOT;

  private static final long INITIAL_SUBSIDY = 5_000_000_000L;
  private static final int MAX_HALVINGS = 63;

  private Consensus() {}

  /** New satoshi in the block at {@code height}. */
  static long subsidy(int height) {
    int halvings = height / HALVING_INTERVAL;
    return halvings > MAX_HALVINGS ? 0 : INITIAL_SUBSIDY >> halvings;
  }

  /** What can be said of a transaction alone. */
  static void checkStructure(Transaction tx) {
    require(!tx.txIn.isEmpty(), "bad-txns-vin-empty");
    require(!tx.txOut.isEmpty(), "bad-txns-vout-empty");
    require(tx.baseSize() * 4 <= MAX_BLOCK_WEIGHT, "bad-txns-oversize");
    long total = 0;
    for (TxOut output : tx.txOut) {
      long amount = output.amount.toLong();
      require(amount >= 0, "bad-txns-vout-negative");
      require(amount <= MAX_MONEY, "bad-txns-vout-toolarge");
      total += amount;
      require(total <= MAX_MONEY, "bad-txns-txouttotal-toolarge");
    }
    Set<OutPoint> spent = new HashSet<>();
    for (TxIn input : tx.txIn) {
      require(spent.add(input.outPoint), "bad-txns-inputs-duplicate");
    }
    require(!Transaction.isCoinbase(tx), "coinbase");
    for (TxIn input : tx.txIn) {
      require(!OutPoint.isNull(input.outPoint), "bad-txns-prevout-null");
    }
  }

  /**
   * The absolute locktime (BIP 113).
   *
   * @param height of the block that is to hold the transaction
   * @param medianTime of the blocks before it
   */
  static void checkFinal(Transaction tx, int height, long medianTime) {
    long now = tx.lockTime < Transaction.LOCKTIME_THRESHOLD ? height : medianTime;
    boolean isFinal =
        tx.lockTime == 0
            || tx.lockTime < now
            || tx.txIn.stream().allMatch(input -> input.sequence == TxIn.SEQUENCE_FINAL);
    require(isFinal, "non-final");
  }

  /** The coins a transaction spends, all of them present. */
  static Map<OutPoint, Coin> coinsOf(Transaction tx, Coins coins) {
    Map<OutPoint, Coin> spent = new HashMap<>();
    for (TxIn input : tx.txIn) {
      Coin coin = coins.coin(input.outPoint);
      if (coin == null) {
        throw new RejectedException("bad-txns-inputs-missingorspent");
      }
      spent.put(input.outPoint, coin);
    }
    return spent;
  }

  /**
   * Relative locktimes (BIP 68).
   *
   * @param medianTime the median time past of the block at a height
   */
  static void checkSequenceLocks(
      Transaction tx, Map<OutPoint, Coin> spent, int height, IntToLongFunction medianTime) {
    if (tx.version < 2) {
      return;
    }
    for (TxIn input : tx.txIn) {
      if ((input.sequence & TxIn.SEQUENCE_LOCKTIME_DISABLE_FLAG) != 0) {
        continue;
      }
      int mined = coinOf(spent, input).height();
      long value = input.sequence & TxIn.SEQUENCE_LOCKTIME_MASK;
      boolean timed = (input.sequence & TxIn.SEQUENCE_LOCKTIME_TYPE_FLAG) != 0;
      boolean reached =
          timed
              ? medianTime.applyAsLong(mined - 1) + (value << TxIn.SEQUENCE_LOCKTIME_GRANULARITY)
                  <= medianTime.applyAsLong(height - 1)
              : mined + value <= height;
      require(reached, "non-BIP68-final");
    }
  }

  /** Maturity and sums; gives the fee in satoshi. */
  static long checkAmounts(Transaction tx, Map<OutPoint, Coin> spent, int height) {
    long in = 0;
    for (TxIn input : tx.txIn) {
      Coin coin = coinOf(spent, input);
      if (!mature(coin, height)) {
        throw new RejectedException(
            "bad-txns-premature-spend-of-coinbase, tried to spend coinbase at depth "
                + (height - coin.height()));
      }
      in += coin.amount();
      require(in <= MAX_MONEY, "bad-txns-inputvalues-outofrange");
    }
    long out = tx.txOut.stream().mapToLong(output -> output.amount.toLong()).sum();
    if (in < out) {
      throw new RejectedException(
          "bad-txns-in-belowout, value in (%d sat) < value out (%d sat)".formatted(in, out));
    }
    return in - out;
  }

  /** Whether a block at {@code height} may spend the coin. */
  static boolean mature(Coin coin, int height) {
    return !coin.coinbase() || height - coin.height() >= COINBASE_MATURITY;
  }

  /** Scripts and signatures as a block needs them. */
  static void checkScripts(Transaction tx, Map<OutPoint, Coin> spent) {
    runScripts(tx, spent, SCRIPT_FLAGS, "mandatory-script-verify-flag-failed");
  }

  /** Runs every script under {@code flags}; refuses with {@code word (reason)}. */
  static void runScripts(Transaction tx, Map<OutPoint, Coin> spent, int flags, String word) {
    Map<OutPoint, TxOut> outputs = new HashMap<>();
    spent.forEach((outPoint, coin) -> outputs.put(outPoint, coin.output()));
    try {
      tx.correctlySpends(outputs, flags);
    } catch (RuntimeException e) {
      // The interpreter says no by throwing, whatever the kind: it is run on anyone's bytes.
      String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      RejectedException rejected = new RejectedException("%s (%s)".formatted(word, reason));
      rejected.initCause(e);
      throw rejected;
    }
  }

  private static Coin coinOf(Map<OutPoint, Coin> spent, TxIn input) {
    Coin coin = spent.get(input.outPoint);
    if (coin == null) {
      throw new IllegalArgumentException("coin of " + input.outPoint + " not looked up");
    }
    return coin;
  }

  private static void require(boolean holds, String word) {
    if (!holds) {
      throw new RejectedException(word);
    }
  }
}
