package chargepile.agent.cli.kgc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.cli.CommandRun;
import chargepile.agent.mqtt.PrivateBroker;
import chargepile.agent.mqtt.RealBroker;
import chargepile.agent.mqtt.Topics;
import chargepile.agent.runtime.NodeKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Devices that ask over a broker, with the commands that people type. */
@Timeout(120)
final class OnlineRegistrationTest {
  @TempDir private Path folder;
  private final ExecutorService programs = Executors.newCachedThreadPool();
  private KgcBench bench;
  private PrivateBroker broker;
  private String address;

  @BeforeEach
  void serve() throws Exception {
    broker = RealBroker.start();
    bench = KgcBench.init(folder, "kgc");
    address = address(bench);
    serve(bench);
  }

  @AfterEach
  void stop() throws Exception {
    programs.shutdownNow();
    assertTrue(programs.awaitTermination(60, TimeUnit.SECONDS), "a program does not stop");
    broker.close();
  }

  @Test
  void theOperatorApprovesAndTheKeyComesBack() throws Exception {
    List<Object> pile = bench.pile("pile-1", broker.url());
    Future<CommandRun> asking = ask(pile);
    awaitPending("pile-1");
    assertFalse(Files.exists(folder.resolve("pile-1/identity.pem")));
    CommandRun approved = approve("pile-1");
    assertTrue(approved.out().contains("pile-1, a pile, serial 1"), approved.out());
    CommandRun registered = asking.get();
    assertEquals(0, registered.exit(), registered.err());
    assertTrue(registered.out().contains("pile-1 is registered as a pile"), registered.out());
    String fingerprint =
        registered.out().replaceAll("(?s).*([0-9a-f]{4}(-[0-9a-f]{4}){3}).*", "$1");
    assertTrue(approved.out().contains(fingerprint), approved.out());
    assertTrue(bench.done("kgc", "pending", bench.kgc).out().contains("no request waits"));

    // The reply is lost: the same again, without the operator.
    String first = Files.readString(folder.resolve("pile-1/identity.pem"));
    Files.delete(folder.resolve("pile-1/identity.pem"));
    assertEquals(0, ask(pile).get().exit());
    assertEquals(first, Files.readString(folder.resolve("pile-1/identity.pem")));
    assertEquals(1, bench.issued());
  }

  @Test
  void theOperatorDeniesAndTheDeviceIsTold() throws Exception {
    Future<CommandRun> asking = ask(bench.driver("alice"));
    awaitPending("alice");
    bench.done("kgc", "deny", bench.kgc, "alice", "--reason", "come by with your passport");
    KgcBench.refused("kgc says no: denied: come by with your passport", asking.get());
    KgcBench.refused("denied: come by", ask(bench.driver("alice")).get());
    assertEquals(0, bench.issued());

    // By mistake: it can still be approved, but not by a name that others may ask for too.
    CommandRun byName = CommandRun.of(approving("alice"));
    KgcBench.refused("name its fingerprint", byName);
    assertEquals(0, bench.issued());
    approve(byName.err().replaceAll("(?s).*([0-9a-f]{4}(-[0-9a-f]{4}){3}).*", "$1"));
    assertEquals(0, ask(bench.driver("alice")).get().exit());
    assertEquals(1, bench.issued());
  }

  @Test
  void aNameThatIsTakenIsRefusedUntilTheOperatorReissues() throws Exception {
    bench.issue(bench.request(bench.driver("alice"), "alice"));
    Files.delete(folder.resolve("alice/seed"));
    KgcBench.refused("alice is registered already (serial 1", ask(bench.driver("alice")).get());
    String pending = bench.done("kgc", "pending", bench.kgc).out();
    assertTrue(pending.contains("approve --reissue=1 gives it a new key"), pending);
    KgcBench.refused("say --reissue=1", CommandRun.of(approving("alice")));
    assertEquals(1, bench.issued());
    approve("alice", "--reissue=1");
    CommandRun registered = ask(bench.driver("alice")).get();
    assertTrue(registered.out().contains("serial 2"), registered.err());
    assertEquals(2, bench.issued());
  }

  @Test
  void anotherCentresParametersAreRefused() throws Exception {
    KgcBench other = KgcBench.init(folder, "other");
    CommandRun wrongName =
        CommandRun.of(other.register(bench.driver("alice"), "--at", address, "--wait", 60));
    KgcBench.refused("is the address of kgc", wrongName);
    String itsTopics = address.replace("/kgc", "/other");
    Future<CommandRun> asking =
        programs.submit(
            () ->
                CommandRun.of(
                    other.register(bench.driver("alice"), "--at", itsTopics, "--wait", 3)));
    KgcBench.refused("no answer from", asking.get());
    assertEquals(0, bench.issued());
  }

  @Test
  void aDecisionThatDoesNotComeIsNoFailureOfTheRequest() throws Exception {
    CommandRun late =
        CommandRun.of(bench.register(bench.driver("alice"), "--at", address, "--wait", 5));
    KgcBench.refused("the operator has not decided within 5 s", late);
    approve("alice");
    assertEquals(0, ask(bench.driver("alice")).get().exit());
  }

  private void serve(KgcBench centre) {
    var unused =
        programs.submit(() -> CommandRun.of("kgc", "serve", centre.kgc, "--broker", broker.url()));
  }

  private Future<CommandRun> ask(List<Object> device) {
    return programs.submit(
        (Callable<CommandRun>)
            () -> CommandRun.of(bench.register(device, "--at", address, "--wait", 90)));
  }

  private String address(KgcBench centre) throws IOException {
    NodeKeys keys = centre.nodeKeys();
    return "chargepile:%s@%s:%d/%s"
        .formatted(
            keys.nodeId().toHex(),
            broker.url().getHost(),
            broker.url().getPort(),
            Topics.ofKgc(String.valueOf(centre.kgc.getFileName())).pileId());
  }

  /** Until the operator sees it; the test's timeout is the patience. */
  private void awaitPending(String id) throws InterruptedException {
    while (!bench.done("kgc", "pending", bench.kgc).out().contains(" " + id + " ")) {
      Thread.sleep(50);
    }
  }

  private CommandRun approve(String id, Object... more) {
    return bench.done(approving(id, more));
  }

  private Object[] approving(String id, Object... more) {
    List<Object> all =
        new java.util.ArrayList<>(
            List.of("kgc", "approve", bench.kgc, id, "--passphrase-file", bench.passphrase));
    all.addAll(List.of(more));
    return all.toArray();
  }
}
