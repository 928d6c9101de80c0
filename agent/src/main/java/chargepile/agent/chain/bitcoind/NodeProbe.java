package chargepile.agent.chain.bitcoind;

import chargepile.agent.chain.ChainException;
import chargepile.agent.chain.ChainTip;
import chargepile.agent.chain.json.Json;
import chargepile.agent.units.BlockHeight;
import fr.acinq.bitcoin.BlockHash;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Looks at a node without believing it or changing anything: what it says of itself, for a person
 * to judge. Thread-safe.
 */
public final class NodeProbe implements AutoCloseable {
  private final BitcoindRpc rpc;

  public NodeProbe(Endpoint endpoint) {
    rpc = new BitcoindRpc(endpoint);
  }

  /**
   * What a node says of itself.
   *
   * @param version such as {@code /Satoshi:29.1.0/Knots:20250903/}
   * @param network as {@code getblockchaininfo} calls it
   * @param headers the height up to which it knows headers
   * @param initialDownload whether it thinks itself far behind; an idle regtest always does
   * @param medianTime the median of the last eleven blocks' times, which no true clock is behind of
   *     (BIP 113)
   */
  public record Standing(
      String version,
      String network,
      BlockHash genesis,
      ChainTip tip,
      int headers,
      boolean initialDownload,
      boolean pruned,
      Instant medianTime,
      int peers) {}

  /**
   * Asks for it.
   *
   * @throws ChainException when there is no answer that can be used
   */
  public Standing standing() {
    Json info = rpc.ask("getblockchaininfo");
    Json net = rpc.ask("getnetworkinfo");
    return new Standing(
        net.at("subversion").text(),
        info.at("chain").text(),
        BlockSource.hash(rpc.ask("getblockhash", 0)),
        new ChainTip(
            new BlockHeight(info.at("blocks").whole()),
            BlockSource.hash(info.at("bestblockhash")),
            instant(info.at("time"))),
        info.at("headers").whole(),
        info.at("initialblockdownload").truth(),
        info.at("pruned").truth(),
        instant(info.at("mediantime")),
        net.at("connections").whole());
  }

  /** The block of its best chain at a height; empty when that does not reach it. */
  public Optional<BlockHash> hashAt(BlockHeight height) {
    try {
      return Optional.of(BlockSource.hash(rpc.ask("getblockhash", height.value())));
    } catch (NodeError e) {
      if (e.code() == NodeError.INVALID_PARAMETER) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** The wallets that it has loaded. */
  public List<String> loadedWallets() {
    return rpc.ask("listwallets").items().stream().map(Json::text).toList();
  }

  /** The wallets in its folder, loaded or not. */
  public List<String> storedWallets() {
    return rpc.ask("listwalletdir").at("wallets").items().stream()
        .map(wallet -> wallet.at("name").text())
        .toList();
  }

  private static Instant instant(Json seconds) {
    try {
      return Instant.ofEpochSecond(seconds.decimal().longValueExact());
    } catch (ArithmeticException e) {
      throw new ChainException("the node gives no time but " + seconds.decimal(), e);
    }
  }

  @Override
  public void close() {
    rpc.close();
  }
}
