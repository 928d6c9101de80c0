package chargepile.agent.mqtt;

import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
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
 * Paho does, the connection's reset can overtake the reason. This one writes its whole flight at
 * once and then only reads.
 */
final class TlsProbe {
  private static final int PATIENCE_MILLIS = 2_000;

  private TlsProbe() {}

  /** The broker's reason; empty when TLS is not what it is about. */
  static Optional<SSLException> refusal(URI broker, SSLContext context) {
    try (Socket plain = new WholeFlights()) {
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

  /** Keeps what is written until something is read, so that no write meets a closed connection. */
  private static final class WholeFlights extends Socket {
    private final ByteArrayOutputStream waiting = new ByteArrayOutputStream();

    @Override
    public OutputStream getOutputStream() {
      return waiting;
    }

    @Override
    public InputStream getInputStream() throws IOException {
      return new FilterInputStream(super.getInputStream()) {
        @Override
        public int read() throws IOException {
          send();
          return super.read();
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
          send();
          return super.read(into, from, length);
        }
      };
    }

    private void send() throws IOException {
      OutputStream out = super.getOutputStream();
      waiting.writeTo(out);
      waiting.reset();
    }
  }
}
