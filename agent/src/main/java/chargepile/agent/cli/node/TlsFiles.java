package chargepile.agent.cli.node;

import chargepile.agent.cli.CommandFailedException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * The PEM files of a TLS connection.
 *
 * @param authority whom to trust; empty for those that Java trusts
 * @param certificate the own one, with its key or not at all
 */
public record TlsFiles(Optional<Path> authority, Optional<Path> certificate, Optional<Path> key) {
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

  /** What they make; empty when there are none. */
  public Optional<SSLContext> context() throws CommandFailedException {
    if (authority.isEmpty() && certificate.isEmpty()) {
      return Optional.empty();
    }
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys(), trust(), null);
      return Optional.of(context);
    } catch (IOException | GeneralSecurityException e) {
      throw new CommandFailedException("the TLS files can't be used: " + e.getMessage(), e);
    }
  }

  private KeyManager @Nullable [] keys()
      throws IOException, GeneralSecurityException, CommandFailedException {
    if (certificate.isEmpty() || key.isEmpty()) {
      return null;
    }
    KeyStore own = emptyStore();
    own.setKeyEntry(
        "own",
        privateKey(key.get()),
        new char[0],
        certificates(certificate.get()).toArray(Certificate[]::new));
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
    List<Certificate> certificates = certificates(authority.get());
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

  private static List<Certificate> certificates(Path file)
      throws IOException, GeneralSecurityException, CommandFailedException {
    List<Certificate> found =
        List.copyOf(
            CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file))));
    if (found.isEmpty()) {
      throw new CommandFailedException(file + " holds no PEM certificate");
    }
    return found;
  }

  private static PrivateKey privateKey(Path file)
      throws IOException, GeneralSecurityException, CommandFailedException {
    Matcher pem = KEY.matcher(Files.readString(file));
    if (!pem.find()) {
      throw new CommandFailedException(
          file + " holds no PKCS #8 key: openssl pkcs8 -topk8 -nocrypt -in OLD makes one");
    }
    var spec = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem.group(1)));
    for (String kind : List.of("EC", "RSA", "Ed25519")) {
      try {
        return KeyFactory.getInstance(kind).generatePrivate(spec);
      } catch (InvalidKeySpecException e) {
        // of another kind: the next one is tried
      }
    }
    throw new CommandFailedException(file + " holds a key that is neither EC, RSA nor Ed25519");
  }
}
