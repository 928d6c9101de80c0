package chargepile.agent.cli.kgc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.CommandRun;
import chargepile.agent.cli.identity.IdentityFile;
import chargepile.agent.cli.node.DurableFile;
import chargepile.agent.crypto.Signer;
import chargepile.agent.crypto.pairing.Pairing;
import chargepile.agent.runtime.NodeKeys;
import fr.acinq.bitcoin.ByteVector32;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** A centre and devices in folders, worked with the commands that people type. */
final class KgcBench {
  private static final Map<String, Map<Path, byte[]>> MADE = new ConcurrentHashMap<>();

  final Path folder;
  final Path kgc;
  final Path passphrase;

  private KgcBench(Path folder, String kgc) throws IOException {
    this.folder = folder;
    this.kgc = folder.resolve(kgc);
    this.passphrase = folder.resolve(kgc + ".passphrase");
    Files.writeString(passphrase, "correct horse of " + kgc + "\n");
  }

  /**
   * A centre in {@code folder}/{@code name} that has done nothing yet, with its exports beside it.
   * To make one takes its time, so those of one name are copies of one.
   */
  static KgcBench init(Path folder, String name) throws IOException {
    KgcBench bench = new KgcBench(folder, name);
    Map<Path, byte[]> known = MADE.get(name);
    if (known == null) {
      bench.done("kgc", "init", bench.kgc, "--name", name, "--passphrase-file", bench.passphrase);
      bench.export();
      MADE.put(name, contents(folder, bench.kgc, bench.exported("")));
    } else {
      for (Map.Entry<Path, byte[]> file : known.entrySet()) {
        Path to = folder.resolve(file.getKey());
        Files.createDirectories(to.getParent());
        DurableFile.write(to, file.getValue());
      }
    }
    return bench;
  }

  private static Map<Path, byte[]> contents(Path root, Path... folders) throws IOException {
    Map<Path, byte[]> contents = new HashMap<>();
    for (Path each : folders) {
      try (Stream<Path> files = Files.walk(each)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          contents.put(root.relativize(file), Files.readAllBytes(file));
        }
      }
    }
    return contents;
  }

  /** Its exports. */
  Path exported(String file) {
    return folder.resolve(kgc.getFileName() + ".exported").resolve(file);
  }

  CommandRun export() {
    return done("kgc", "export", kgc, "--to", exported(""), "--passphrase-file", passphrase);
  }

  /** A driver's options of register, for a wallet of that name. */
  List<Object> driver(String name) {
    return List.of("--data", folder.resolve(name), "--id", name);
  }

  /** A pile's, whose configuration names the broker. */
  List<Object> pile(String name, URI broker) throws IOException {
    Path config = folder.resolve(name + ".toml");
    Files.writeString(
        config,
        """
        [pile]
        id = "%s"
        data_dir = "%s"
        rated_power_w = 11000
        [gpio]
        backend = "simulated"
        [tariff]
        price_msat_per_kwh = 300000
        [mqtt]
        broker_url = "%s"
        [chain]
        network = "regtest"
        rpc_url = "http://127.0.0.1:1"
        cookie_file = "cookie"
        """
            .formatted(name, folder.resolve(name), broker));
    return List.of("--config", config);
  }

  /** Writes a device's request. */
  Path request(List<Object> device, String name) {
    Path request = folder.resolve(name + ".request");
    done(register(device, "--request", request));
    return request;
  }

  CommandRun issue(Path request, Object... more) {
    return issueAs(fingerprint(request), request, more);
  }

  static String fingerprint(Path request) {
    try {
      return IdentityFile.request(request, Pairing.best()).fingerprint();
    } catch (CommandFailedException e) {
      throw new AssertionError(e);
    }
  }

  CommandRun issueAs(String fingerprint, Path request, Object... more) {
    List<Object> all = new ArrayList<>(List.of("kgc", "issue", kgc, request));
    all.addAll(List.of("--fingerprint", fingerprint));
    all.addAll(List.of("--passphrase-file", passphrase));
    all.addAll(List.of(more));
    return CommandRun.of(all.toArray());
  }

  /** {@code register} of a device, with its way. */
  Object[] register(List<Object> device, Object... way) {
    List<Object> all = new ArrayList<>(List.of("register"));
    all.addAll(device);
    all.addAll(List.of("--kgc", exported("kgc.pem")));
    all.addAll(List.of(way));
    return all.toArray();
  }

  /** Runs what works. */
  CommandRun done(Object... arguments) {
    CommandRun run = CommandRun.of(arguments);
    assertEquals(0, run.exit(), run.err());
    return run;
  }

  /** Runs what does not, with the reason. */
  static void refused(String why, CommandRun run) {
    assertNotEquals(0, run.exit(), run.out());
    assertTrue(run.err().contains(why), run.err());
  }

  /** The keys by which devices know it online. */
  NodeKeys nodeKeys() throws IOException {
    return new NodeKeys(
        new ByteVector32(Files.readAllBytes(kgc.resolve(KgcFolder.NODE_SEED))), Signer.best());
  }

  List<AuditLog.Line> log() throws IOException {
    return AuditLog.open(kgc).lines();
  }

  /** How many certificates were ever issued. */
  long issued() throws IOException {
    return log().stream().filter(line -> line.event().equals(Register.ISSUED)).count();
  }
}
