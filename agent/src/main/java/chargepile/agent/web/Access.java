package chargepile.agent.web;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who may read. Asked by another name than it knows the server answers nothing: a page of a
 * stranger's that gives its own name this machine's address (DNS rebinding) learns nothing from a
 * browser in the house. Addresses can't be rebound, so they need not be known.
 */
final class Access {
  /** The shortest token that can't be guessed: 80 bits, as hexadecimal. */
  static final int SHORTEST_TOKEN = 20;

  private static final Pattern HOST =
      Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9._-]+)(:[0-9]{1,5})?");
  private static final Pattern BEARER = Pattern.compile("(?i)bearer +(\\S+) *");

  private final Optional<String> name;
  private final Optional<byte[]> token;

  /**
   * @param name by which the machine is reached besides its address; empty for none
   * @param token what readers have to show; empty when all may read
   */
  Access(Optional<String> name, Optional<String> token) {
    this.name = name;
    this.token = token.map(Access::digest);
  }

  /** Whether a request may have been meant for this server. */
  boolean knows(@Nullable String hostHeader) {
    if (hostHeader == null || !HOST.matcher(hostHeader).matches()) {
      return false;
    }
    String host = hostHeader.replaceFirst(":[0-9]{1,5}$", "").toLowerCase(Locale.ROOT);
    return host.equals("localhost")
        || name.filter(own -> own.toLowerCase(Locale.ROOT).equals(host)).isPresent()
        || isAddress(host);
  }

  private static boolean isAddress(String host) {
    String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    try {
      InetAddress unused = InetAddress.ofLiteral(bare);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Whether an {@code Authorization} header, if there is any, lets its sender read. */
  boolean admits(@Nullable String authorization) {
    if (token.isEmpty()) {
      return true;
    }
    var bearer = BEARER.matcher(authorization == null ? "" : authorization);
    // Digests are equally long, so the comparison takes as long for every token.
    return bearer.matches() && MessageDigest.isEqual(digest(bearer.group(1)), token.get());
  }

  private static byte[] digest(String token) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
