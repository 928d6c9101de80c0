package chargepile.agent.config;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The page and its metrics.
 *
 * @param bind the address to listen at; another than loopback only with a token
 * @param port 0 for any that is free
 * @param host a name by which it is reached, besides addresses and {@code localhost}
 * @param tokenFile a file that holds the token and nothing else
 */
public record WebSettings(
    boolean enabled, InetAddress bind, int port, Optional<String> host, Optional<Path> tokenFile) {
  /** What an IP address is made of; whether it is one is seen when it is read. */
  private static final Pattern ADDRESS = Pattern.compile("[0-9A-Fa-f:.]{2,45}");

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9.-]{0,252}");

  static WebSettings read(Document document, Optional<Path> tokenFile) {
    Section web = document.section("web");
    WebSettings settings =
        new WebSettings(
            web.bool("enabled", true),
            address(
                web.text("bind", "127.0.0.1", ADDRESS, "an IP address, such as \"192.168.1.20\""),
                document),
            (int) web.integer("port", 8780, 0, 65_535),
            web.optionalText("host", NAME, "a name without a port, such as \"pile-1.local\""),
            tokenFile);
    document.contradiction(
        settings.enabled && !settings.bind.isLoopbackAddress() && tokenFile.isEmpty(),
        List.of("web.bind", "web.token_file"),
        "%s is open to others, who could read everything; it needs a token_file"
            .formatted(settings.bind.getHostAddress()));
    return settings;
  }

  private static InetAddress address(String written, Document document) {
    try {
      return InetAddress.ofLiteral(written);
    } catch (IllegalArgumentException e) {
      document.contradiction(
          true,
          List.of("web.bind"),
          "is \"%s\"; must be an IP address, such as \"192.168.1.20\"".formatted(written));
      return InetAddress.getLoopbackAddress();
    }
  }
}
