package chargepile.agent.config;

import fr.acinq.bitcoin.Bitcoin;
import fr.acinq.bitcoin.BlockHash;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.Script;
import fr.acinq.bitcoin.ScriptElt;
import java.util.List;
import java.util.Optional;

/**
 * Where the pile's money goes.
 *
 * @param sweepTo what channels that end pay to; empty for an address of the wallet's
 */
public record WalletSettings(Optional<Destination> sweepTo) {

  /**
   * An address of the configured network.
   *
   * @param script P2WPKH, P2WSH or P2TR, which every peer accepts at a cooperative close (BOLT 2)
   */
  public record Destination(String address, ByteVector script) {
    /** Empty when it is no such address of the network. */
    static Optional<Destination> of(String address, BlockHash genesis) {
      List<ScriptElt> script = Bitcoin.addressToPublicKeyScript(genesis, address).getRight();
      boolean segwit =
          script != null
              && (Script.isPay2wpkh(script) || Script.isPay2wsh(script) || Script.isPay2tr(script));
      return segwit
          ? Optional.of(new Destination(address, new ByteVector(Script.write(script))))
          : Optional.empty();
    }
  }
}
