package chargepile.agent.config;

import java.time.Duration;
import java.util.Optional;

/** The ledger that the pile is paid on, with all that is set of it. */
public sealed interface LedgerSettings {
  /** How long energy is sold on while the ledger is out of sight. */
  Duration grace();

  /** Penalty channels on Bitcoin; amounts are millisatoshi. */
  record Bitcoin(ChainSettings chain, ChannelNumbers channel, WalletSettings wallet)
      implements LedgerSettings {
    @Override
    public Duration grace() {
      return chain.grace();
    }
  }

  /**
   * Voucher channels on an EVM chain; amounts are the token's base units.
   *
   * @param market empty: there is none
   */
  record Evm(EvmSettings evm, Optional<MarketSettings> market) implements LedgerSettings {
    @Override
    public Duration grace() {
      return evm.grace();
    }
  }
}
