package chargepile.agent.chain.bitcoind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.chain.ChainException;
import chargepile.agent.chain.Purse;
import chargepile.agent.chain.embedded.EmbeddedChain;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.Block;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxId;
import fr.acinq.bitcoin.TxIn;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RawBlockTest {
  private final EmbeddedChain chain = new EmbeddedChain();
  private final Purse alice = Purse.named("alice");
  private Block block;

  /** A block with a chain of payments, some of them with several inputs and outputs. */
  @BeforeEach
  void mine() {
    OutPoint coin = chain.fund(alice.script(), new Satoshi(1_000_000));
    Transaction parent = alice.spend(coin, 1_000_000, alice.output(400_000), alice.output(599_000));
    chain.broadcast(parent);
    for (int i = 0; i < 2; i++) {
      long amount = parent.txOut.get(i).amount.toLong();
      chain.broadcast(alice.spend(new OutPoint(parent, i), amount, alice.output(amount - 1000)));
    }
    chain.mine(1);
    block = chain.block(chain.tip()).orElseThrow();
  }

  @AfterEach
  void close() {
    chain.close();
  }

  private static RawBlock raw(Block block) {
    return new RawBlock(Block.write(block));
  }

  private static final class Found implements RawBlock.Finder {
    final Set<TxId> mined = new HashSet<>();
    final Map<OutPoint, Transaction> spent = new HashMap<>();

    @Override
    public void mined(TxId transaction) {
      mined.add(transaction);
    }

    @Override
    public void spent(OutPoint output, Transaction by) {
      spent.put(output, by);
    }
  }

  @Test
  void hashesAreThoseOfTheBlock() {
    assertEquals(block.hash, raw(block).hash());
    assertEquals(block.header.hashPreviousBlock, raw(block).previous());
    assertEquals(Block.RegtestGenesisBlock.hash, raw(Block.RegtestGenesisBlock).hash());
    assertEquals(Block.LivenetGenesisBlock.hash, raw(Block.LivenetGenesisBlock).hash());
  }

  @Test
  void everyTransactionAndEverySpendIsFound() {
    for (Transaction wanted : block.tx) {
      Found found = new Found();
      raw(block).find(Set.of(wanted.txid), found);

      assertEquals(Set.of(wanted.txid), found.mined);
      Map<OutPoint, Transaction> spends = new HashMap<>();
      for (Transaction transaction : block.tx) {
        for (TxIn input : transaction.txIn) {
          if (input.outPoint.txid.equals(wanted.txid)) {
            spends.put(input.outPoint, transaction);
          }
        }
      }
      assertEquals(spends, found.spent);
    }
    assertEquals(4, block.tx.size());
  }

  @Test
  void fingerprintsDenyNothingThatIsThere() {
    int[] fingerprints = raw(block).fingerprints();

    for (Transaction transaction : block.tx) {
      assertTrue(RawBlock.mayHold(fingerprints, transaction.txid));
      for (TxIn input : transaction.txIn) {
        assertTrue(RawBlock.mayHold(fingerprints, input.outPoint.txid));
      }
    }
    assertFalse(RawBlock.mayHold(fingerprints, Block.LivenetGenesisBlock.tx.getFirst().txid));
  }

  @Test
  void aBlockThatIsCutOffOrTooLongIsRefused() {
    byte[] bytes = Block.write(block);

    for (int size = 0; size < bytes.length; size++) {
      byte[] part = Arrays.copyOf(bytes, size);
      assertThrows(ChainException.class, () -> new RawBlock(part));
    }
    assertThrows(ChainException.class, () -> new RawBlock(Arrays.copyOf(bytes, bytes.length + 1)));
  }
}
