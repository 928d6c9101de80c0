package chargepile.agent.chain.bitcoind;

import chargepile.agent.chain.ChainException;
import chargepile.agent.chain.ChainTip;
import chargepile.agent.chain.Freshness;
import chargepile.agent.chain.Network;
import chargepile.agent.chain.WrongNetworkException;
import chargepile.agent.chain.bitcoind.BitcoindRpc.Call;
import chargepile.agent.chain.json.Json;
import chargepile.agent.units.BlockHeight;
import fr.acinq.bitcoin.BlockHash;
import fr.acinq.bitcoin.BlockId;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** The blocks of a node, and whether it is one to be believed at the moment. */
final class BlockSource {
  /** One or two are on their way whenever a block was just mined. */
  private static final int HEADERS_AHEAD = 6;

  private final BitcoindRpc rpc;
  private final Network network;
  private final Freshness freshness;

  /** Asked for again after every failure, behind which another node may have come. */
  private volatile boolean genesisSeen;

  BlockSource(BitcoindRpc rpc, Network network, Freshness freshness) {
    this.rpc = rpc;
    this.network = network;
    this.freshness = freshness;
  }

  /** The best chain's end. */
  record Tip(int height, BlockHash hash, Instant time) {
    Tip {
      if (height < 0) {
        throw new ChainException("the node's best block has the height " + height);
      }
    }

    ChainTip asChainTip() {
      return new ChainTip(new BlockHeight(height), hash, time);
    }
  }

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
   * @throws WrongNetworkException when the node is on another network
   * @throws ChainException when the node is still syncing, or has had no block for too long
   */
  Tip tip() {
    try {
      return trustedTip();
    } catch (ChainException e) {
      genesisSeen = false;
      throw e;
    }
  }

  private Tip trustedTip() {
    Json info = rpc.ask("getblockchaininfo");
    checkNetwork(info.at("chain").text());
    int blocks = info.at("blocks").whole();
    int headers = info.at("headers").whole();
    // An idle regtest counts as syncing for ever, because its last block is old.
    boolean starting =
        info.at("initialblockdownload").truth() && (network != Network.REGTEST || blocks < headers);
    if (starting || headers - blocks > HEADERS_AHEAD) {
      throw new ChainException(
          "%s is still syncing (block %d of %d known): waiting for it"
              .formatted(rpc, blocks, Math.max(blocks, headers)));
    }
    checkGenesis();
    Tip tip =
        new Tip(
            blocks, hash(info.at("bestblockhash")), Instant.ofEpochSecond(info.at("time").whole()));
    checkAge(tip);
    return tip;
  }

  private void checkNetwork(String chain) {
    if (!chain.equals(network.chain())) {
      throw new WrongNetworkException(
          "%s is on the network %s, and %s is configured: correct its address or the network"
              .formatted(rpc, chain, network.chain()));
    }
  }

  private void checkGenesis() {
    if (!genesisSeen) {
      BlockHash genesis = hash(rpc.ask("getblockhash", 0));
      if (!genesis.equals(network.genesis())) {
        throw new WrongNetworkException(
            "%s has a chain of another network, which begins with %s and not with %s: correct its address or the network"
                .formatted(rpc, ChainTip.display(genesis), ChainTip.display(network.genesis())));
      }
      genesisSeen = true;
    }
  }

  private void checkAge(Tip tip) {
    Optional<Duration> age = freshness.tooOld(tip.time());
    if (age.isPresent()) {
      throw new ChainException(
          "%s has fallen behind: its last block (%d) is %d minutes old: see whether it has peers, and whether this machine's clock is right"
              .formatted(rpc, tip.height(), age.get().toMinutes()));
    }
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
      bytes = HexFormat.of().parseHex(rpc.ask("getblock", ChainTip.display(hash), 0).text());
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
    if (!block.hash().equals(hash) || !block.holdsWhatItsHeaderSays()) {
      throw new ChainException(
          "%s gives another block than %s, which was asked for"
              .formatted(rpc, ChainTip.display(hash)));
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
}
