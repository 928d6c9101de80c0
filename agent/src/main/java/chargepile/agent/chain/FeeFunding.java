package chargepile.agent.chain;

import chargepile.agent.channel.FeeRequest;
import chargepile.agent.channel.tx.Dust;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.Script;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxIn;
import fr.acinq.bitcoin.TxOut;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Which coins of a wallet pay the fee of a {@link FeeRequest}, and what change they leave. Pure, so
 * that every wallet answers alike; keys, reservations and the chain are the wallet's own business.
 *
 * @param transaction the request's template, then the wallet's inputs and at most one output of
 *     change; nothing is signed
 * @param coins what the wallet's inputs spend, in their order
 * @param fee exactly what the transaction pays
 */
public record FeeFunding(Transaction transaction, List<Coin> coins, Satoshi fee) {
  /** Final enough, and open to replacement (BIP 125). */
  public static final long SEQUENCE = 0xffff_fffdL;

  /**
   * More would make the transaction a burden to relay; a wallet so scattered should be gathered.
   */
  static final int MAX_COINS = 50;

  /** Item count, signature (72 bytes in DER with its hash type), public key; with their lengths. */
  private static final int PAY2WPKH_WITNESS = 1 + 1 + 72 + 1 + 33;

  /** Item count and a Schnorr signature without hash type (BIP 341), with its length. */
  private static final int PAY2TR_WITNESS = 1 + 1 + 64;

  private static final int MARKER_AND_FLAG = 2;
  private static final int BASE_FACTOR = 4;

  public FeeFunding {
    coins = List.copyOf(coins);
  }

  /**
   * A confirmed output of the wallet's own.
   *
   * @param output pays to a script that is {@link #payable}
   */
  public record Coin(OutPoint outPoint, TxOut output) {
    public Coin {
      if (!payable(output.publicKeyScript)) {
        throw new IllegalArgumentException("neither P2WPKH nor P2TR: " + output.publicKeyScript);
      }
    }

    /** Whether a signature with a known size and no influence on the txid spends the script. */
    public static boolean payable(ByteVector script) {
      byte[] bytes = script.toByteArray();
      return Script.isPay2wpkh(bytes) || Script.isPay2tr(bytes);
    }

    public Satoshi amount() {
      return new Satoshi(output.amount.toLong());
    }

    private int witnessWeight() {
      return Script.isPay2tr(output.publicKeyScript.toByteArray())
          ? PAY2TR_WITNESS
          : PAY2WPKH_WITNESS;
    }

    /** Outpoint, empty script and sequence count fourfold, the witness once (BIP 141). */
    private int weight() {
      return BASE_FACTOR * (36 + 1 + 4) + witnessWeight();
    }
  }

  /**
   * The transaction that is to be replaced.
   *
   * @param fee what it pays
   * @param coins its inputs that the wallet may spend again: all of them are
   */
  public record Earlier(Transaction transaction, Satoshi fee, List<Coin> coins) {
    public Earlier {
      coins = List.copyOf(coins);
    }
  }

  /** The inputs of the transaction that is to be replaced which the wallet had added. */
  public static List<OutPoint> added(FeeRequest request) {
    List<OutPoint> asked = request.template().txIn.stream().map(input -> input.outPoint).toList();
    return request.replaces().stream()
        .flatMap(old -> old.txIn.stream())
        .map(input -> input.outPoint)
        .filter(outPoint -> !asked.contains(outPoint))
        .toList();
  }

  /** The script of the change that the wallet had added to what is to be replaced. */
  public static Optional<ByteVector> earlierChange(FeeRequest request) {
    int asked = request.template().txOut.size();
    return request
        .replaces()
        .filter(old -> old.txOut.size() > asked)
        .map(old -> old.txOut.getLast().publicKeyScript);
  }

  /**
   * What is to be replaced, as {@link #of} wants it.
   *
   * @param spent the outputs that its {@link #added} inputs spend, in their order
   * @param again those of them that are still confirmed and spent by nothing in a block
   */
  public static Optional<Earlier> earlier(FeeRequest request, List<TxOut> spent, List<Coin> again) {
    return request
        .replaces()
        .map(
            old -> {
              List<OutPoint> inputs = old.txIn.stream().map(input -> input.outPoint).toList();
              long in = sum(spent);
              for (int i = 0; i < request.spent().size(); i++) {
                if (inputs.contains(request.template().txIn.get(i).outPoint)) {
                  in += request.spent().get(i).amount.toLong();
                }
              }
              return new Earlier(old, new Satoshi(in - sum(old.txOut)), again);
            });
  }

