package chargepile.agent.cli.doctor;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.node.Configured;
import chargepile.agent.cli.node.NamedContracts;
import chargepile.agent.config.LedgerSettings;
import chargepile.agent.config.MarketSettings;
import chargepile.agent.crypto.Eip55;
import chargepile.agent.evm.EvmException;
import chargepile.agent.evm.EvmNode;
import chargepile.agent.evm.EvmRpc;
import chargepile.agent.units.EvmAddress;
import java.util.List;

/** Whether the market's contracts are those that the configuration names. */
final class MarketCheck implements Check {
  private final LedgerSettings.Evm ledger;
  private final MarketSettings market;

  MarketCheck(LedgerSettings.Evm ledger, MarketSettings market) {
    this.ledger = ledger;
    this.market = market;
  }

  @Override
  public String name() {
    return "market";
  }

  @Override
  public List<Finding> look() throws CommandFailedException {
    try (EvmRpc node =
        new EvmRpc(
            Configured.evmEndpoints(ledger.evm(), NodeCheck.PATIENCE).getFirst(),
            ledger.evm().chainId())) {
      node.chainId();
      return look(node);
    } catch (EvmException e) {
      return List.of(Finding.skipped("the node can't be asked for its contracts"));
    }
  }

  private List<Finding> look(EvmNode node) {
    EvmAddress book = market.contracts().orderBook();
    List<String> contradictions;
    try {
      contradictions = NamedContracts.of(ledger, book).contradictions(node, book);
    } catch (EvmException e) {
      return List.of(
          Finding.fail(
              String.valueOf(e.getMessage()), "correct market.order_book: nothing is traded"));
    }
    return contradictions.isEmpty()
        ? List.of(
            Finding.ok(
                "the order book at %s names the contracts of [market] and the token of [evm]"
                    .formatted(Eip55.write(book))))
        : contradictions.stream()
            .map(
                what ->
                    Finding.fail(
                        what,
                        "correct the key that is wrong, be it market.order_book: nothing is traded"
                            + " until they agree"))
            .toList();
  }
}
