package chargepile.agent.evm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.crypto.BouncyCastleSigner;
import chargepile.agent.units.EvmAddress;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PrivateKey;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Against a real node. */
class EvmRpcTest {
  private static final ByteVector32 NOWHERE = new ByteVector32("11".repeat(32));

  /** Creates a contract that logs one topic and the word 42 whenever it is called. */
  private static final ByteVector LOGGER =
      new ByteVector(
          "600c600c600039600c6000f3" + "602a600052" + "6007" + "6020" + "6000" + "a1" + "00");

  private static Anvil anvil;
  private static EvmRpc rpc;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    anvil = Anvil.still();
    rpc = anvil.rpc();
  }

  @AfterAll
  static void stop() {
    if (rpc != null) {
      rpc.close();
      anvil.close();
    }
  }

  @Test
  void blocksAreFoundByTagNumberAndHash() {
    anvil.mine(70);
    EvmBlock head = rpc.block(BlockRef.LATEST).orElseThrow();
    assertEquals(anvil.height(), head.number());
    assertEquals(Optional.of(head), rpc.block(BlockRef.number(head.number())));
    assertEquals(Optional.of(head), rpc.block(BlockRef.hash(head.hash())));
    EvmBlock before = rpc.block(BlockRef.number(head.number() - 1)).orElseThrow();
    assertEquals(before.hash(), head.parent());
    long safe = rpc.block(BlockRef.SAFE).orElseThrow().number();
    long finalized = rpc.block(BlockRef.FINALIZED).orElseThrow().number();
    assertTrue(finalized < safe && safe < head.number(), finalized + " " + safe);
  }

  @Test
  void whatTheNodeLacksIsEmpty() {
    assertEquals(Optional.empty(), rpc.block(BlockRef.number(1_000_000)));
    assertEquals(Optional.empty(), rpc.block(BlockRef.hash(NOWHERE)));
    assertEquals(Optional.empty(), rpc.receipt(NOWHERE));
    assertFalse(rpc.knows(NOWHERE));
  }

  @Test
  void aSignedTransferIsTakenMinedAndFound() {
    EvmKey payer = Anvil.key(0);
    EvmAddress payee = EvmAddress.of("0x00000000000000000000000000000000000000aa");
    Wei before = rpc.balance(payee, BlockRef.LATEST);
    SignedTransaction signed =
        transaction(payer, Optional.of(payee), ByteVector.empty, Wei.of(5)).sign(payer);
    assertEquals(signed.hash(), rpc.send(signed.raw()));
    assertTrue(rpc.knows(signed.hash()));
    assertEquals(signed.hash(), rpc.send(signed.raw()), "a second time is no error");
    assertEquals(Optional.empty(), rpc.receipt(signed.hash()));
    anvil.mine(1);
    EvmReceipt receipt = rpc.receipt(signed.hash()).orElseThrow();
    assertTrue(receipt.success());
    assertEquals(21_000, receipt.gasUsed());
    assertEquals(before.plus(Wei.of(5)), rpc.balance(payee, BlockRef.LATEST));
    assertEquals(signed.transaction().nonce() + 1, rpc.nonce(payer.address(), BlockRef.LATEST));
  }

  @Test
  void logsAreFoundByRangeAndByBlock() {
    EvmKey key = Anvil.key(1);
    SignedTransaction creation = transaction(key, Optional.empty(), LOGGER, Wei.ZERO).sign(key);
    rpc.send(creation.raw());
    anvil.mine(1);
    EvmAddress contract = rpc.receipt(creation.hash()).orElseThrow().contract().orElseThrow();
    assertFalse(rpc.code(contract, BlockRef.LATEST).isEmpty());
    SignedTransaction call =
        transaction(key, Optional.of(contract), ByteVector.empty, Wei.ZERO).sign(key);
    rpc.send(call.raw());
    anvil.mine(1);
    EvmReceipt receipt = rpc.receipt(call.hash()).orElseThrow();
    EvmLog log = receipt.logs().getFirst();
    assertEquals(contract, log.contract());
    assertEquals(List.of(new ByteVector32("00".repeat(31) + "07")), log.topics());
    assertEquals(new ByteVector("00".repeat(31) + "2a"), log.data());
    LogFilter filter = LogFilter.of(contract);
    assertEquals(List.of(log), rpc.logs(filter, 0, anvil.height()));
    assertEquals(List.of(log), rpc.logs(filter, receipt.blockHash()));
    assertEquals(List.of(), rpc.logs(filter, 0, receipt.block() - 1));
  }

  @Test
  void feesAreThoseOfTheNextBlock() {
    anvil.nextBaseFee(Wei.ofGwei(7));
    anvil.mine(1);
    FeeHistory history = rpc.feeHistory(4);
    Wei last = rpc.block(BlockRef.LATEST).orElseThrow().baseFee();
    assertEquals(Wei.ofGwei(7), last);
    // An empty block lowers the base fee by an eighth (EIP-1559).
    assertEquals(Wei.of(6_125_000_000L), history.nextBaseFee());
  }

  @Test
  void aNodeOfAnotherChainIsRefused() {
    try (EvmRpc other = new EvmRpc(anvil.endpoint(), 1)) {
      EvmException refused =
          assertThrows(WrongEvmChainException.class, () -> other.block(BlockRef.LATEST));
      assertTrue(
          String.valueOf(refused.getMessage()).contains("serves the chain 31337 and not 1"),
          refused.getMessage());
    }
  }

  @Test
  void whatTheNodeRefusesSaysWhy() {
    EvmKey poor = new EvmKey(poorKey(), new BouncyCastleSigner());
    SignedTransaction transfer =
        transaction(
                poor,
                Optional.of(EvmAddress.of("0x00000000000000000000000000000000000000bb")),
                ByteVector.empty,
                Wei.of(1))
            .sign(poor);
    RefusedByNodeException refused =
        assertThrows(RefusedByNodeException.class, () -> rpc.send(transfer.raw()));
    assertTrue(refused.says("insufficient funds"), refused.getMessage());
  }

  private static PrivateKey poorKey() {
    return PrivateKey.fromHex("77".repeat(32));
  }

  private static Eip1559Transaction transaction(
      EvmKey key, Optional<EvmAddress> to, ByteVector data, Wei value) {
    return new Eip1559Transaction(
        Anvil.CHAIN_ID,
        rpc.nonce(key.address(), BlockRef.LATEST),
        Wei.ofGwei(1),
        Wei.ofGwei(50),
        200_000,
        to,
        value,
        data);
  }
}
