package chargepile.agent.chain.esplora;

import chargepile.agent.chain.ChainException;
import chargepile.agent.chain.http.BoundedBody;
import chargepile.agent.chain.json.Json;
import chargepile.agent.chain.json.JsonReader;
import chargepile.agent.chain.json.JsonReader.MalformedJsonException;
import fr.acinq.bitcoin.BlockHash;
import fr.acinq.bitcoin.BlockId;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The HTTP API of an Esplora server. Every request is harmless to repeat, and is repeated with
 * pauses when the connection breaks or the server has too much to do. Thread-safe.
 */
final class EsploraApi implements AutoCloseable {
  /** Heights, hashes, states, statistics, fee estimates. */
  private static final int SMALL = 64 << 10;

  /** Lists of coins: servers themselves stop at some hundreds. */
  private static final int LIST = 2 << 20;

  /** A transaction that fills a block of 4 MB, in hexadecimal. */
  private static final int TRANSACTION = 8 << 20;

  private static final int OK = 200;
  private static final int NOT_FOUND = 404;

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

  /** Before the second and third try: longer waits are the next poll's business. */
  private static final List<Duration> PAUSES =
      List.of(Duration.ofMillis(250), Duration.ofMillis(1000));

  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern HEIGHT = Pattern.compile("[0-9]{1,8}");

  private final Server server;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_TIMEOUT)
          .build();

  EsploraApi(Server server) {
    this.server = server;
  }

  /** What the server says to a request that it may refuse. */
  record Reply(int status, String body) {}

  /** A JSON document, as {@code reading} understands it; empty when the server has none. */
  <T> Optional<T> find(String path, Function<Json, T> reading) {
    return body(path, LIST).map(body -> read(path, body, reading));
  }

  /** A JSON document that every server has. */
  <T> T get(String path, Function<Json, T> reading) {
    return find(path, reading).orElseThrow(() -> missing(path));
  }

  /** A transaction's hexadecimal; empty when the server does not know it. */
  Optional<String> hex(String path) {
    return body(path, TRANSACTION).map(String::strip);
  }

  /** The hash of a block; empty when there is none. */
  Optional<BlockHash> hash(String path) {
    return body(path, SMALL).map(body -> hash(path, body.strip()));
  }

  /** The hash of the best block. */
  BlockHash tipHash() {
    String path = "/blocks/tip/hash";
    return hash(path).orElseThrow(() -> missing(path));
  }

  /** The height of the best block. */
  int tipHeight() {
    String path = "/blocks/tip/height";
    String body = text(path).strip();
    if (!HEIGHT.matcher(body).matches()) {
      throw nonsense(path, "no height but " + shortened(body));
    }
    return Integer.parseInt(body);
  }

  /** A document that is only compared. */
  String text(String path) {
    return body(path, SMALL).orElseThrow(() -> missing(path));
  }

  /** Hands something over; every answer but those of an overloaded server is the caller's. */
  Reply post(String path, String body) {
    HttpRequest request = request(path).POST(HttpRequest.BodyPublishers.ofString(body)).build();
    return patiently(request, path, SMALL);
  }

  /** The server says what can't be. */
  ChainException nonsense(String path, String what) {
    return new ChainException(saysNonsense(path, what));
  }

  /** The server says what can't be understood. */
  ChainException nonsense(String path, String what, Throwable cause) {
    return new ChainException(saysNonsense(path, what), cause);
  }

  private String saysNonsense(String path, String what) {
    return "%s answers nonsense to %s: %s".formatted(this, path, what);
  }

  static String shortened(String text) {
    String line = text.strip().replaceAll("\\p{Cntrl}+", " ");
    return line.length() <= 200 ? line : line.substring(0, 200).strip() + "…";
  }

  @Override
  public void close() {
    http.shutdownNow();
  }

  @Override
  public String toString() {
    return "the Esplora server at " + server.url();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(server.at(path)).timeout(server.timeout());
  }

  private Optional<String> body(String path, int limit) {
    Reply reply = patiently(request(path).GET().build(), path, limit);
    return switch (reply.status()) {
      case OK -> Optional.of(reply.body());
      case NOT_FOUND -> Optional.empty();
      default ->
          throw new ChainException(
              "%s refuses %s (HTTP %d): %s"
                  .formatted(this, path, reply.status(), shortened(reply.body())));
    };
  }

  /** An answer as JSON. */
  Json read(String path, String body) {
    try {
      return JsonReader.read(body);
    } catch (MalformedJsonException e) {
      throw nonsense(path, String.valueOf(e.getMessage()), e);
    }
  }

  /** An answer as {@code reading} understands it. */
  <T> T read(String path, String body, Function<Json, T> reading) {
    Json document = read(path, body);
    try {
      return reading.apply(document);
    } catch (MovedException e) {
      throw e;
    } catch (ChainException | IllegalArgumentException e) {
      throw nonsense(path, String.valueOf(e.getMessage()), e);
    }
  }

  private BlockHash hash(String path, String body) {
    if (!HASH.matcher(body).matches()) {
      throw nonsense(path, "no block hash but " + shortened(body));
    }
    return new BlockHash(new BlockId(body));
  }

  private ChainException missing(String path) {
    return new ChainException(
        "%s has no %s (HTTP 404): does its API begin at this address?".formatted(this, path));
  }

  /** The connection broke or the server is overloaded: nothing but trying again helps. */
  private static final class TroubledException extends ChainException {
    private static final long serialVersionUID = 1;

    TroubledException(String message) {
      super(message);
    }

    TroubledException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  private Reply patiently(HttpRequest request, String path, int limit) {
    for (Duration pause : PAUSES) {
      try {
        return send(request, path, limit);
      } catch (TroubledException e) {
        pause(pause);
      }
    }
    return send(request, path, limit);
  }

  private Reply send(HttpRequest request, String path, int limit) {
    Reply reply;
    try {
      HttpResponse<byte[]> response = http.send(request, info -> new BoundedBody(limit));
      reply = new Reply(response.statusCode(), new String(response.body(), StandardCharsets.UTF_8));
    } catch (HttpTimeoutException e) {
      throw new ChainException(
          "%s does not answer %s within %d s: it hangs or is overloaded"
              .formatted(this, path, server.timeout().toSeconds()),
          e);
    } catch (ConnectException e) {
      throw new TroubledException(
          this + " can't be reached: is the network up, and the address right?", e);
    } catch (IOException e) {
      if (e.getCause() instanceof BoundedBody.TooLongException tooLong) {
        throw nonsense(path, String.valueOf(tooLong.getMessage()), e);
      }
      throw new TroubledException(
          "the connection to %s broke during %s: %s".formatted(this, path, e.getMessage()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ChainException("interrupted while asking " + this, e);
    }
    return switch (reply.status()) {
      case 429 ->
          throw new TroubledException(
              this + " is asked too often for its taste (HTTP 429): raise the interval");
      case 502, 503, 504 ->
          throw new TroubledException(
              "%s has too much to do or no node behind it (HTTP %d): %s"
                  .formatted(this, reply.status(), shortened(reply.body())));
      default -> reply;
    };
  }

  private void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ChainException("interrupted while asking " + this, e);
    }
  }
}
