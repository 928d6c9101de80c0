package chargepile.agent.web;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A server on a free port of this machine, asked over a plain socket, so that anything can be said.
 */
final class Served implements AutoCloseable {
  final Lookout lookout;
  final WebServer server;

  Served(Supplier<Snapshot> pile, Optional<String> token) throws IOException {
    lookout = new Lookout(Samples.PLATE, pile);
    server =
        new WebServer(
            new WebServer.Settings(
                InetAddress.getLoopbackAddress(), 0, Optional.empty(), token, Path.of(".")),
            Samples.ADDRESS,
            lookout);
  }

  /** An answer as it came. */
  record Answer(int code, String head, String body) {
    boolean says(String header) {
      return head.lines().anyMatch(header::equalsIgnoreCase);
    }
  }

  /** Asks as the header {@code Host} should be. */
  Answer get(String path, String... headers) throws IOException {
    return ask("GET " + path, "127.0.0.1", headers);
  }

  Answer ask(String request, String host, String... headers) throws IOException {
    StringBuilder text = new StringBuilder(request + " HTTP/1.1\r\nHost: " + host + "\r\n");
    for (String header : headers) {
      text.append(header).append("\r\n");
    }
    return raw(text + "Connection: close\r\n\r\n");
  }

  Answer raw(String text) throws IOException {
    URI url = URI.create(server.url());
    try (Socket socket = new Socket(url.getHost(), url.getPort())) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int body = answer.indexOf("\r\n\r\n");
      return body < 0
          ? new Answer(0, answer, "")
          : new Answer(
              Integer.parseInt(answer.substring(9, 12)),
              answer.substring(0, body),
              answer.substring(body + 4));
    }
  }

  @Override
  public void close() {
    server.close();
    lookout.close();
  }
}
