package chargepile.agent.cli.run;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.Main;
import chargepile.agent.cli.node.Closings;
import chargepile.agent.cli.node.PileAddress;
import chargepile.agent.cli.node.SecretFile;
import chargepile.agent.config.Config;
import chargepile.agent.config.LedgerSettings;
import chargepile.agent.config.WebSettings;
import chargepile.agent.energy.PileFault;
import chargepile.agent.mqtt.Bus;
import chargepile.agent.runtime.PileNode;
import chargepile.agent.runtime.Silence;
import chargepile.agent.runtime.Time;
import chargepile.agent.units.Denomination;
import chargepile.agent.web.Lookout;
import chargepile.agent.web.Nameplate;
import chargepile.agent.web.Snapshot;
import chargepile.agent.web.WebServer;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.tinylog.Logger;

/** The daemon's page, if it is wanted. A pile whose page can't be had sells all the same. */
final class StatusPage {
  private StatusPage() {}

  /**
   * What it looks at; nothing of it is ever waited for.
   *
   * @param ledger the one that the pile asks
   */
  record Subject(PileNode pile, PileAddress address, Bus bus, PileLedger ledger, Time time) {}

  /** Begins to show it; the result ends that. Why it can't be had is said in the log. */
  static AutoCloseable open(Config config, Subject subject) {
    WebSettings web = config.web();
    if (!web.enabled()) {
      return () -> {};
    }
    WebServer.Settings settings;
    try {
      settings = settings(config);
    } catch (CommandFailedException e) {
      Logger.warn("no page: {}; mend [web] and restart the agent", e.getMessage());
      return () -> {};
    }
    AtomicBoolean connected = new AtomicBoolean();
    subject.bus().onConnection(connected::set);
    Silence silence = new Silence(subject.time(), subject.pile()::inTurn);
    Closings closings = new Closings();
    Lookout lookout =
        closings.add(
            new Lookout(
                nameplate(config, subject.address(), subject.ledger().money()),
                () -> snapshot(subject, silence.ask(), connected.get())));
    try {
      WebServer server =
          closings.add(new WebServer(settings, subject.address().toString(), lookout));
      Logger.info(
          "page at {}{}",
          server.url(),
          settings.token().isPresent() ? "#token=... (web.token_file)" : "");
    } catch (IOException e) {
      closings.close();
      Logger.warn(
          "no page: {} port {} can't be had: {}; set web.port or web.bind, or web.enabled = false",
          web.bind().getHostAddress(),
          web.port(),
          e.getMessage());
    }
    return closings;
  }

  private static WebServer.Settings settings(Config config) throws CommandFailedException {
    WebSettings web = config.web();
    Optional<String> token = Optional.empty();
    if (web.tokenFile().isPresent()) {
      token = Optional.of(SecretFile.read(web.tokenFile().get()));
    }
    try {
      return new WebServer.Settings(
          web.bind(), web.port(), web.host(), token, config.pile().dataDirectory());
    } catch (IllegalArgumentException e) {
      throw new CommandFailedException("web: " + e.getMessage(), e);
    }
  }

  private static Snapshot snapshot(Subject subject, Duration silence, boolean connected) {
    return PileSnapshot.of(
        subject.pile().state(),
        new PileSnapshot.Surroundings(
            subject.time().wall(),
            subject.time().nanos(),
            silence,
            subject.ledger().watch(subject.pile().state()),
            connected,
            subject.pile().failure()));
  }

  static Nameplate nameplate(Config config, PileAddress address, Denomination money) {
    return new Nameplate(
        config.pile().id(),
        Main.VERSION,
        address.toString(),
        network(config.ledger()),
        config.pile().ratedPowerWatts(),
        new Nameplate.Price(
            config.tariff().importPricePerKwh(),
            config.tariff().exportPricePerKwh(),
            config.tariff().pricePerMinute()),
        config.exposure().increment(),
        config.exposure().credit(),
        outage(config.ledger()),
        money,
        Arrays.stream(PileFault.values()).map(Enum::name).toList(),
        PileSnapshot.PHASES);
  }

  private static String network(LedgerSettings ledger) {
    return switch (ledger) {
      case LedgerSettings.Bitcoin bitcoin ->
          bitcoin.chain().network().name().toLowerCase(Locale.ROOT);
      case LedgerSettings.Evm evm -> "chain " + evm.evm().chainId();
    };
  }

  /** Of channels that drivers open the pile knows the least that it accepts. */
  private static Nameplate.Outage outage(LedgerSettings ledger) {
    return switch (ledger) {
      case LedgerSettings.Bitcoin bitcoin ->
          new Nameplate.Outage.Blocks(bitcoin.channel().toSelfDelay());
      case LedgerSettings.Evm evm -> new Nameplate.Outage.Time(evm.evm().challengePeriod().least());
    };
  }
}
