package chargepile.agent.cli.doctor;

import chargepile.agent.cli.ConfigReport;
import chargepile.agent.config.ChainSettings.Network;
import chargepile.agent.config.ChannelNumbers;
import chargepile.agent.config.EvmSettings;
import chargepile.agent.config.LedgerSettings;
import java.time.Duration;
import java.util.List;

/** How long the pile may be without power or chain before a cheat goes unpunished. */
final class OutageCheck implements Check {
  /** About a day. */
  static final int COMFORTABLE_BLOCKS = 144;

  /** A night. */
  static final Duration COMFORTABLE = Duration.ofHours(12);

  private final Subject subject;

  OutageCheck(Subject subject) {
    this.subject = subject;
  }

  @Override
  public String name() {
    return "outage";
  }

  @Override
  public List<Finding> look() {
    return List.of(
        switch (subject.config().ledger()) {
          case LedgerSettings.Bitcoin bitcoin ->
              judge(bitcoin.channel(), bitcoin.chain().network());
          case LedgerSettings.Evm evm -> judge(evm.evm());
        });
  }

  static Finding judge(EvmSettings evm) {
    Duration least = evm.challengePeriod().least();
    String what = ConfigReport.survivedOutage(evm);
    return !evm.isPlayMoney() && least.compareTo(COMFORTABLE) < 0
        ? Finding.warn(
            what,
            "set evm.minimum_challenge_period_s to %d or more: a power cut over night should do no"
                    .formatted(COMFORTABLE.toSeconds())
                + " harm; it counts for channels opened from then on")
        : Finding.ok(what);
  }

  static Finding judge(ChannelNumbers channel, Network network) {
    String what = ConfigReport.survivedOutage(channel);
    return network != Network.REGTEST && channel.toSelfDelay() < COMFORTABLE_BLOCKS
        ? Finding.warn(
            what,
            "set channel.to_self_delay_blocks to %d or more: a power cut over night should do no"
                    .formatted(COMFORTABLE_BLOCKS)
                + " harm; it counts for channels opened from then on")
        : Finding.ok(what);
  }
}
