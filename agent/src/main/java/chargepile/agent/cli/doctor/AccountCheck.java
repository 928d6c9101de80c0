package chargepile.agent.cli.doctor;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.Figures;
import chargepile.agent.cli.node.Configured;
import chargepile.agent.cli.node.SeedFile;
import chargepile.agent.config.EvmSettings;
import chargepile.agent.crypto.Eip55;
import chargepile.agent.crypto.Signer;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.EvmException;
import chargepile.agent.evm.EvmKey;
import chargepile.agent.evm.EvmRpc;
import chargepile.agent.evm.Wei;
import chargepile.agent.runtime.NodeKeys;
import chargepile.agent.units.EvmAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;

/** Whether the pile's account could pay the gas that its channels may need. */
final class AccountCheck implements Check {
  private final Subject subject;
  private final EvmSettings settings;

  AccountCheck(Subject subject, EvmSettings settings) {
    this.subject = subject;
    this.settings = settings;
  }

  @Override
  public String name() {
    return "account";
  }

  @Override
  public List<Finding> look() throws CommandFailedException, IOException {
    subject.requireVisible();
    if (!Files.exists(subject.seed())) {
      return List.of(Finding.skipped("there is no seed yet, and so no account"));
    }
    NodeKeys keys =
        new NodeKeys(
            SeedFile.existing(subject.seed(), subject.config().pile().passphraseFile()),
            Signer.best());
    EvmAddress account = new EvmKey(keys.accountKey(), keys.signer()).address();
    try (EvmRpc node =
        new EvmRpc(
            Configured.evmEndpoints(settings, NodeCheck.PATIENCE).getFirst(), settings.chainId())) {
      return List.of(
          judge(
              account,
              node.balance(account, BlockRef.LATEST),
              Wei.ofGwei(settings.gasReservePerChannelGwei()),
              Stored.channels(subject)));
    } catch (EvmException e) {
      return List.of(Finding.skipped("the node can't be asked what the account holds"));
    }
  }

  /**
   * @param channels that are not finished; empty when the store can't be read
   */
  static Finding judge(EvmAddress account, Wei held, Wei perChannel, Optional<Integer> channels) {
    String what = "%s holds %s for gas".formatted(Eip55.write(account), Figures.coins(held));
    if (channels.isEmpty()) {
      return Finding.skipped(what + ", and the store does not say for how many channels");
    }
    int open = channels.get();
    Wei wanted = perChannel.times(Math.max(1, open));
    if (held.compareTo(wanted) >= 0) {
      return Finding.ok(
          "%s; kept for %s: %s"
              .formatted(
                  what,
                  open == 1 ? "1 channel" : open + " channels",
                  Figures.coins(perChannel.times(open))));
    }
    return open == 0
        ? Finding.warn(
            "%s, less than the %s that closing one channel may cost"
                .formatted(what, Figures.coins(wanted)),
            "pay coins of the chain to it before the first driver comes")
        : Finding.fail(
            "%s, and should keep %s to close %s at the highest fees"
                .formatted(
                    what, Figures.coins(wanted), open == 1 ? "1 channel" : open + " channels"),
            "pay coins of the chain to it: without gas a stale close can't be answered");
  }
}
