package chargepile.agent.cli.node;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.mqtt.Topics;
import fr.acinq.bitcoin.PublicKey;
import java.net.URI;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a driver must know of a pile, as printed on it: {@code chargepile:<node id>@<broker
 * host:port>/<pile id>}.
 *
 * @param broker host and port
 */
public record PileAddress(PublicKey node, String broker, String pile) {
  private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");
  private static final Pattern FORM =
      Pattern.compile(
          "chargepile:([0-9a-f]{66})@((?:\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9.-]+):[0-9]{1,5})/([A-Za-z0-9_-]{1,32})");

  /** Reads an address. */
  public static PileAddress parse(String text) throws CommandFailedException {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new CommandFailedException(
          "\"%s\" is no pile's address: it is like chargepile:02ab...@broker.example:8883/pile-1"
              .formatted(text));
    }
    try {
      PublicKey node = PublicKey.fromHex(form.group(1));
      if (!node.isValid()) {
        throw new IllegalArgumentException("not a point of the curve");
      }
      return new PileAddress(node, form.group(2), form.group(3));
    } catch (IllegalArgumentException e) {
      throw new CommandFailedException(
          "the node id in \"%s\" is no public key: was it copied whole?".formatted(text), e);
    }
  }

  /** The broker's usual URL: with TLS, unless it is on this machine. */
  public URI brokerUrl() {
    String host = broker.replaceFirst(":[0-9]+$", "");
    return URI.create((THIS_MACHINE.contains(host) ? "tcp://" : "ssl://") + broker);
  }

  public Topics topics() {
    return Topics.of(pile);
  }

  @Override
  public String toString() {
    return "chargepile:%s@%s/%s".formatted(node.toHex(), broker, pile);
  }
}
