package chargepile.agent.chain.bitcoind;

import fr.acinq.bitcoin.Block;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.Satoshi;
import fr.acinq.bitcoin.ScriptWitness;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxId;
import fr.acinq.bitcoin.TxIn;
import fr.acinq.bitcoin.TxOut;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Blocks a second, of a full block of 1.6 MB: the scan, and what it takes to build every object.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class BlockScanBenchmark {
  private static final int TRANSACTIONS = 3500;

  private String hex = "";

  @Setup
  public void fill() {
    Random random = new Random(1);
    List<Transaction> transactions = new ArrayList<>();
    for (int i = 0; i < TRANSACTIONS; i++) {
      transactions.add(payment(random));
    }
    hex =
        HexFormat.of()
            .formatHex(Block.write(new Block(Block.RegtestGenesisBlock.header, transactions)));
  }

  @Benchmark
  public int[] scan() {
    return new RawBlock(HexFormat.of().parseHex(hex)).fingerprints();
  }

  @Benchmark
  public int buildEverything() {
    int known = 0;
    for (Transaction transaction : Block.read(HexFormat.of().parseHex(hex)).tx) {
      known += transaction.txid.hashCode();
    }
    return known;
  }

  /** Two inputs with a signature and a key each, three outputs: 450 bytes. */
  private static Transaction payment(Random random) {
    List<TxIn> inputs = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      TxId parent = new TxId(new ByteVector32(bytes(random, 32)));
      ScriptWitness witness =
          new ScriptWitness(
              List.of(new ByteVector(bytes(random, 72)), new ByteVector(bytes(random, 33))));
      inputs.add(new TxIn(new OutPoint(parent, random.nextInt(4)), ByteVector.empty, 0, witness));
    }
    List<TxOut> outputs = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      outputs.add(
          new TxOut(new Satoshi(1 + random.nextInt(1_000_000)), new ByteVector(bytes(random, 22))));
    }
    return new Transaction(2, inputs, outputs, 0);
  }

  private static byte[] bytes(Random random, int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }
}
