package chargepile.agent.chain.esplora;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.chain.ChainException;
import chargepile.agent.chain.Network;
import chargepile.agent.chain.RejectedException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is made of a server that takes a transaction, or does not. */
class BroadcastTest extends ScriptedServer {
  private void broadcast() {
    try (EsploraChain chain = chain(Network.REGTEST)) {
      chain.broadcast(SPEND);
    }
  }

  @Test
  void aRefusalIsInTheNodesWords() {
    page(
        "/tx",
        400,
        "sendrawtransaction RPC error: {\"code\":-26,\"message\":\"min relay fee not met, 0 <"
            + " 14\"}");
    RejectedException refusal = assertThrows(RejectedException.class, this::broadcast);
    assertEquals("min relay fee not met, 0 < 14", refusal.getMessage());

    page("/tx", 400, "bad tx");
    assertEquals("bad tx", assertThrows(RejectedException.class, this::broadcast).getMessage());
  }

  @Test
  void aNodeThatIsStartingIsNoRefusal() {
    page(
        "/tx",
        400,
        "sendrawtransaction RPC error: {\"code\":-28,\"message\":\"Loading block index…\"}");

    assertFalse(assertThrows(ChainException.class, this::broadcast) instanceof RejectedException);
  }

  @Test
  void whatTheChainHasAlreadyIsNoError() {
    page(
        "/tx",
        400,
        "sendrawtransaction RPC error: {\"code\":-27,\"message\":\"Transaction outputs already in"
            + " utxo set\"}");
    broadcast();
    page(
        "/tx",
        400,
        "sendrawtransaction RPC error:"
            + " {\"code\":-25,\"message\":\"bad-txns-inputs-missingorspent\"}");
    page(tx(SPEND) + "/status", mined(4));
    broadcast();
  }

  @Test
  void aBroadcastOfSomethingElseIsFoundOut() {
    page("/tx", PARENT.txid.value.toHex());

    assertTrue(
        String.valueOf(assertThrows(ChainException.class, this::broadcast).getMessage())
            .contains("calls it " + PARENT.txid.value.toHex()));
  }

  @Test
  void aServerWithoutPackagesIsGivenOneAfterTheOther() {
    page("/tx", PARENT.txid.value.toHex(), SPEND.txid.value.toHex());
    try (EsploraChain chain = chain(Network.REGTEST)) {
      chain.broadcast(List.of(PARENT, SPEND));
    }
    assertEquals(3, requests.get());
  }
}
