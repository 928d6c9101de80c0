package chargepile.agent.evm;

import chargepile.agent.crypto.Keccak256;
import chargepile.agent.units.EvmAddress;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One node, asked over the execution API (EIP-1474 and its successors). What it answers is held
 * against the question: another block, a receipt of another transaction or logs that nobody asked
 * for are nonsense. Thread-safe.
 */
public final class EvmRpc implements EvmNode {
  /** Far more than fit into the gas of the blocks that are asked for at once. */
  private static final int MOST_LOGS = 20_000;

  private static final int MOST_TOPICS = 4;

  /** The contract size limit of EIP-170, twice. */
  private static final int MOST_CODE = 49_152;

  private static final int MEDIAN = 50;

  /** Later than any block of this millennium; what is beyond is no time. */
  private static final long LAST_SECOND = 32_503_680_000L;

  private final JsonRpc rpc;
  private final long chainId;
  private volatile boolean checked;

  /**
   * @param chainId of the chain that the node is to serve; asked with the first question
   */
  public EvmRpc(EvmEndpoint endpoint, long chainId) {
    if (chainId <= 0) {
      throw new IllegalArgumentException("a chain id above zero is needed, not " + chainId);
    }
    this.rpc = new JsonRpc(endpoint);
    this.chainId = chainId;
  }

  @Override
  public long chainId() {
    if (!checked) {
      RpcValue answer = rpc.ask("eth_chainId");
      if (answer.number() != chainId) {
        throw new WrongEvmChainException(
            "%s serves the chain %d and not %d: correct its address or the chain id"
                .formatted(this, answer.number(), chainId));
      }
      checked = true;
    }
    return chainId;
  }

  @Override
  public Optional<EvmBlock> block(BlockRef which) {
    RpcValue answer;
    try {
      answer =
          which instanceof BlockRef.AtHash(ByteVector32 hash)
              ? ask("eth_getBlockByHash", Hex.data(hash), false)
              : ask("eth_getBlockByNumber", name(which), false);
    } catch (RefusedByNodeException e) {
      if (isUnknownBlock(e)) {
        return Optional.empty();
      }
      throw e;
    }
    if (answer.isNull()) {
      return Optional.empty();
    }
    EvmBlock block = block(answer);
    boolean asked =
        switch (which) {
          case BlockRef.Tag tag -> true;
          case BlockRef.AtNumber(long number) -> block.number() == number;
          case BlockRef.AtHash(ByteVector32 hash) -> block.hash().equals(hash);
        };
    if (!asked) {
      throw answer.nonsense("%s instead of %s".formatted(block, which));
    }
    return Optional.of(block);
  }

  static EvmBlock block(RpcValue answer) {
    RpcValue time = answer.at("timestamp");
    if (time.number() > LAST_SECOND) {
      throw time.nonsense("no time: " + time.number());
    }
    return new EvmBlock(
        answer.at("number").number(),
        answer.at("hash").hash(),
        answer.at("parentHash").hash(),
        Instant.ofEpochSecond(time.number()),
        answer.find("baseFeePerGas").map(RpcValue::wei).orElse(Wei.ZERO));
  }

  /** Geth and its like answer a hash or tag that they don't have with an error, not with null. */
  private static boolean isUnknownBlock(RefusedByNodeException e) {
    return e.says("unknown block", "block not found", "header not found", "not found");
  }

  @Override
  public FeeHistory feeHistory(int blocks) {
    RpcValue answer = ask("eth_feeHistory", Hex.quantity(blocks), "latest", List.of(MEDIAN));
    List<RpcValue> baseFees = answer.at("baseFeePerGas").items(blocks + 1);
    if (baseFees.isEmpty()) {
      throw answer.nonsense("no base fee");
    }
    List<Wei> tips =
        answer.find("reward").map(reward -> reward.items(blocks)).orElse(List.of()).stream()
            .flatMap(block -> block.items(1).stream())
            .map(RpcValue::wei)
            .toList();
    return new FeeHistory(baseFees.getLast().wei(), tips);
  }

  @Override
  public long nonce(EvmAddress account, BlockRef at) {
    return ask("eth_getTransactionCount", text(account), state(at)).number();
  }

  @Override
  public Wei balance(EvmAddress account, BlockRef at) {
    return ask("eth_getBalance", text(account), state(at)).wei();
  }

  @Override
  public ByteVector code(EvmAddress contract, BlockRef at) {
    RpcValue answer = ask("eth_getCode", text(contract), state(at));
    ByteVector code = answer.data();
    if (code.size() > MOST_CODE) {
      throw answer.nonsense("more than %d bytes of code".formatted(MOST_CODE));
    }
    return code;
  }

  @Override
  public long estimateGas(EvmCall call) {
    return ask("eth_estimateGas", fields(call)).number();
  }

  @Override
  public ByteVector call(EvmCall call, BlockRef at) {
    return ask("eth_call", fields(call), state(at)).data();
  }

  @Override
  public ByteVector32 send(ByteVector raw) {
    ByteVector32 hash = Keccak256.hash(raw);
    try {
      RpcValue answer = ask("eth_sendRawTransaction", Hex.data(raw));
      if (!answer.hash().equals(hash)) {
        throw answer.nonsense("the hash of another transaction");
      }
    } catch (RefusedByNodeException e) {
      if (!e.says("already known", "known transaction", "already imported", "alreadyknown")) {
        throw e;
      }
    }
    return hash;
  }

