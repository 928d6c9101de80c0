package chargepile.agent.web;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Headless Chromium with a profile of its own, which reaches nothing but this machine. */
public final class Browser {
  private static final long PATIENCE_SECONDS = 90;
  private static final Pattern CONSOLE = Pattern.compile(".*CONSOLE[:(].*");
  private static final Pattern ASKED = Pattern.compile("\"url\":\"((?:https?|wss?)://[^/\"]*)");

  private final Path program;
  private final Path folder;

  private Browser(Path program, Path folder) {
    this.program = program;
    this.folder = folder;
  }

  /**
   * The one that the build unpacked, or the machine's own; the test is skipped when there is none.
   *
   * @param folder for its profile and what it writes
   */
  public static Browser find(Path folder) {
    List<Path> places = new ArrayList<>();
    places.add(
        Path.of(
            System.getProperty("chargepile.peers", "target/peers"),
            "chromium/bin/chromium-headless-shell"));
    for (String path : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
      Stream.of("chromium-headless-shell", "chromium", "google-chrome")
          .map(name -> Path.of(path, name))
          .forEach(places::add);
    }
    return places.stream()
        .filter(Files::isExecutable)
        .findFirst()
        .map(program -> new Browser(program.toAbsolutePath(), folder))
        .orElseGet(
            () ->
                Assumptions.abort(
                    "skipped: no Chromium in chargepile.peers, which src/peers/fetch-chromium.sh"
                        + " unpacks, nor on the PATH"));
  }

  /**
   * A page as it stands some seconds after it was opened.
   *
   * @param dom the document, as HTML
   * @param console what its scripts, and the browser about them, complained of
   * @param asked the origins that anything was asked of
   */
  public record Visit(String dom, List<String> console, TreeSet<String> asked) {
    /** Requires that all went well and nobody but the page's own server was asked. */
    public Visit requireClean(String url) {
      assertEquals(List.of(), console);
      assertEquals(List.of(url.replaceFirst("/(#.*)?$", "")), List.copyOf(asked));
      return this;
    }

    /** The text of the element with an id. */
    public String text(String id) {
      Matcher element =
          Pattern.compile("(?s)<(\\w+)[^>]*\\bid=\"" + id + "\"[^>]*>(.*?)</\\1>").matcher(dom);
      return element.find() ? element.group(2).replaceAll("<[^>]*>", "").strip() : "";
    }

    /** Whether the element with an id is shown. */
    public boolean shows(String id) {
      Matcher element = Pattern.compile("<\\w+[^>]*\\bid=\"" + id + "\"[^>]*>").matcher(dom);
      return element.find() && !element.group().contains(" hidden");
    }
  }

  /** Opens a page and reads it. */
  public Visit visit(String url) throws IOException, InterruptedException {
    Path net = folder.resolve("net.json");
    List<String> complaints = new ArrayList<>();
    String dom = run(complaints, "--dump-dom", "--log-net-log=" + net, url);
    TreeSet<String> asked = new TreeSet<>();
    Matcher request = ASKED.matcher(Files.readString(net));
    while (request.find()) {
      asked.add(request.group(1));
    }
    return new Visit(dom, complaints, asked);
  }

  /** Opens a page and takes its picture. */
  public Path picture(String url, String name, int width, int height, String... more)
      throws IOException, InterruptedException {
    Path file = folder.resolve(name);
    List<String> arguments = new ArrayList<>(List.of(more));
    arguments.add("--screenshot=" + file);
    arguments.add("--window-size=%d,%d".formatted(width, height));
    arguments.add(url);
    run(new ArrayList<>(), arguments.toArray(String[]::new));
    return file;
  }

  private String run(List<String> console, String... arguments)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                program.toString(),
                "--headless",
                "--no-sandbox", // the build may run as root, and the page is our own
                "--disable-gpu",
                "--hide-scrollbars",
                "--disable-background-networking",
                "--disable-component-update",
                "--no-first-run",
                "--user-data-dir=" + folder.resolve("profile"),
                "--enable-logging=stderr",
                "--virtual-time-budget=4000"));
    command.addAll(List.of(arguments));
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("Chromium does not end: " + Files.readString(err));
      }
    } finally {
      process.destroyForcibly();
    }
    Files.readAllLines(err, StandardCharsets.ISO_8859_1).stream()
        .filter(line -> CONSOLE.matcher(line).matches())
        .forEach(console::add);
    return Files.readString(out);
  }
}
