package chargepile.agent.evm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import chargepile.agent.crypto.BouncyCastleSigner;
import chargepile.agent.crypto.Keccak256;
import chargepile.agent.crypto.Signer;
import chargepile.agent.units.EvmAddress;
import fr.acinq.bitcoin.ByteVector;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Nonces of signatures follow RFC 6979, so another implementation signs the same bytes. */
class Eip1559TransactionTest {
  private static final EvmAddress PAYEE =
      EvmAddress.of("0x00000000000000000000000000000000000000aa");

  private static Eip1559Transaction transaction(Random random) {
    byte[] data = new byte[random.nextInt(3) * random.nextInt(60)];
    random.nextBytes(data);
    Wei tip = new Wei(new BigInteger(random.nextInt(60), random));
    return new Eip1559Transaction(
        Anvil.CHAIN_ID,
        random.nextInt(3) == 0 ? 0 : random.nextInt(1 << 30),
        tip,
        tip.plus(new Wei(new BigInteger(random.nextInt(60), random))),
        21_000 + random.nextInt(1 << 24),
        random.nextInt(4) == 0 ? Optional.empty() : Optional.of(PAYEE),
        new Wei(new BigInteger(random.nextInt(100), random)),
        new ByteVector(data));
  }

  @Test
  void anvilSignsTheSameBytes() throws IOException, InterruptedException {
    try (Anvil anvil = Anvil.still();
        JsonRpc rpc = new JsonRpc(anvil.endpoint())) {
      Random random = new Random(7);
      List<String> ours = new ArrayList<>();
      List<String> theirs = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        Eip1559Transaction transaction = transaction(random);
        SignedTransaction signed = transaction.sign(Anvil.key(0));
        assertEquals(Keccak256.hash(signed.raw()), signed.hash());
        ours.add(Hex.data(signed.raw()));
        theirs.add(rpc.ask("eth_signTransaction", fields(transaction)).text());
      }
      assertEquals(theirs, ours);
    }
  }

  private static Map<String, Object> fields(Eip1559Transaction transaction) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("type", "0x2");
    fields.put("chainId", Hex.quantity(transaction.chainId()));
    fields.put("from", Anvil.key(0).address().toString());
    fields.put("nonce", Hex.quantity(transaction.nonce()));
    fields.put("maxPriorityFeePerGas", Hex.quantity(transaction.maxPriorityFee().value()));
    fields.put("maxFeePerGas", Hex.quantity(transaction.maxFee().value()));
    fields.put("gas", Hex.quantity(transaction.gasLimit()));
    transaction.to().ifPresent(to -> fields.put("to", to.toString()));
    fields.put("value", Hex.quantity(transaction.value().value()));
    fields.put("input", Hex.data(transaction.data()));
    return fields;
  }

  @Test
  void bothSignersGiveTheSameBytes() {
    Random random = new Random(8);
    EvmKey java = new EvmKey(Anvil.privateKey(1), new BouncyCastleSigner());
    EvmKey best = new EvmKey(Anvil.privateKey(1), Signer.best());
    for (int i = 0; i < 20; i++) {
      Eip1559Transaction transaction = transaction(random);
      assertEquals(transaction.sign(java), transaction.sign(best));
    }
  }

  @Test
  void aTipAboveTheWholeFeeIsRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new Eip1559Transaction(
                1,
                0,
                Wei.of(2),
                Wei.of(1),
                21_000,
                Optional.of(PAYEE),
                Wei.ZERO,
                ByteVector.empty));
  }
}
