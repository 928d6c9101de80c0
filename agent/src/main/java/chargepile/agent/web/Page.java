package chargepile.agent.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Objects;

/**
 * The page: one document that holds its style and its script and fetches nothing but this server's
 * {@code /state.json} and {@code /address.svg}. It holds nothing of the pile itself.
 *
 * @param policy the Content-Security-Policy that lets just these run
 */
record Page(byte[] document, String policy) {

  /** From the program's resources. */
  static Page load() {
    String style = resource("page.css");
    String script = resource("page.js");
    String document =
        resource("page.html").replace("/* page.css */", style).replace("/* page.js */", script);
    String policy =
        "default-src 'none'; script-src '%s'; style-src '%s'; img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
            .formatted(hash(script), hash(style));
    return new Page(document.getBytes(StandardCharsets.UTF_8), policy);
  }

  private static String resource(String name) {
    try (InputStream in = Objects.requireNonNull(Page.class.getResourceAsStream(name), name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As a policy names an inline script or style (CSP Level 3). */
  private static String hash(String text) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      return "sha256-"
          + Base64.getEncoder()
              .encodeToString(sha256.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
