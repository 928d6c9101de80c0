package chargepile.agent.config;

import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import java.nio.file.Path;
import java.util.Optional;

/**
 * All of {@code agency.toml}: what a grid service agency's server needs (P2-09).
 *
 * @param dataDirectory what it must not forget, and its transactions
 * @param keyFile with the agency's key, 64 hexadecimal digits
 * @param collectFrom the least of its fees that it withdraws at once
 * @param gasReserveGwei below this much for gas it asks for more
 * @param orderBook whose orders it reviews
 * @param reviewBoard whose agency it is
 * @param logLevel empty when {@code tinylog.properties} alone decides
 */
public record AgencySettings(
    Path dataDirectory,
    Path keyFile,
    Amount collectFrom,
    long gasReserveGwei,
    EvmSettings evm,
    EvmAddress orderBook,
    EvmAddress reviewBoard,
    Optional<LogLevel> logLevel) {
  /** Of some twenty reviews. */
  static final long GAS_IN_RESERVE = 5_000_000;

  @Override
  public String toString() {
    return "AgencySettings[%s, order book %s on chain %d]"
        .formatted(dataDirectory, orderBook, evm.chainId());
  }
}
