package chargepile.agent.mqtt;

import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Why TLS with a broker failed, and what to do. The broker's reasons come as alerts (RFC 8446 §6),
 * this side's as exceptions about its certificate.
 */
final class TlsProblem {
  private TlsProblem() {}

  static String of(SSLException problem) {
    String said = String.valueOf(problem.getMessage()).replaceFirst("^\\([a-z_]+\\) ", "");
    String reason =
        said.toLowerCase(Locale.ROOT).contains("fatal alert") ? alert(said) : own(problem, said);
    return "TLS failed: %s (%s)".formatted(reason, said);
  }

  /** What the broker has against this side. */
  private static String alert(String said) {
    if (said.contains("certificate_required")) {
      return "it wants a client certificate that its own authority made, and got none; chargepile"
          + " certs add makes one";
    }
    if (said.contains("certificate_expired")) {
      return "this side's certificate has expired, or the broker's clock is wrong; chargepile certs"
          + " add makes a new one";
    }
    if (said.contains("unknown_ca")
        || said.contains("bad_certificate")
        || said.contains("certificate_unknown")
        || said.contains("decrypt_error")) {
      return "it does not accept this side's certificate: another authority made it than the one"
          + " that the broker trusts, or it is not valid yet";
    }
    if (said.contains("unsupported_certificate")) {
      return "this side's certificate is not one for clients";
    }
    if (said.contains("protocol_version")) {
      return "it does not speak TLS 1.3";
    }
    return "it ended the handshake";
  }

  /** What this side has against the broker. */
  private static String own(SSLException problem, String said) {
    for (Throwable each = problem; each != null; each = next(each)) {
      switch (each) {
        case CertificateExpiredException _ -> {
          return "its certificate has expired, or this machine's clock is wrong";
        }
        case CertificateNotYetValidException _ -> {
          return "its certificate is not valid yet: is this machine's clock right?";
        }
        default -> {
          // what is behind it says more
        }
      }
    }
    if (said.contains("PKIX")) {
      return "no authority that this side trusts made its certificate; check the CA file";
    }
    if (problem.getCause() instanceof CertificateException) {
      return "its certificate is for other names than the one it was called by";
    }
    return "no connection";
  }

  private static @Nullable Throwable next(Throwable problem) {
    return problem.getCause() == problem ? null : problem.getCause();
  }
}
