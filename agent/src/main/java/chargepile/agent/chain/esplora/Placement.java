package chargepile.agent.chain.esplora;

import chargepile.agent.chain.json.Json;
import chargepile.agent.units.BlockHeight;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.TxId;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads what Esplora's documents say of where a transaction is. */
final class Placement {
  private static final Pattern TXID = Pattern.compile("[0-9a-f]{64}");

  private Placement() {}

  /** Of a {@code status}: the height of the block; empty in the mempool, or when it is unknown. */
  static Optional<BlockHeight> height(Json status) {
    return status.at("confirmed").truth()
        ? Optional.of(new BlockHeight(status.at("block_height").whole()))
        : Optional.empty();
  }

  static TxId txid(Json text) {
    String hex = text.text();
    if (!TXID.matcher(hex).matches()) {
      throw new IllegalArgumentException("no transaction id but " + EsploraApi.shortened(hex));
    }
    return new TxId(new ByteVector32(hex));
  }
}
