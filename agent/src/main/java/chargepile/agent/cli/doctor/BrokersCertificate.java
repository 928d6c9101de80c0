package chargepile.agent.cli.doctor;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** The certificates that a broker shows. They are looked at and not trusted. */
final class BrokersCertificate {
  private static final int PATIENCE_MILLIS = 5_000;
  private static final int USUAL_PORT = 8883;

  private BrokersCertificate() {}

  /**
   * Begins a handshake and ends it when they are there; the broker's own comes first.
   *
   * @throws IOException when it shows none
   */
  static List<X509Certificate> shownBy(URI broker) throws IOException {
    int port = broker.getPort() < 0 ? USUAL_PORT : broker.getPort();
    Onlooker onlooker = new Onlooker();
    try (Socket plain = new Socket()) {
      plain.connect(new InetSocketAddress(bare(broker.getHost()), port), PATIENCE_MILLIS);
      plain.setSoTimeout(PATIENCE_MILLIS);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {onlooker}, null);
      try (SSLSocket tls =
          (SSLSocket)
              context.getSocketFactory().createSocket(plain, bare(broker.getHost()), port, true)) {
        tls.startHandshake();
      }
    } catch (SSLHandshakeException e) {
      List<X509Certificate> seen = onlooker.seen;
      if (seen.isEmpty()) {
        throw e;
      }
    } catch (GeneralSecurityException e) {
      throw new IOException("this Java has no TLS", e);
    }
    return onlooker.seen;
  }

  /** An IPv6 address without the brackets of the URL. */
  static String bare(String host) {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  /** Trusts nobody, and remembers whom. */
  private static final class Onlooker extends X509ExtendedTrustManager {
    private volatile List<X509Certificate> seen = List.of();

    private void look(X509Certificate[] chain) throws CertificateException {
      seen = List.of(chain);
      throw new CertificateException("only looked at");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      look(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      look(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      look(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      look(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      look(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      look(chain);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
