package chargepile.agent.cli.certs;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.CommonOptions;
import chargepile.agent.cli.node.Pem;
import chargepile.agent.config.LogLevel;
import chargepile.agent.mqtt.Topics;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code chargepile certs add}. */
@Command(
    name = "add",
    sortOptions = false,
    description = {
      "Make a certificate with the authority that certs init made, and say where the files go.",
      "Its name is the user that the broker's ACL speaks of. Nothing that is there is overwritten."
    })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class AddCommand implements Callable<Integer> {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,48}");

  @Spec private CommandSpec spec;
  @Mixin private CommonOptions common;

  @Parameters(paramLabel = "DIR", description = "The authority's folder.")
  private Path folder;

  @ArgGroup(multiplicity = "1")
  private Whose whose;

  @Mixin private Days days;

  /** One of them. */
  @SuppressWarnings("NullAway.Init") // picocli fills the fields
  static final class Whose {
    @Option(
        names = "--pile",
        paramLabel = "ID",
        description = "A pile's, for the id in its chargepile.toml; may use its own topics.")
    private @Nullable String pile;

    @Option(
        names = "--driver",
        paramLabel = "NAME",
        description = "A driver's, user driver.NAME; may charge and see what piles say to all.")
    private @Nullable String driver;

    @Option(
        names = "--client",
        paramLabel = "NAME",
        description =
            "Another program's, user client.NAME; may see what piles say to all, and what the ACL"
                + " gives it.")
    private @Nullable String client;

    @Option(
        names = "--kgc",
        paramLabel = "NAME",
        description = "A key generation centre's, by its name (kgc init --name); for kgc serve.")
    private @Nullable String kgc;

    @Option(
        names = "--broker-host",
        paramLabel = "NAME",
        split = ",",
        description =
            "Another one for the broker, with these names, when the first was moved away.")
    private @Nullable List<String> brokerHosts;
  }

  @Override
  public Integer call() throws CommandFailedException {
    common.applyTo(LogLevel.WARN);
    Instant now = Instant.now();
    Authority.Validity validity = days.from(now);
    PrintWriter out = spec.commandLine().getOut();
    if (whose.pile != null) {
      String user = pile(whose.pile);
      printPile(out, user, issue(user, now, validity));
    } else if (whose.driver != null) {
      String user = "driver." + name("--driver", whose.driver);
      printDriver(out, user, issue(user, now, validity));
    } else if (whose.client != null) {
      String user = "client." + name("--client", whose.client);
      printClient(out, user, issue(user, now, validity));
    } else if (whose.kgc != null) {
      String user = kgc(whose.kgc);
      printKgc(out, user, issue(user, now, validity));
    } else if (whose.brokerHosts != null) {
      var server = new CertificateText.Purpose.Server(InitCommand.hostNames(whose.brokerHosts));
      CertificateFiles files =
          Authority.open(folder, now, new SecureRandom())
              .issue(InitCommand.BROKER, server.hosts().getFirst().text(), server, validity);
      InitCommand.printBroker(out, authority(), files, server);
    }
    out.flush();
    return 0;
  }

  private CertificateFiles issue(String user, Instant now, Authority.Validity validity)
      throws CommandFailedException {
    return Authority.open(folder, now, new SecureRandom())
        .issue(user, user, new CertificateText.Purpose.Client(), validity);
  }

  private static String pile(String id) throws CommandFailedException {
    try {
      return Topics.of(id).pileId();
    } catch (IllegalArgumentException e) {
      throw new CommandFailedException("--pile: " + e.getMessage(), e);
    }
  }

  private static String kgc(String name) throws CommandFailedException {
    try {
      return Topics.ofKgc(name).pileId();
    } catch (IllegalArgumentException e) {
      throw new CommandFailedException("--kgc: " + e.getMessage(), e);
    }
  }

  private static String name(String option, String name) throws CommandFailedException {
    if (!NAME.matcher(name).matches()) {
      throw new CommandFailedException(
          "%s \"%s\": use 1 to 48 of A-Z, a-z, 0-9, _ and -".formatted(option, name));
    }
    return name;
  }

  private void printPile(PrintWriter out, String user, CertificateFiles files)
      throws CommandFailedException {
    printMade(out, user, files);
    out.printf(
        """

        On the pile, as root (chargepile is the daemon's user):
          mkdir -p /etc/chargepile/tls
          install -m 644 %s %s /etc/chargepile/tls/
          install -m 600 -o chargepile %s /etc/chargepile/tls/

        In its chargepile.toml, with pile.id = "%s":
          [mqtt]
          broker_url = "%s"
          ca_file = "/etc/chargepile/tls/ca.pem"
          certificate_file = "/etc/chargepile/tls/%s"
          key_file = "/etc/chargepile/tls/%s"

        Add to the end of the broker's chargepile.acl, and restart the broker:
          user %s
          topic readwrite chargepile/%s/#
          topic write homeassistant/device/%s/config
        """,
        authority().certificate(),
        files.certificate(),
        files.key(),
        user,
        brokerUrl(),
        files.certificate().getFileName(),
        files.key().getFileName(),
        user,
        user,
        user);
  }

  private void printDriver(PrintWriter out, String user, CertificateFiles files)
      throws CommandFailedException {
    printMade(out, user, files);
    out.printf(
        """

        With %s they go to the driver, who adds to chargepile driver charge and close:
          --broker %s --broker-ca %s --broker-certificate %s --broker-key %s
        """,
        authority().certificate(),
        brokerUrl(),
        authority().certificate().getFileName(),
        files.certificate().getFileName(),
        files.key().getFileName());
  }

  private void printClient(PrintWriter out, String user, CertificateFiles files)
      throws CommandFailedException {
    printMade(out, user, files);
    out.printf(
        """

        With %s they go to the program, which connects to %s. To try them:
          mosquitto_sub -h %s -p 8883 --cafile %s --cert %s --key %s -t 'chargepile/+/status'

        For more than what piles say to all, add to the end of the broker's chargepile.acl, and restart the broker:
          user %s
          topic write chargepile/PILE/cmd/+
          topic read chargepile/PILE/session
          topic read chargepile/PILE/channel/+
        Answers to its commands may go to chargepile/PILE/answer/%s/ and what is below.
        """,
        authority().certificate(),
        brokerUrl(),
        brokerHost().text(),
        authority().certificate(),
        files.certificate(),
        files.key(),
        user,
        user);
  }

  private void printKgc(PrintWriter out, String user, CertificateFiles files)
      throws CommandFailedException {
    printMade(out, user, files);
    out.printf(
        """

        With %s they go to the KGC's machine, whose operator adds to chargepile kgc serve:
          --broker %s --broker-ca %s --broker-certificate %s --broker-key %s

        Add to the end of the broker's chargepile.acl, and restart the broker:
          user %s
          topic read chargepile/%s/peer/+/+/to-kgc
          topic write chargepile/%s/peer/+/+/to-device
        """,
        authority().certificate(),
        brokerUrl(),
        authority().certificate().getFileName(),
        files.certificate().getFileName(),
        files.key().getFileName(),
        user,
        user,
        user);
  }

  private static void printMade(PrintWriter out, String user, CertificateFiles files)
      throws CommandFailedException {
    out.printf(
        "%s and %s: the broker's user %s, valid until %s.%n",
        files.certificate(),
        files.key(),
        user,
        Pem.certificates(files.certificate()).getFirst().getNotAfter().toInstant());
  }

  private CertificateFiles authority() {
    return CertificateFiles.of(folder, Authority.NAME);
  }

  private String brokerUrl() throws CommandFailedException {
    return "ssl://%s:8883".formatted(brokerHost().inUrl());
  }

  /** The first name of the broker's certificate, when it is here. */
  private HostName brokerHost() throws CommandFailedException {
    Path broker = CertificateFiles.of(folder, InitCommand.BROKER).certificate();
    if (Files.notExists(broker)) {
      return new HostName(InitCommand.BROKER);
    }
    return new HostName(
        Pem.commonName(Pem.certificates(broker).getFirst()).orElse(InitCommand.BROKER));
  }
}