  @Override
  public boolean knows(ByteVector32 transaction) {
    RpcValue answer = ask("eth_getTransactionByHash", Hex.data(transaction));
    if (answer.isNull()) {
      return false;
    }
    if (!answer.at("hash").hash().equals(transaction)) {
      throw answer.nonsense("another transaction");
    }
    return true;
  }

  @Override
  public Optional<EvmReceipt> receipt(ByteVector32 transaction) {
    RpcValue answer = ask("eth_getTransactionReceipt", Hex.data(transaction));
    // Nodes differ over what stands for a receipt while the transaction waits.
    if (answer.isNull() || answer.find("blockHash").isEmpty()) {
      return Optional.empty();
    }
    EvmReceipt receipt = receipt(answer);
    if (!receipt.transaction().equals(transaction)) {
      throw answer.nonsense("the receipt of another transaction");
    }
    return Optional.of(receipt);
  }

  static EvmReceipt receipt(RpcValue answer) {
    RpcValue status = answer.at("status");
    if (status.number() > 1) {
      throw status.nonsense("neither 0 nor 1");
    }
    return new EvmReceipt(
        answer.at("transactionHash").hash(),
        answer.at("blockNumber").number(),
        answer.at("blockHash").hash(),
        status.number() == 1,
        answer.find("contractAddress").map(RpcValue::address),
        answer.at("gasUsed").number(),
        answer.at("effectiveGasPrice").wei(),
        answer.at("logs").items(MOST_LOGS).stream().map(EvmRpc::log).toList());
  }

  @Override
  public List<EvmLog> logs(LogFilter filter, long first, long last) {
    Map<String, Object> question = question(filter);
    question.put("fromBlock", Hex.quantity(first));
    question.put("toBlock", Hex.quantity(last));
    RpcValue answer = ask("eth_getLogs", question);
    List<EvmLog> logs = logs(filter, answer);
    if (!logs.stream().allMatch(log -> log.block() >= first && log.block() <= last)) {
      throw answer.nonsense("logs of other blocks");
    }
    return logs;
  }

  @Override
  public List<EvmLog> logs(LogFilter filter, ByteVector32 block) {
    Map<String, Object> question = question(filter);
    question.put("blockHash", Hex.data(block));
    RpcValue answer = ask("eth_getLogs", question);
    List<EvmLog> logs = logs(filter, answer);
    if (!logs.stream().allMatch(log -> log.blockHash().equals(block))) {
      throw answer.nonsense("logs of another block");
    }
    return logs;
  }

  private static Map<String, Object> question(LogFilter filter) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("address", filter.contracts().stream().map(EvmRpc::text).sorted().toList());
    if (!filter.signatures().isEmpty()) {
      fields.put(
          "topics",
          filter.subjects().isEmpty()
              ? List.of(topic(filter.signatures()))
              : List.of(topic(filter.signatures()), topic(filter.subjects())));
    }
    return fields;
  }

  private static List<String> topic(Set<ByteVector32> values) {
    return values.stream().map(Hex::data).sorted().toList();
  }

  private static List<EvmLog> logs(LogFilter filter, RpcValue answer) {
    List<EvmLog> logs =
        answer.items(MOST_LOGS).stream()
            .filter(log -> log.find("removed").filter(RpcValue::truth).isEmpty())
            .map(EvmRpc::log)
            .toList();
    if (!logs.stream().allMatch(filter::fits)) {
      throw answer.nonsense("logs that nobody asked for");
    }
    return logs;
  }

  private static EvmLog log(RpcValue answer) {
    return new EvmLog(
        answer.at("address").address(),
        answer.at("topics").items(MOST_TOPICS).stream().map(RpcValue::hash).toList(),
        answer.at("data").data(),
        answer.at("blockNumber").number(),
        answer.at("blockHash").hash(),
        answer.at("transactionHash").hash(),
        answer.at("logIndex").smallNumber());
  }

  @Override
  public void close() {
    rpc.close();
  }

  @Override
  public String toString() {
    return rpc.toString();
  }

  private RpcValue ask(String method, Object... params) {
    chainId();
    return rpc.ask(method, params);
  }

  private static String name(BlockRef which) {
    return switch (which) {
      case BlockRef.Tag tag -> tag.toString();
      case BlockRef.AtNumber(long number) -> Hex.quantity(number);
      case BlockRef.AtHash(ByteVector32 hash) -> Hex.data(hash);
    };
  }

  /** A state, by EIP-1898: one that was replaced meanwhile is not answered for. */
  private static Object state(BlockRef at) {
    return at instanceof BlockRef.AtHash(ByteVector32 hash)
        ? Map.of("blockHash", Hex.data(hash), "requireCanonical", true)
        : name(at);
  }

  private static Map<String, Object> fields(EvmCall call) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("from", text(call.from()));
    call.to().ifPresent(to -> fields.put("to", text(to)));
    fields.put("input", Hex.data(call.data()));
    if (call.value().compareTo(Wei.ZERO) > 0) {
      fields.put("value", Hex.quantity(call.value().value()));
    }
    return fields;
  }

  private static String text(EvmAddress address) {
    return Hex.data(address.value());
  }
}
