package chargepile.agent.mqtt;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Assumptions;

/** The mosquitto that tests need which are about more than this process. */
public final class RealBroker {
  private static final String MISSING = "no mosquitto on the PATH or in chargepile.peers";

  private RealBroker() {}

  /** A broker of the test's own; without a mosquitto the test is skipped, but in CI it fails. */
  public static PrivateBroker start() {
    return PrivateBroker.start(Optional.empty()).orElseGet(RealBroker::missing);
  }

  /** As {@link #start}, for tests whose subject starts its own. */
  public static void require() {
    if (PrivateBroker.find(Optional.empty()).isEmpty()) {
      PrivateBroker never = missing();
      never.close();
    }
  }

  /** As {@link #start}, with the configuration that {@code settings} makes for a port. */
  public static PrivateBroker start(IntFunction<String> settings)
      throws IOException, InterruptedException {
    Optional<Path> mosquitto = PrivateBroker.find(Optional.empty());
    if (mosquitto.isEmpty()) {
      return missing();
    }
    int port = PrivateBroker.freePort();
    return PrivateBroker.start(mosquitto.get(), port, settings.apply(port));
  }

  /** Ends a broker at once, as a power cut does. */
  public static void kill(PrivateBroker broker) throws InterruptedException {
    broker.kill();
  }

  /** Sends a signal to a broker, such as {@code STOP}. */
  public static void signal(PrivateBroker broker, String name)
      throws IOException, InterruptedException {
    for (ProcessHandle mosquitto : broker.programs()) {
      new ProcessBuilder("kill", "-" + name, Long.toString(mosquitto.pid())).start().waitFor();
    }
  }

  /** Another broker, with nothing retained, where {@code gone} was. */
  public static PrivateBroker restart(PrivateBroker gone) throws IOException, InterruptedException {
    return PrivateBroker.start(PrivateBroker.find(Optional.empty()).orElseThrow(), gone.port());
  }

  private static PrivateBroker missing() {
    if ("true".equals(System.getenv("CI"))) {
      return fail(MISSING + ": CI must run against a real broker");
    }
    return Assumptions.abort("skipped: " + MISSING);
  }
}
