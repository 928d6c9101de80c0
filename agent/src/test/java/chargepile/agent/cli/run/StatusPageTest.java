package chargepile.agent.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.web.Browser;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A pile's daemon, a driver who charges there, and somebody who looks at the page meanwhile. */
class StatusPageTest {
  private static final String TOKEN = "0123456789abcdef0123456789abcdef";

  @TempDir private Path folder;
  @TempDir private Path browsing;
  private final HttpClient client = HttpClient.newHttpClient();

  @Test
  void aSessionIsSeenWhileItGoesOn() throws Exception {
    Browser browser = Browser.find(browsing);
    Files.writeString(folder.resolve("token"), TOKEN + "\n");
    try (Site site =
            new Site(
                folder,
                "seconds,power_w\n0,20000\n300,0\n",
                """
                [tariff]
                price_msat_per_kwh = 10000000
                [exposure]
                increment_wh = 10
                credit_wh = 300
                [web]
                port = 0
                token_file = "token"
                """);
        Program pile = site.pile()) {
      String page = url(pile.await(line -> line.contains("page at ")));
      String address = pile.await(line -> line.startsWith("chargepile:"));
      assertEquals(401, get(page + "healthz", "").statusCode());
      try (Program driver = site.driver("charge", address, "--max-price=10000000")) {
        driver.await(line -> line.startsWith("paid "));
        driver.await(line -> line.startsWith("paid "));

        HttpResponse<String> health = get(page + "healthz", TOKEN);
        assertEquals("ok\n", health.body());
        String link = page + "#token=" + TOKEN;
        Browser.Visit visit = whileCharging(browser, link);
        assertEquals("pile-1", visit.text("pile"));
        assertEquals(address, visit.text("address"));
        assertTrue(visit.dom().contains("<title>" + address + "</title>"), "no QR code");
        assertTrue(visit.dom().contains("class=\"trace\""), "no power curve");
        assertTrue(visit.text("tip").matches("\\d+"), visit.text("tip"));
        assertTrue(visit.text("deadline").startsWith("block "), visit.text("deadline"));
        String metrics = awaitReceived(page, 200);
        assertTrue(
            value(metrics, "chargepile_chain_next_deadline_height")
                > value(metrics, "chargepile_chain_tip_height"),
            metrics);
        assertEquals(1, value(metrics, "chargepile_contactor_closed"));

        site.killBroker();
        pile.await(line -> line.contains("broker"));
        assertEquals("no connection to the broker\n", awaitSick(page).body());
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"short, a token must have 20 characters or more", ", web-token can't be read"})
  void aTokenThatCannotBeHadKeepsNoPileFromSelling(@Nullable String token, String why)
      throws Exception {
    if (token != null) {
      Files.writeString(folder.resolve("web-token"), token + "\n");
    }
    try (Site site =
            new Site(
                folder,
                "seconds,power_w\n0,20000\n30,0\n",
                """
                [tariff]
                price_msat_per_kwh = 10000000
                [web]
                port = 0
                token_file = "web-token"
                """);
        Program pile = site.pile()) {
      pile.await(line -> line.contains("no page: ") && line.contains(why));
      pile.await(line -> line.startsWith("chargepile:"));
    }
  }

  @Test
  void aPortThatIsTakenKeepsNoPileFromSelling() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Site site =
            new Site(
                folder,
                "seconds,power_w\n0,20000\n30,0\n",
                """
                [tariff]
                price_msat_per_kwh = 10000000
                [web]
                port = %d
                """
                    .formatted(taken.getLocalPort()));
        Program pile = site.pile()) {
      pile.await(line -> line.contains("no page: 127.0.0.1 port " + taken.getLocalPort()));
      pile.await(line -> line.startsWith("chargepile:"));
    }
  }

  /** What the driver has seen paid is in the figures of the next look. */
  private String awaitReceived(String page, long satoshi) throws Exception {
    String metrics = get(page + "metrics", TOKEN).body();
    for (int i = 0;
        i < 100 && value(metrics, "chargepile_received_satoshis_total") < satoshi;
        i++) {
      Thread.sleep(100);
      metrics = get(page + "metrics", TOKEN).body();
    }
    assertTrue(value(metrics, "chargepile_received_satoshis_total") >= satoshi, metrics);
    return metrics;
  }

  /** A browser that starts while all else is at work may come in a pause: it looks again then. */
  private static Browser.Visit whileCharging(Browser browser, String link) throws Exception {
    Browser.Visit visit = browser.visit(link).requireClean(link);
    for (int more = 4; more > 0 && !isCharging(visit); more--) {
      visit = browser.visit(link).requireClean(link);
    }
    assertTrue(isCharging(visit), visit.text("state") + " " + visit.text("power"));
    return visit;
  }

  /** At about 20 kW; exact figures are {@code PageTest}'s. */
  private static boolean isCharging(Browser.Visit visit) {
    return visit.text("state").equals("Charging")
        && visit.text("power").matches("1[5-9]\\.\\d|20\\.0");
  }

  private HttpResponse<String> awaitSick(String page) throws IOException, InterruptedException {
    long end = System.nanoTime() + 30_000_000_000L;
    HttpResponse<String> health = get(page + "healthz", TOKEN);
    while (health.statusCode() != 503 && System.nanoTime() < end) {
      Thread.sleep(200);
      health = get(page + "healthz", TOKEN);
    }
    return health;
  }

  private static String url(String line) {
    Matcher url = Pattern.compile("http://\\S+?/").matcher(line);
    assertTrue(url.find(), line);
    return url.group();
  }

  private HttpResponse<String> get(String url, String token)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create(url)).header("Authorization", "Bearer " + token).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static double value(String metrics, String name) {
    return metrics
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElseThrow();
  }
}
