package chargepile.agent.cli.doctor;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/**
 * What counts of a certificate here.
 *
 * @param whose for messages: {@code the pile's certificate FILE}
 * @param hosts the names and addresses that it is for (RFC 5280 §4.2.1.6)
 */
record ShownCertificate(String whose, Instant from, Instant until, List<String> hosts) {
  private static final int DNS_NAME = 2;
  private static final int IP_ADDRESS = 7;

  ShownCertificate {
    hosts = List.copyOf(hosts);
  }

  static ShownCertificate of(String whose, X509Certificate certificate) {
    return new ShownCertificate(
        whose,
        certificate.getNotBefore().toInstant(),
        certificate.getNotAfter().toInstant(),
        hosts(certificate));
  }

  /** Whether it is for {@code host}; a star stands for one whole label at the left (RFC 9525). */
  boolean isFor(String host) {
    String wanted = host.toLowerCase(Locale.ROOT);
    int dot = wanted.indexOf('.');
    String starred = dot < 0 ? wanted : "*" + wanted.substring(dot);
    return hosts.stream()
        .map(name -> name.toLowerCase(Locale.ROOT))
        .anyMatch(name -> name.equals(wanted) || name.equals(starred));
  }

  private static List<String> hosts(X509Certificate certificate) {
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      return names == null
          ? List.of()
          : names.stream()
              .filter(name -> name.get(0) instanceof Integer kind && isHost(kind))
              .map(name -> String.valueOf(name.get(1)))
              .toList();
    } catch (CertificateParsingException e) {
      return List.of();
    }
  }

  private static boolean isHost(int kind) {
    return kind == DNS_NAME || kind == IP_ADDRESS;
  }
}
