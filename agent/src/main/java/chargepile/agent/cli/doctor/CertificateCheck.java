package chargepile.agent.cli.doctor;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.node.Pem;
import chargepile.agent.cli.node.TlsFiles;
import chargepile.agent.config.MqttSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The TLS files of the pile, and the certificate that the broker shows. */
final class CertificateCheck implements Check {
  /** Time to make a new one and to carry it to the pile. */
  static final Duration NOTICE = Duration.ofDays(30);

  private static final Set<PosixFilePermission> OTHERS_READ =
      Set.of(PosixFilePermission.GROUP_READ, PosixFilePermission.OTHERS_READ);

  private final Subject subject;

  CertificateCheck(Subject subject) {
    this.subject = subject;
  }

  @Override
  public String name() {
    return "certificates";
  }

  @Override
  public List<Finding> look() throws IOException {
    MqttSettings mqtt = subject.config().mqtt();
    String host = BrokersCertificate.bare(mqtt.broker().getHost());
    if (!mqtt.tls()) {
      return List.of(unencrypted(mqtt.broker().toString(), isHere(host)));
    }
    List<Finding> findings = new ArrayList<>();
    List<X509Certificate> authorities = List.of();
    Instant now = subject.machine().clock().instant();
    try {
      if (mqtt.caFile().isPresent()) {
        authorities = Pem.certificates(mqtt.caFile().get());
        dates("the authority", mqtt.caFile().get(), authorities, now, findings);
      }
      own(mqtt, authorities, now, findings);
    } catch (CommandFailedException e) {
      findings.add(
          Finding.fail(
              String.valueOf(e.getMessage()),
              "see [mqtt] in %s; chargepile certs init and certs add make such files"
                  .formatted(subject.file())));
    }
    brokers(mqtt, host, authorities, now, findings);
    return findings;
  }

  private void own(
      MqttSettings mqtt, List<X509Certificate> authorities, Instant now, List<Finding> findings)
      throws CommandFailedException, IOException {
    if (mqtt.certificateFile().isEmpty() || mqtt.keyFile().isEmpty()) {
      findings.add(
          Finding.ok(
              "the pile has no certificate of its own: enough where the broker asks for none"));
      return;
    }
    Path file = mqtt.certificateFile().get();
    Path key = mqtt.keyFile().get();
    List<X509Certificate> chain = Pem.certificates(file);
    var unused = new TlsFiles(mqtt.caFile(), Optional.of(file), Optional.of(key)).context();
    dates("the pile's certificate", file, chain.subList(0, 1), now, findings);
    user(Pem.commonName(chain.getFirst()), file).ifPresent(findings::add);
    if (!authorities.isEmpty() && !isSignedByOneOf(chain.getLast(), authorities)) {
      findings.add(
          Finding.warn(
              "%s was not made by the authority in %s".formatted(file, mqtt.caFile().orElseThrow()),
              "right only where the broker trusts another authority than it has its own"
                  + " certificate from"));
    }
    if (Files.getPosixFilePermissions(key).stream().anyMatch(OTHERS_READ::contains)
        && !key.startsWith("/run/credentials")) {
      findings.add(
          Finding.warn(
              "%s may be read by others than its owner".formatted(key), "chmod 600 " + key));
    }
  }

  /** The ACL goes by the name in the certificate. */
  private Optional<Finding> user(Optional<String> name, Path file) {
    String pile = subject.config().pile().id();
    return name.filter(pile::equals).isPresent()
        ? Optional.empty()
        : Optional.of(
            Finding.warn(
                "%s is made out to %s, and the pile is %s"
                    .formatted(file, name.orElse("nobody"), pile),
                "the shipped ACL gives a pile the topics of the name in its certificate: chargepile"
                    + " certs add DIR --pile "
                    + pile));
  }

  private static void brokers(
      MqttSettings mqtt,
      String host,
      List<X509Certificate> authorities,
      Instant now,
      List<Finding> findings) {
    try {
      List<X509Certificate> chain = BrokersCertificate.shownBy(mqtt.broker());
      ShownCertificate own =
          ShownCertificate.of("the certificate of " + mqtt.broker(), chain.getFirst());
      findings.add(date(own, now));
      name(own, host).ifPresent(findings::add);
      if (!authorities.isEmpty() && !isSignedByOneOf(chain.getLast(), authorities)) {
        findings.add(
            Finding.fail(
                "%s was not made by the authority in %s"
                    .formatted(own.whose(), mqtt.caFile().orElseThrow()),
                "put the ca.pem there that belongs to the broker's certificate; if that is in"
                    + " place, another program answers at this address"));
      }
    } catch (IOException e) {
      findings.add(Finding.skipped("the broker's is not seen: " + e.getMessage()));
    }
  }

  static Finding unencrypted(String broker, boolean here) {
    return here
        ? Finding.skipped(broker + " is on this machine and without TLS")
        : Finding.warn(
            "%s is not encrypted: who is on the way can see and stop the pile".formatted(broker),
            "chargepile certs init and certs add make TLS in two commands");
  }

  private static void dates(
      String whose,
      Path file,
      List<X509Certificate> certificates,
      Instant now,
      List<Finding> findings) {
    certificates.forEach(
        each -> findings.add(date(ShownCertificate.of("%s %s".formatted(whose, file), each), now)));
  }

  static Finding date(ShownCertificate shown, Instant now) {
    if (!now.isBefore(shown.until())) {
      return Finding.fail(
          "%s expired at %s".formatted(shown.whose(), shown.until()),
          "put a new one in its place (chargepile certs add), or set this machine's clock");
    }
    if (now.isBefore(shown.from())) {
      return Finding.fail(
          "%s holds from %s on, later than now".formatted(shown.whose(), shown.from()),
          "set this machine's clock, which says " + now);
    }
    Duration left = Duration.between(now, shown.until());
    if (left.compareTo(NOTICE) < 0) {
      return Finding.warn(
          "%s expires in %d days, at %s".formatted(shown.whose(), left.toDays(), shown.until()),
          "put a new one in its place before that: chargepile certs add, or certs init when it is"
              + " the authority's");
    }
    return Finding.ok("%s holds until %s".formatted(shown.whose(), shown.until()));
  }

  static Optional<Finding> name(ShownCertificate shown, String host) {
    return shown.isFor(host)
        ? Optional.empty()
        : Optional.of(
            Finding.fail(
                "%s is for %s, and it is called %s"
                    .formatted(
                        shown.whose(),
                        shown.hosts().isEmpty() ? "no host" : String.join(", ", shown.hosts()),
                        host),
                "call it in mqtt.broker_url by a name that it is for, or make another for this"
                    + " name: chargepile certs add DIR --broker-host "
                    + host));
  }

  private static boolean isSignedByOneOf(
      X509Certificate certificate, List<X509Certificate> authorities) {
    return authorities.stream()
        .anyMatch(each -> each.equals(certificate) || signs(each, certificate));
  }

  private static boolean signs(X509Certificate authority, X509Certificate certificate) {
    if (!authority.getSubjectX500Principal().equals(certificate.getIssuerX500Principal())) {
      return false;
    }
    try {
      certificate.verify(authority.getPublicKey());
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static boolean isHere(String host) throws IOException {
    return InetAddress.getByName(host).isLoopbackAddress();
  }
}
