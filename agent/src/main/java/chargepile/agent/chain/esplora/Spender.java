package chargepile.agent.chain.esplora;

import chargepile.agent.chain.json.Json;
import chargepile.agent.units.BlockHeight;
import fr.acinq.bitcoin.TxId;
import java.util.Optional;

/**
 * Who spends an output, as the server says.
 *
 * @param minedAt the height of its block; empty in the mempool
 */
record Spender(TxId txid, Optional<BlockHeight> minedAt) {
  /** Of an {@code outspend}; empty for one that nothing spends. */
  static Optional<Spender> read(Json outspend) {
    return outspend.at("spent").truth()
        ? Optional.of(
            new Spender(
                Placement.txid(outspend.at("txid")), Placement.height(outspend.at("status"))))
        : Optional.empty();
  }
}