  /**
   * Chooses few coins: all of the earlier transaction's, which serve nothing else; when they don't
   * suffice, the smallest other one that does with them; else the largest ones.
   *
   * @param free confirmed coins that nothing spends or reserves
   * @param change the script for change, P2WPKH or P2TR; used when the change is not dust
   * @throws ChainException when the money does not suffice, with what is missing
   */
  public static FeeFunding of(
      FeeRequest request, List<Coin> free, Optional<Earlier> earlier, ByteVector change) {
    Attempts attempts = new Attempts(request, earlier, change);
    List<Coin> chosen = new ArrayList<>(earlier.map(Earlier::coins).orElse(List.of()));
    Optional<FeeFunding> found = attempts.with(chosen);
    if (found.isPresent()) {
      return found.get();
    }
    List<Coin> usable =
        free.stream()
            .filter(coin -> !chosen.contains(coin))
            .filter(coin -> request.feerate().fee(coin.weight()).compareTo(coin.amount()) < 0)
            .sorted(Comparator.comparing(Coin::amount))
            .toList();
    for (Coin coin : usable) {
      List<Coin> more = new ArrayList<>(chosen);
      more.add(coin);
      found = attempts.with(more);
      if (found.isPresent()) {
        return found.get();
      }
    }
    for (Coin coin : usable.reversed()) {
      if (chosen.size() == MAX_COINS) {
        break;
      }
      chosen.add(coin);
      found = attempts.with(chosen);
      if (found.isPresent()) {
        return found.get();
      }
    }
    throw attempts.tooPoor(chosen);
  }

  /** Tries sets of coins for one request. */
  private record Attempts(FeeRequest request, Optional<Earlier> earlier, ByteVector change) {
    Optional<FeeFunding> with(List<Coin> coins) {
      long in = in(coins);
      Transaction changeless = transaction(coins, Optional.empty());
      long out = sum(changeless.txOut);
      long rest = in - out - due(transaction(coins, Optional.of(0L)), coins).value();
      if (rest >= Dust.threshold(change).value()) {
        return Optional.of(
            new FeeFunding(
                transaction(coins, Optional.of(rest)), coins, new Satoshi(in - out - rest)));
      }
      boolean enough = in - out >= due(changeless, coins).value();
      // No transaction is valid without outputs.
      return enough && !changeless.txOut.isEmpty()
          ? Optional.of(new FeeFunding(changeless, coins, new Satoshi(in - out)))
          : Optional.empty();
    }

    ChainException tooPoor(List<Coin> coins) {
      Optional<Long> least =
          request.template().txOut.isEmpty()
              ? Optional.of(Dust.threshold(change).value())
              : Optional.empty();
      Transaction wanted = transaction(coins, least);
      Satoshi fee = due(wanted, coins);
      long missing = sum(wanted.txOut) + fee.value() - in(coins);
      return new ChainException(
          "the wallet lacks %d sat for a fee of %d sat: %d confirmed coins that nothing reserves bring %d sat; pay to the wallet, or wait until what it is owed confirms"
              .formatted(
                  missing,
                  fee.value(),
                  coins.size(),
                  coins.stream().mapToLong(coin -> coin.amount().value()).sum()));
    }

    private long in(List<Coin> coins) {
      return sum(request.spent()) + sum(coins.stream().map(Coin::output).toList());
    }

    private Transaction transaction(List<Coin> coins, Optional<Long> changed) {
      Transaction template = request.template();
      List<TxIn> inputs = new ArrayList<>(template.txIn);
      coins.forEach(coin -> inputs.add(new TxIn(coin.outPoint(), SEQUENCE)));
      List<TxOut> outputs = new ArrayList<>(template.txOut);
      changed.ifPresent(
          amount -> outputs.add(new TxOut(new fr.acinq.bitcoin.Satoshi(amount), change)));
      return new Transaction(template.version, inputs, outputs, template.lockTime);
    }

    /** The least fee of the transaction once it is signed. */
    private Satoshi due(Transaction unsigned, List<Coin> coins) {
      int weight =
          BASE_FACTOR * unsigned.baseSize()
              + MARKER_AND_FLAG
              + request.witnessWeight()
              + coins.stream().mapToInt(Coin::witnessWeight).sum();
      Satoshi due = request.fee(weight);
      Satoshi replacing = earlier.map(old -> replacing(old, weight)).orElse(Satoshi.ZERO);
      return due.compareTo(replacing) < 0 ? replacing : due;
    }

    /**
     * The least fee of a replacement: that of what it replaces and its own relay (BIP 125, rules 3
     * and 4), and a higher feerate, which nodes ask besides.
     */
    private Satoshi replacing(Earlier old, int weight) {
      Satoshi relayed = old.fee().plus(Feerate.MINIMUM_RELAY.fee(weight));
      long size = virtualSize(weight);
      Satoshi faster =
          new Satoshi(old.fee().value() * size / virtualSize(leastWeight(old.transaction())) + 1);
      return relayed.compareTo(faster) < 0 ? faster : relayed;
    }

    /** Of a transaction whose template may not be signed yet: signatures differ by a few bytes. */
    private int leastWeight(Transaction old) {
      int weight = Transaction.weight(old);
      boolean signed = old.txIn.stream().noneMatch(input -> input.witness.isNull());
      int few = 4 * request.spent().size();
      return signed ? weight : weight + Math.max(0, request.witnessWeight() - few);
    }

    private static long virtualSize(int weight) {
      return (weight + 3L) / 4;
    }
  }

  private static long sum(List<TxOut> outputs) {
    return outputs.stream().mapToLong(output -> output.amount.toLong()).sum();
  }
}
