package chargepile.agent.cli.doctor;

import chargepile.agent.chain.ChainException;
import chargepile.agent.chain.FeeReserve;
import chargepile.agent.chain.bitcoind.BitcoindWallet;
import chargepile.agent.chain.bitcoind.ReservedCoins;
import chargepile.agent.chain.esplora.EsploraWallet;
import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.Figures;
import chargepile.agent.cli.node.BitcoinNode.Access;
import chargepile.agent.cli.node.SeedFile;
import chargepile.agent.cli.run.PileTerms;
import chargepile.agent.config.ChainSettings;
import chargepile.agent.crypto.Signer;
import chargepile.agent.units.Satoshi;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;

/** Whether the wallet could pay for closing the channels on a day of high fees. */
final class ReserveCheck implements Check {
  private final Subject subject;

  ReserveCheck(Subject subject) {
    this.subject = subject;
  }

  @Override
  public String name() {
    return "fee reserve";
  }

  @Override
  public List<Finding> look() throws CommandFailedException, IOException {
    Optional<Satoshi> balance;
    try {
      balance = balance();
    } catch (ChainException e) {
      return List.of(Finding.skipped("the wallet can't be asked what it holds"));
    }
    return List.of(
        balance
            .map(
                held ->
                    judge(
                        new PileTerms(subject.config()).reserve(), held, Stored.channels(subject)))
            .orElseGet(() -> Finding.skipped("there is no seed yet, and so no wallet")));
  }

  private Optional<Satoshi> balance() throws CommandFailedException, IOException {
    if (subject.config().bitcoin().chain().backend() == ChainSettings.Backend.BITCOIND) {
      Access.Node node = NodeCheck.node(subject);
      try (BitcoindWallet wallet =
          new BitcoindWallet(node.endpoint(), node.wallet(), ReservedCoins.UNKEPT)) {
        return Optional.of(wallet.balance());
      }
    }
    if (!Files.exists(subject.seed())) {
      return Optional.empty();
    }
    Access.Esplora esplora = EsploraCheck.esplora(subject);
    var seed = SeedFile.existing(subject.seed(), subject.config().pile().passphraseFile());
    try (EsploraWallet wallet =
        new EsploraWallet(esplora.server(), esplora.network(), seed, Signer.best())) {
      return Optional.of(wallet.balance());
    }
  }

  /**
   * @param channels that are not finished; empty when the store can't be read
   */
  static Finding judge(FeeReserve reserve, Satoshi balance, Optional<Integer> channels) {
    if (channels.isEmpty()) {
      return Finding.skipped(
          "the wallet holds %s, and the store does not say for how many channels"
              .formatted(Figures.sat(balance)));
    }
    int open = channels.get();
    Satoshi missing = reserve.missing(balance, Math.max(1, open));
    if (missing.equals(Satoshi.ZERO)) {
      return Finding.ok(
          "the wallet holds %s; kept for %s: %s"
              .formatted(
                  Figures.sat(balance),
                  open == 1 ? "1 channel" : open + " channels",
                  Figures.sat(reserve.of(open))));
    }
    return open == 0
        ? Finding.warn(
            "the wallet holds %s, less than the %s that closing one channel may cost"
                .formatted(Figures.sat(balance), Figures.sat(reserve.of(1))),
            "pay %s to it before the first driver comes".formatted(Figures.sat(missing)))
        : Finding.fail(
            "the wallet holds %s, and should keep %s to close %s on a day of high fees"
                .formatted(
                    Figures.sat(balance),
                    Figures.sat(reserve.of(open)),
                    open == 1 ? "1 channel" : open + " channels"),
            "pay %s to it: with too low a fee a cheat may get away"
                .formatted(Figures.sat(missing)));
  }
}
