package chargepile.agent.cli.certs;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.CommonOptions;
import chargepile.agent.config.LogLevel;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.tinylog.Logger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code chargepile certs init}. */
@Command(
    name = "init",
    sortOptions = false,
    description = {
      "Make a private authority and the broker's certificate, and say where the files go.",
      "Nothing that is there is overwritten."
    })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class InitCommand implements Callable<Integer> {
  static final String BROKER = "broker";

  /** By which a broker's own machine calls it. */
  private static final List<String> THIS_MACHINE = List.of("localhost", "127.0.0.1", "::1");

  @Spec private CommandSpec spec;
  @Mixin private CommonOptions common;

  @Parameters(
      paramLabel = "DIR",
      description =
          "The folder of the authority; made when it is not there. Keep it off the broker and the"
              + " piles: who has it can let anybody in.")
  private Path folder;

  @Option(
      names = "--broker-host",
      paramLabel = "NAME",
      split = ",",
      description =
          "By what names and addresses clients call the broker (default: this machine's name);"
              + " localhost is always one of them.")
  private List<String> hosts = new ArrayList<>();

  @Mixin private Days days;

  @Override
  public Integer call() throws CommandFailedException {
    common.applyTo(LogLevel.WARN);
    var server = new CertificateText.Purpose.Server(hostNames(hosts));
    CertificateFiles authorityFiles = CertificateFiles.of(folder, Authority.NAME);
    authorityFiles.requireNew();
    CertificateFiles.of(folder, BROKER).requireNew();
    makeFolder();
    Authority.Validity validity = days.from(Instant.now());
    Authority authority = Authority.create(folder, validity, new SecureRandom());
    String first = server.hosts().getFirst().text();
    CertificateFiles broker = authority.issue(BROKER, first, server, validity);

    PrintWriter out = spec.commandLine().getOut();
    out.printf("An authority and a broker's certificate, valid until %s:%n", authority.until());
    out.printf(
        "  %s  whom to trust; every client and the broker need it%n", authorityFiles.certificate());
    out.printf("  %s  signs certificates; keep it secret, it goes nowhere%n", authorityFiles.key());
    printBroker(out, authorityFiles, broker, server);
    out.printf(
        "%nThen a certificate for each client:%n  chargepile certs add %s --pile pile-1%n", folder);
    out.flush();
    return 0;
  }

  /** Where a broker's files go. */
  static void printBroker(
      PrintWriter out,
      CertificateFiles authority,
      CertificateFiles broker,
      CertificateText.Purpose.Server server) {
    out.printf(
        "  %s, %s  the broker's, as %s%n",
        broker.certificate(),
        broker.key(),
        server.hosts().stream().map(HostName::text).collect(Collectors.joining(", ")));
    out.printf(
        """

        On the broker's machine, as root (mosquitto 2.0 or later):
          mkdir -p /etc/mosquitto/chargepile
          install -m 644 %s /etc/mosquitto/chargepile/ca.pem
          install -m 644 %s /etc/mosquitto/chargepile/broker.pem
          install -m 600 -o mosquitto %s /etc/mosquitto/chargepile/broker.key
          install -m 600 -o mosquitto config/mosquitto/chargepile.acl /etc/mosquitto/chargepile/
          install -m 644 config/mosquitto/chargepile.conf /etc/mosquitto/conf.d/
          systemctl restart mosquitto
        """,
        authority.certificate(), broker.certificate(), broker.key());
  }

  /** What the broker's certificate is to say: what was asked for, and the broker's own machine. */
  static List<HostName> hostNames(List<String> given) throws CommandFailedException {
    SequencedSet<HostName> names = new LinkedHashSet<>();
    for (String host : given) {
      names.add(HostName.parse(host));
    }
    if (given.isEmpty()) {
      try {
        names.add(HostName.parse(InetAddress.getLocalHost().getHostName()));
      } catch (UnknownHostException e) {
        Logger.warn("this machine's name is not known ({}): give --broker-host", e.getMessage());
      }
    }
    for (String host : THIS_MACHINE) {
      names.add(HostName.parse(host));
    }
    return List.copyOf(names);
  }

  private void makeFolder() throws CommandFailedException {
    if (Files.isDirectory(folder)) {
      return;
    }
    try {
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (IOException e) {
      throw new CommandFailedException("the folder %s can't be made: %s".formatted(folder, e), e);
    }
  }
}
