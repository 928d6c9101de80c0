package chargepile.agent.chain.bitcoind;

import chargepile.agent.chain.ChainException;
import fr.acinq.bitcoin.BlockHash;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxHash;
import fr.acinq.bitcoin.TxId;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A serialized block, walked through once without building its transactions: a scan looks at
 * thousands of inputs to find one.
 */
final class RawBlock {
  private static final int HEADER = 80;
  private static final int HASH = 32;
  private static final int MERKLE_ROOT = 36;

  private final byte[] bytes;
  private final List<Entry> entries;
  private final BlockHash hash;
  private int at;

  /** A transaction of the block: where it stands, and where each of its inputs does. */
  private record Entry(int start, int end, byte[] txHash, int[] inputs) {}

  /**
   * @throws ChainException when the bytes are no block
   */
  RawBlock(byte[] bytes) {
    if (bytes.length <= HEADER) {
      throw new ChainException("the node gives a block that is cut off");
    }
    this.bytes = bytes;
    try {
      MessageDigest sha256 = sha256();
      sha256.update(bytes, 0, HEADER);
      hash = new BlockHash(sha256.digest(sha256.digest()));
      at = HEADER;
      int count = number();
      entries = new ArrayList<>(Math.min(count, 1 << 16));
      for (int i = 0; i < count; i++) {
        entries.add(entry(sha256));
      }
    } catch (IndexOutOfBoundsException e) {
      throw new ChainException("the node gives a block that is cut off", e);
    }
    if (at != bytes.length) {
      throw new ChainException("the node gives a block with bytes behind its end");
    }
  }

  BlockHash hash() {
    return hash;
  }

  BlockHash previous() {
    return new BlockHash(Arrays.copyOfRange(bytes, 4, 4 + HASH));
  }

  /** Whether the header's Merkle root is that of the transactions. */
  boolean holdsWhatItsHeaderSays() {
    List<byte[]> level = entries.stream().map(Entry::txHash).toList();
    if (level.isEmpty()) {
      return false;
    }
    MessageDigest sha256 = sha256();
    while (level.size() > 1) {
      List<byte[]> above = new ArrayList<>((level.size() + 1) / 2);
      for (int i = 0; i < level.size(); i += 2) {
        sha256.update(level.get(i));
        sha256.update(level.get(Math.min(i + 1, level.size() - 1)));
        above.add(sha256.digest(sha256.digest()));
      }
      level = above;
    }
    return Arrays.equals(level.getFirst(), 0, HASH, bytes, MERKLE_ROOT, MERKLE_ROOT + HASH);
  }

  /** What {@link #mayHold} is asked of later, when the block itself is gone: 4 bytes an entry. */
  int[] fingerprints() {
    return entries.stream()
        .flatMapToInt(
            entry ->
                IntStream.concat(
                    IntStream.of(fingerprint(entry.txHash, 0)),
                    Arrays.stream(entry.inputs).map(input -> fingerprint(bytes, input))))
        .sorted()
        .toArray();
  }

  /**
   * Whether a block with these fingerprints may hold a transaction, or a spend of an output of it;
   * never wrongly denied.
   */
  static boolean mayHold(int[] fingerprints, TxId transaction) {
    return Arrays.binarySearch(fingerprints, fingerprint(transaction)) >= 0;
  }

  /** Told of what a block holds. */
  interface Finder {
    void mined(TxId transaction);

    void spent(OutPoint output, Transaction by);
  }

  /** Tells of the transactions among these, and of spends of any of their outputs. */
  void find(Set<TxId> transactions, Finder finder) {
    int[] wanted = transactions.stream().mapToInt(RawBlock::fingerprint).sorted().toArray();
    for (Entry entry : entries) {
      if (Arrays.binarySearch(wanted, fingerprint(entry.txHash, 0)) >= 0) {
        TxId txid = new TxId(new TxHash(new ByteVector32(entry.txHash)));
        if (transactions.contains(txid)) {
          finder.mined(txid);
        }
      }
      for (int input : entry.inputs) {
        if (Arrays.binarySearch(wanted, fingerprint(bytes, input)) >= 0) {
          spent(entry, input, transactions, finder);
        }
      }
    }
  }

  private void spent(Entry entry, int input, Set<TxId> transactions, Finder finder) {
    TxHash parent = new TxHash(new ByteVector32(Arrays.copyOfRange(bytes, input, input + HASH)));
    OutPoint output = new OutPoint(parent, little(input + HASH, 4));
    if (transactions.contains(output.txid)) {
      finder.spent(output, transaction(entry));
    }
  }

  private Transaction transaction(Entry entry) {
    Transaction transaction =
        RawTransaction.read(Arrays.copyOfRange(bytes, entry.start, entry.end));
    if (!Arrays.equals(new TxHash(transaction.txid).value.toByteArray(), entry.txHash)) {
      throw new ChainException("the node gives a block with a transaction that can't be read");
    }
    return transaction;
  }

  /** Hashes are uniform, so four bytes of one tell most blocks apart. */
  private static int fingerprint(byte[] hashes, int offset) {
    return (hashes[offset] & 0xff)
        | (hashes[offset + 1] & 0xff) << 8
        | (hashes[offset + 2] & 0xff) << 16
        | (hashes[offset + 3] & 0xff) << 24;
  }

  private static int fingerprint(TxId txid) {
    return fingerprint(new TxHash(txid).value.toByteArray(), 0);
  }

  /** The transaction at {@link #at}, which moves behind it (BIP 144). */
  private Entry entry(MessageDigest sha256) {
    int start = at;
    skip(4);
    boolean segwit = bytes[at] == 0 && bytes[at + 1] == 1;
    if (segwit) {
      skip(2);
    }
    int body = at;
    int[] inputs = new int[number()];
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = at;
      skip(HASH + 4);
      skip(number());
      skip(4);
    }
    for (int i = number(); i > 0; i--) {
      skip(8);
      skip(number());
    }
    int witness = at;
    for (int i = 0; segwit && i < inputs.length; i++) {
      for (int items = number(); items > 0; items--) {
        skip(number());
      }
    }
    int lockTime = at;
    skip(4);
    sha256.update(bytes, start, 4);
    sha256.update(bytes, body, witness - body);
    sha256.update(bytes, lockTime, 4);
    return new Entry(start, at, sha256.digest(sha256.digest()), inputs);
  }

  private void skip(int count) {
    if (count > bytes.length - at) {
      throw new IndexOutOfBoundsException(at);
    }
    at += count;
  }

  /** A count or length; none is more than the bytes that are left. */
  private int number() {
    int first = bytes[at++] & 0xff;
    int width = first < 0xfd ? 0 : 1 << (first - 0xfc);
    long value = width == 0 ? first : little(at, width);
    at += width;
    if (value < 0 || value > bytes.length - at) {
      throw new IndexOutOfBoundsException(at);
    }
    return (int) value;
  }

  private long little(int offset, int width) {
    long value = 0;
    for (int i = width - 1; i >= 0; i--) {
      value = value << 8 | (bytes[offset + i] & 0xff);
    }
    return value;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
