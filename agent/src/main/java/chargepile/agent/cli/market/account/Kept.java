package chargepile.agent.cli.market.account;

import chargepile.agent.config.LedgerSettings;
import chargepile.agent.config.MarketSettings;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.TransactionIntent;
import chargepile.agent.evm.VoucherChannelContract;
import chargepile.agent.evm.market.OrderBookContract;
import chargepile.agent.evm.market.RegistryContract;
import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * What a contract keeps for an account, because the token refused to pay it or because it waits to
 * be claimed.
 *
 * @param what the contract is
 * @param claim has it paid to the account
 * @param how the command that does so
 */
record Kept(EvmAddress by, String what, Amount amount, TransactionIntent claim, String how) {
  private static final String ACCOUNT = "market account claim";
  private static final String ORDERS = "market orders claim";

  /** Of the contracts that a configuration names, those which keep something. */
  static List<Kept> of(EnergyToken token, LedgerSettings.Evm ledger, EvmAddress account) {
    EvmAddress money = token.token().address();
    // Paid out since another sum was kept: another claim.
    String occasion = Long.toString(token.balance(account).value());
    List<Kept> all = new ArrayList<>();
    EvmAddress channelsAt = ledger.evm().voucherChannel();
    VoucherChannelContract channels =
        new VoucherChannelContract(token.node(), channelsAt, ledger.evm().firstBlock());
    all.add(
        new Kept(
            channelsAt,
            "channels' contract",
            channels.owed(account, money, BlockRef.LATEST),
            channels.claim("claim/%s/%s".formatted(channelsAt, occasion), money, account),
            ACCOUNT));
    if (ledger.market().isPresent()) {
      MarketSettings.Contracts contracts = ledger.market().get().contracts();
      RegistryContract registry = new RegistryContract(token.node(), contracts.registry());
      all.add(
          new Kept(
              registry.address(),
              "registry",
              registry.owed(account, money, BlockRef.LATEST),
              registry.claim(occasion, money, account),
              ACCOUNT));
      OrderBookContract orders = new OrderBookContract(token.node(), contracts.orderBook());
      all.add(
          new Kept(
              orders.address(),
              "order book",
              orders.owed(account, BlockRef.LATEST),
              orders.claim(occasion, account),
              ORDERS));
    }
    return all.stream().filter(kept -> kept.amount().value() > 0).toList();
  }
}
