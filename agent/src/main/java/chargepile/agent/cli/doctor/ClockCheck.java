package chargepile.agent.cli.doctor;

import chargepile.agent.chain.ChainException;
import chargepile.agent.chain.bitcoind.NodeProbe;
import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.Figures;
import chargepile.agent.config.ChainSettings;
import chargepile.agent.config.Config;
import chargepile.agent.config.LedgerSettings;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The wall clock against everything that knows the time; a Raspberry Pi has none of its own. */
final class ClockCheck implements Check {
  /** Receipts bear the time to the second; TLS and node allow more. */
  static final Duration TOLERATED = Duration.ofSeconds(10);

  /** From here on certificates and tips are misjudged. */
  static final Duration WRONG = Duration.ofMinutes(2);

  /** On regtest many blocks made at once are a little ahead of the time. */
  static final Duration AHEAD_OF_TIME = Duration.ofMinutes(10);

  private final Subject subject;

  ClockCheck(Subject subject) {
    this.subject = subject;
  }

  /**
   * What is known; each empty where it could not be asked.
   *
   * @param set whether a time server sets the clock
   * @param medianTime of the chain: a clock behind it is slow (BIP 113)
   * @param ahead how far another machine's clock is ahead
   * @param certificateFrom when the broker's certificate began
   */
  record Seen(
      Instant now,
      Optional<Boolean> set,
      Optional<Instant> medianTime,
      Optional<Duration> ahead,
      Optional<Instant> certificateFrom) {}

  @Override
  public String name() {
    return "clock";
  }

  @Override
  public Duration limit() {
    return Duration.ofSeconds(40);
  }

  @Override
  public List<Finding> look() throws InterruptedException {
    Config config = subject.config();
    Optional<Instant> medianTime = medianTime();
    Optional<Duration> ahead =
        RemoteClock.ahead(server(config.ledger()), subject.machine().clock());
    Optional<Instant> from = certificateFrom();
    return List.of(
        judge(
            new Seen(
                subject.machine().clock().instant(),
                KernelClock.isSet(subject.machine()),
                medianTime,
                ahead,
                from)));
  }

  /** The farthest of the servers that tell their time. */
  private static URI server(LedgerSettings ledger) {
    return switch (ledger) {
      case LedgerSettings.Bitcoin bitcoin -> server(bitcoin.chain());
      case LedgerSettings.Evm evm -> evm.evm().second().orElse(evm.evm().node()).rpc();
    };
  }

  private static URI server(ChainSettings chain) {
    return chain
        .esplora()
        .filter(url -> chain.backend() == ChainSettings.Backend.ESPLORA)
        .or(() -> chain.second().map(ChainSettings.SecondNode::rpc))
        .orElse(chain.rpc());
  }

  private Optional<Instant> medianTime() {
    return switch (subject.config().ledger()) {
      case LedgerSettings.Bitcoin bitcoin -> medianTime(bitcoin.chain());
      case LedgerSettings.Evm evm -> EvmNodeCheck.headTime(evm.evm());
    };
  }

  private Optional<Instant> medianTime(ChainSettings chain) {
    if (chain.backend() != ChainSettings.Backend.BITCOIND) {
      return Optional.empty();
    }
    try (NodeProbe probe = new NodeProbe(NodeCheck.node(subject).endpoint())) {
      return Optional.of(probe.standing().medianTime());
    } catch (ChainException | CommandFailedException e) {
      return Optional.empty(); // told by the node's own check
    }
  }

  private Optional<Instant> certificateFrom() {
    if (!subject.config().mqtt().tls()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          BrokersCertificate.shownBy(subject.config().mqtt().broker())
              .getFirst()
              .getNotBefore()
              .toInstant());
    } catch (IOException e) {
      return Optional.empty(); // told by the broker's own check
    }
  }

  static Finding judge(Seen seen) {
    String says = "this machine says " + seen.now();
    String remedy = "set it: timedatectl set-ntp true, and see timedatectl timesync-status";
    List<String> agreeing = new ArrayList<>();
    if (seen.medianTime().isPresent()) {
      Instant median = seen.medianTime().get();
      if (seen.now().isBefore(median.minus(AHEAD_OF_TIME))) {
        return Finding.fail("%s, and the chain is at %s already".formatted(says, median), remedy);
      }
      agreeing.add("the chain");
    }
    if (seen.certificateFrom().isPresent()) {
      if (seen.now().isBefore(seen.certificateFrom().get())) {
        return Finding.fail(
            "%s, and the broker's certificate was made for %s and later"
                .formatted(says, seen.certificateFrom().get()),
            remedy);
      }
      agreeing.add("the broker's certificate");
    }
    if (seen.ahead().isPresent()) {
      Duration off = seen.ahead().get();
      String what =
          "%s, and the chain's server is %s %s"
              .formatted(says, Figures.duration(off.abs()), off.isNegative() ? "behind" : "ahead");
      if (off.abs().compareTo(WRONG) > 0) {
        return Finding.fail(what, remedy + "; if it is right, the server's is wrong");
      }
      if (off.abs().compareTo(TOLERATED) > 0) {
        return Finding.warn(what, remedy);
      }
      agreeing.add("the chain's server");
    }
    return set(seen, agreeing, remedy);
  }

  private static Finding set(Seen seen, List<String> agreeing, String remedy) {
    String agreed =
        agreeing.isEmpty()
            ? "nothing to compare it with"
            : "agrees with " + String.join(", ", agreeing);
    if (seen.set().isEmpty()) {
      return Finding.skipped(agreed + "; whether a time server sets it can't be told");
    }
    return seen.set().get()
        ? Finding.ok("set by a time server; " + agreed)
        : Finding.warn(
            "no time server sets it; " + agreed,
            remedy + ". Receipts say \"U\" for the time until then");
  }
}
