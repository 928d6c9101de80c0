package chargepile.agent.chain.esplora;

import chargepile.agent.chain.ChainException;
import chargepile.agent.chain.RejectedException;
import chargepile.agent.chain.http.PackageSubmission;
import chargepile.agent.chain.json.Json;
import chargepile.agent.chain.json.JsonReader;
import chargepile.agent.chain.json.JsonReader.MalformedJsonException;
import chargepile.agent.json.JsonText;
import fr.acinq.bitcoin.Transaction;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Hands transactions to the server's node, and makes sense of its refusals: the server passes on
 * the node's error in the words {@code sendrawtransaction RPC error:
 * {"code":-26,"message":"dust"}}.
 */
final class Broadcast {
  private static final String PATH = "/tx";
  private static final String PACKAGE_PATH = "/txs/package";
  private static final int OK = 200;
  private static final int BAD_REQUEST = 400;
  private static final int NOT_FOUND = 404;
  private static final int METHOD_NOT_ALLOWED = 405;

  // The codes of Bitcoin Core's rpc/protocol.h.
  private static final int DESERIALIZATION = -22;
  private static final int VERIFY_ERROR = -25;
  private static final int VERIFY_REJECTED = -26;
  private static final int ALREADY_IN_UTXO_SET = -27;
  private static final int MISC = -1;
  private static final int METHOD_NOT_FOUND = -32601;

  private final EsploraApi api;
  private final Transactions known;

  Broadcast(EsploraApi api, Transactions transactions) {
    this.api = api;
    known = transactions;
  }

  private record NodeWord(int code, String message) {
    /** Whether the network's rules speak, and not the node's condition. */
    boolean isByRule() {
      return switch (code) {
        case DESERIALIZATION, VERIFY_ERROR, VERIFY_REJECTED, ALREADY_IN_UTXO_SET -> true;
        default -> false;
      };
    }
  }

  /** Hands over what pays for each other; where the server has no packages, one by one. */
  void send(List<Transaction> transactions) {
    var packages = new PackageSubmission(this::submit, txid -> known.minedAt(txid).isPresent());
    if (!packages.submit(transactions)) {
      transactions.forEach(this::send);
    }
  }

  private Optional<Json> submit(List<String> hexes) {
    EsploraApi.Reply reply = api.post(PACKAGE_PATH, JsonText.of(hexes));
    return switch (reply.status()) {
      case OK -> Optional.of(api.read(PACKAGE_PATH, reply.body()));
      case NOT_FOUND, METHOD_NOT_ALLOWED -> Optional.empty();
      case BAD_REQUEST -> refusedPackage(reply.body());
      default -> throw notTaken("a package", reply);
    };
  }

  private Optional<Json> refusedPackage(String body) {
    Optional<NodeWord> word = word(body);
    if (word.filter(node -> node.code == MISC || node.code == METHOD_NOT_FOUND).isPresent()) {
      return Optional.empty();
    }
    if (word.filter(node -> !node.isByRule()).isPresent()) {
      throw notTaken("a package", new EsploraApi.Reply(BAD_REQUEST, body));
    }
    throw new RejectedException(
        word.map(NodeWord::message).orElseGet(() -> EsploraApi.shortened(body)));
  }

  void send(Transaction transaction) {
    String hex = HexFormat.of().formatHex(Transaction.write(transaction));
    EsploraApi.Reply reply = api.post(PATH, hex);
    switch (reply.status()) {
      case OK -> requireSame(transaction, reply.body().strip());
      case BAD_REQUEST -> refused(transaction, reply.body());
      default -> throw notTaken("transaction " + transaction.txid, reply);
    }
  }

  private void requireSame(Transaction transaction, String said) {
    if (!said.equals(Transactions.hex(transaction.txid))) {
      throw api.nonsense(
          PATH,
          "took transaction %s and calls it %s"
              .formatted(transaction.txid, EsploraApi.shortened(said)));
    }
  }

  private void refused(Transaction transaction, String body) {
    Optional<NodeWord> word = word(body);
    if (word.filter(node -> !node.isByRule()).isPresent()) {
      throw notTaken("transaction " + transaction.txid, new EsploraApi.Reply(BAD_REQUEST, body));
    }
    boolean there =
        word.filter(node -> node.code == ALREADY_IN_UTXO_SET).isPresent()
            || known.minedAt(transaction.txid).isPresent();
    if (!there) {
      throw new RejectedException(
          word.map(NodeWord::message).orElseGet(() -> EsploraApi.shortened(body)));
    }
  }

  private ChainException notTaken(String what, EsploraApi.Reply reply) {
    return new ChainException(
        "%s does not take %s (HTTP %d): %s"
            .formatted(api, what, reply.status(), EsploraApi.shortened(reply.body())));
  }

  private static Optional<NodeWord> word(String body) {
    int start = body.indexOf('{');
    if (start < 0) {
      return Optional.empty();
    }
    try {
      Json error = JsonReader.read(body.substring(start));
      return Optional.of(new NodeWord(error.at("code").whole(), error.at("message").text()));
    } catch (MalformedJsonException | ChainException e) {
      // Words of the server's own: they are the reason then.
      return Optional.empty();
    }
  }
}
