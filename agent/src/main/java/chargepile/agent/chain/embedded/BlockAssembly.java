package chargepile.agent.chain.embedded;

import fr.acinq.bitcoin.Block;
import fr.acinq.bitcoin.BlockHash;
import fr.acinq.bitcoin.BlockHeader;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.Crypto;
import fr.acinq.bitcoin.MerkleTree;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.Satoshi;
import fr.acinq.bitcoin.Script;
import fr.acinq.bitcoin.ScriptWitness;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxHash;
import fr.acinq.bitcoin.TxIn;
import fr.acinq.bitcoin.TxOut;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Builds regtest blocks: coinbase (BIP 34), witness commitment (BIP 141), proof of work. */
final class BlockAssembly {
  private static final long VERSION = 0x2000_0000L;

  /** Regtest's difficulty: every other hash will do. */
  private static final long BITS = 0x207f_ffffL;

  private static final long NULL_INDEX = 0xffff_ffffL;
  private static final byte[] COMMITMENT_HEADER = {
    0x6a, 0x24, (byte) 0xaa, 0x21, (byte) 0xa9, (byte) 0xed
  };

  private BlockAssembly() {}

  /**
   * @param reward subsidy and fees, in satoshi
   * @param extraNonce tells apart blocks that would otherwise be the same on two branches
   */
  static Block assemble(
      BlockHash previous,
      int height,
      long time,
      List<Transaction> transactions,
      ByteVector script,
      long reward,
      long extraNonce) {
    Transaction coinbase =
        new Transaction(
            2,
            List.of(
                new TxIn(
                    new OutPoint(new TxHash(ByteVector32.Zeroes), NULL_INDEX),
                    heightScript(height, extraNonce),
                    TxIn.SEQUENCE_FINAL,
                    new ScriptWitness(List.of(ByteVector32.Zeroes)))),
            List.of(
                new TxOut(new Satoshi(reward), script),
                new TxOut(new Satoshi(0), witnessCommitment(transactions))),
            0);
    List<Transaction> all = new ArrayList<>();
    all.add(coinbase);
    all.addAll(transactions);
    ByteVector32 root = MerkleTree.computeRoot(all.stream().map(tx -> tx.hash.value).toList());
    BlockHeader header = new BlockHeader(VERSION, previous, root, time, BITS, 0);
    for (long nonce = 0; !header.checkProofOfWork(); nonce++) {
      header = header.setNonce(nonce);
    }
    return new Block(header, all);
  }

  private static ByteVector heightScript(int height, long extraNonce) {
    ByteVector push =
        height <= 16
            ? new ByteVector(new byte[] {(byte) (0x50 + height)})
            : pushed(Script.encodeNumber(height));
    byte[] nonce = ByteBuffer.allocate(Long.BYTES).putLong(extraNonce).array();
    return push.plus(pushed(new ByteVector(nonce)));
  }

  private static ByteVector pushed(ByteVector data) {
    return new ByteVector(new byte[] {(byte) data.size()}).plus(data);
  }

  private static ByteVector witnessCommitment(List<Transaction> transactions) {
    List<ByteVector32> hashes = new ArrayList<>();
    hashes.add(ByteVector32.Zeroes);
    for (Transaction tx : transactions) {
      hashes.add(new ByteVector32(Crypto.hash256(Transaction.write(tx))));
    }
    ByteVector committed = MerkleTree.computeRoot(hashes).plus(ByteVector32.Zeroes);
    return new ByteVector(COMMITMENT_HEADER).plus(Crypto.hash256(committed));
  }
}
