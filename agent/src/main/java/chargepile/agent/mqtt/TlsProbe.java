package chargepile.agent.mqtt;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;

/**
 * Asks a broker that cut a connection off what it has against this side. With TLS 1.3 it judges the
 * client's certificate after the client's handshake is over; when the client writes at once, as
 * Paho does, the connection's reset can overtake the reason. This one only reads.
 */
final class TlsProbe {
  private static final int PATIENCE_MILLIS = 2_000;

  private TlsProbe() {}

  /** The broker's reason; empty when TLS is not what it is about. */
  static Optional<SSLException> refusal(URI broker, SSLContext context) {
    try (Socket plain = new Socket()) {
      plain.connect(new InetSocketAddress(broker.getHost(), broker.getPort()), PATIENCE_MILLIS);
      plain.setSoTimeout(PATIENCE_MILLIS);
      try (SSLSocket tls =
          (SSLSocket)
              NoDelaySockets.tls(context)
                  .createSocket(plain, broker.getHost(), broker.getPort(), true)) {
        tls.startHandshake();
        int unused = tls.getInputStream().read();
        return Optional.empty();
      }
    } catch (SSLException e) {
      return Optional.of(e);
    } catch (IOException e) {
      return Optional.empty(); // no reason to be had: the first problem stands
    }
  }
}
