package chargepile.agent.cli.doctor;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.node.Configured;
import chargepile.agent.config.EvmSettings;
import chargepile.agent.crypto.Eip55;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.EvmException;
import chargepile.agent.evm.EvmRpc;
import chargepile.agent.evm.TokenContract;
import chargepile.agent.evm.VoucherChannelContract;
import chargepile.agent.units.EvmAddress;
import java.time.Duration;
import java.util.List;

/** The contracts: there, and such as the configuration takes them for. */
final class ContractsCheck implements Check {
  private final EvmSettings settings;

  ContractsCheck(EvmSettings settings) {
    this.settings = settings;
  }

  @Override
  public String name() {
    return "contracts";
  }

  @Override
  public List<Finding> look() throws CommandFailedException {
    try (EvmRpc node =
        new EvmRpc(
            Configured.evmEndpoints(settings, NodeCheck.PATIENCE).getFirst(), settings.chainId())) {
      node.chainId();
      return List.of(channel(node), token(node));
    } catch (EvmException e) {
      return List.of(Finding.skipped("the node can't be asked for them"));
    }
  }

  private Finding channel(EvmRpc node) {
    if (node.code(settings.voucherChannel(), BlockRef.LATEST).isEmpty()) {
      return missing("voucher_channel", settings.voucherChannel());
    }
    try {
      VoucherChannelContract contract =
          new VoucherChannelContract(node, settings.voucherChannel(), settings.firstBlock());
      return judge(settings, contract.periods());
    } catch (EvmException e) {
      return Finding.fail(
          String.valueOf(e.getMessage()), "correct evm.voucher_channel: no channel can be opened");
    }
  }

  static Finding judge(EvmSettings settings, VoucherChannelContract.Periods bounds) {
    Duration own = settings.challengePeriod().own();
    String what =
        "channels are held by %s, with challenge periods of %d to %d s"
            .formatted(
                Eip55.write(settings.voucherChannel()),
                bounds.least().toSeconds(),
                bounds.most().toSeconds());
    return own.compareTo(bounds.least()) < 0 || own.compareTo(bounds.most()) > 0
        ? Finding.fail(what, "evm.challenge_period_s of %d does not fit".formatted(own.toSeconds()))
        : Finding.ok(what);
  }

  private Finding token(EvmRpc node) {
    if (node.code(settings.token(), BlockRef.LATEST).isEmpty()) {
      return missing("token", settings.token());
    }
    try {
      TokenContract token = new TokenContract(node, settings.token());
      return Finding.ok(
          "the token at %s is %s, with %d decimals"
              .formatted(
                  Eip55.write(settings.token()),
                  token.symbol().replaceAll("[^ -~]", "?"),
                  token.decimals()));
    } catch (EvmException e) {
      return Finding.fail(String.valueOf(e.getMessage()), "correct evm.token");
    }
  }

  private Finding missing(String key, EvmAddress address) {
    return Finding.fail(
        "there is no contract at %s on chain %d"
            .formatted(Eip55.write(address), settings.chainId()),
        "correct evm.%s or evm.chain_id, or wait until the node has caught up".formatted(key));
  }
}
