package chargepile.agent.cli.node;

import chargepile.agent.cli.CommandFailedException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.tinylog.Logger;

/**
 * The PEM files of a TLS connection.
 *
 * @param authority whom to trust; empty for those that Java trusts
 * @param certificate the own one, with its key or not at all
 */
public record TlsFiles(Optional<Path> authority, Optional<Path> certificate, Optional<Path> key) {
  /** What they make; empty when there are none. */
  public Optional<SSLContext> context() throws CommandFailedException {
    if (authority.isEmpty() && certificate.isEmpty()) {
      return Optional.empty();
    }
    warnOfDates();
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys(), trust(), null);
      return Optional.of(context);
    } catch (IOException | GeneralSecurityException e) {
      throw new CommandFailedException("the TLS files can't be used: " + e.getMessage(), e);
    }
  }

  /** The name that the own certificate gives to the broker: the common name of its subject. */
  public Optional<String> user() throws CommandFailedException {
    if (certificate.isEmpty()) {
      return Optional.empty();
    }
    X509Certificate own = Pem.certificates(certificate.get()).getFirst();
    Optional<String> name = Pem.commonName(own);
    if (name.isEmpty()) {
      throw new CommandFailedException(certificate.get() + " names nobody: it has no common name");
    }
    return name;
  }

  /** No reason to stop: the clock may be what is wrong, and the broker decides. */
  private void warnOfDates() throws CommandFailedException {
    for (Path file : Stream.concat(authority.stream(), certificate.stream()).toList()) {
      for (X509Certificate each : Pem.certificates(file)) {
        try {
          each.checkValidity();
        } catch (CertificateExpiredException e) {
          Logger.warn(
              "{} expired at {}: put a new one in its place, or set this machine's clock",
              file,
              each.getNotAfter().toInstant());
        } catch (CertificateNotYetValidException e) {
          Logger.warn(
              "{} holds from {} on, later than now: is this machine's clock right?",
              file,
              each.getNotBefore().toInstant());
        }
      }
    }
  }

  private KeyManager @Nullable [] keys()
      throws IOException, GeneralSecurityException, CommandFailedException {
    if (certificate.isEmpty() || key.isEmpty()) {
      return null;
    }
    PrivateKey secret = Pem.privateKey(key.get());
    List<X509Certificate> chain = Pem.certificates(certificate.get());
    if (!Pem.isPair(chain.getFirst(), secret)) {
      throw new CommandFailedException(
          "%s is not the key of %s: name the two files that were made together, the certificate first in its file"
              .formatted(key.get(), certificate.get()));
    }
    KeyStore own = emptyStore();
    own.setKeyEntry("own", secret, new char[0], chain.toArray(Certificate[]::new));
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(own, new char[0]);
    return factory.getKeyManagers();
  }

  private TrustManager @Nullable [] trust()
      throws IOException, GeneralSecurityException, CommandFailedException {
    if (authority.isEmpty()) {
      return null;
    }
    KeyStore trusted = emptyStore();
    List<X509Certificate> certificates = Pem.certificates(authority.get());
    for (int i = 0; i < certificates.size(); i++) {
      trusted.setCertificateEntry("authority-" + i, certificates.get(i));
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(trusted);
    return factory.getTrustManagers();
  }

  private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }
}
