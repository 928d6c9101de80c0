package chargepile.agent.chain.bitcoind;

import chargepile.agent.chain.ChainException;
import chargepile.agent.chain.bitcoind.BitcoindRpc.Call;
import fr.acinq.bitcoin.BlockHash;
import fr.acinq.bitcoin.BlockId;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;

/** The blocks of a node, and whether it is one to be believed at the moment. */
final class BlockSource {
  private final BitcoindRpc rpc;
  private final Network network;

  BlockSource(BitcoindRpc rpc, Network network) {
    this.rpc = rpc;
    this.network = network;
  }

  /** The best chain's end. */
  record Tip(int height, BlockHash hash) {}

  /** The chain changed between two questions: asking again gives one answer of a piece. */
  static final class MovedException extends ChainException {
    private static final long serialVersionUID = 1;

    MovedException() {
      super("the chain moves on faster than it can be read: asking again later");
    }
  }

  /**
   * The tip of a node on the right network that knows the whole chain.
   *
   * @throws ChainException when the node is on another network or still syncing
   */
  Tip tip() {
    Json info = rpc.ask("getblockchaininfo");
    String chain = info.at("chain").text();
    if (!chain.equals(network.chain)) {
      throw new ChainException(
          "%s is on the network %s, and %s is configured: correct its address or the network"
              .formatted(rpc, chain, network.chain));
    }
    int blocks = info.at("blocks").whole();
    int headers = info.at("headers").whole();
    // An idle regtest counts as syncing for ever, because its last block is old.
    boolean behind = network == Network.REGTEST ? blocks < headers : true;
    if (behind && info.at("initialblockdownload").truth()) {
      throw new ChainException(
          "%s is still syncing (block %d of %d known): waiting for it"
              .formatted(rpc, blocks, Math.max(blocks, headers)));
    }
    return new Tip(blocks, hash(info.at("bestblockhash")));
  }

  /** The hashes of consecutive blocks below and including a tip, the lowest first. */
  List<BlockHash> hashesUpTo(Tip tip, int count) {
    List<Call> calls =
        IntStream.rangeClosed(tip.height() - count + 1, tip.height())
            .mapToObj(height -> Call.of("getblockhash", height))
            .toList();
    List<BlockHash> hashes =
        rpc.askAll(calls).stream().map(answer -> hash(answer.orThrow())).toList();
    if (!hashes.getLast().equals(tip.hash())) {
      throw new MovedException();
    }
    return hashes;
  }

  /**
   * @throws MovedException when the best chain does not reach that height any more
   */
  BlockHash hashAt(int height) {
    try {
      return hash(rpc.ask("getblockhash", height));
    } catch (NodeError e) {
      if (e.code() == NodeError.INVALID_PARAMETER) {
        throw new MovedException();
      }
      throw e;
    }
  }

  RawBlock block(int height, BlockHash hash) {
    byte[] bytes;
    try {
      bytes = HexFormat.of().parseHex(rpc.ask("getblock", display(hash), 0).text());
    } catch (NodeError e) {
      if (e.code() == NodeError.MISC && e.reason().contains("pruned")) {
        throw new ChainException(
            "%s has pruned block %d, which must be searched for what the channels own: let it download the chain again with a larger prune, or use a node that has the block"
                .formatted(rpc, height),
            e);
      }
      throw e;
    } catch (IllegalArgumentException e) {
      throw new ChainException("%s gives block %d not as hexadecimal".formatted(rpc, height), e);
    }
    RawBlock block = new RawBlock(bytes);
    if (!block.hash().equals(hash)) {
      throw new ChainException(
          "%s gives another block than %s, which was asked for".formatted(rpc, display(hash)));
    }
    return block;
  }

  static BlockHash hash(Json display) {
    try {
      return new BlockHash(new BlockId(display.text()));
    } catch (IllegalArgumentException e) {
      throw new ChainException("the node gives no block hash but " + display.text(), e);
    }
  }

  /** As nodes write it. */
  static String display(BlockHash hash) {
    return new BlockId(hash).value.toHex();
  }
}
