package chargepile.agent.cli.kgc;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.DamagedLogException;
import chargepile.agent.cli.identity.ArmoredFile;
import chargepile.agent.cli.identity.IdentityFile;
import chargepile.agent.cli.node.DurableFile;
import chargepile.agent.cli.node.SeedFile;
import chargepile.agent.crypto.SealedSeed;
import chargepile.agent.crypto.pairing.Pairing;
import chargepile.agent.crypto.pairing.Zq;
import chargepile.agent.identity.KeyGenerationCentre;
import chargepile.agent.identity.KgcParameters;
import chargepile.agent.identity.MasterKey;
import chargepile.agent.identity.PartyId;
import chargepile.agent.runtime.Json;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A key generation centre's folder, locked while one of these is open.
 *
 * <pre>
 * master.key      the master key, sealed under a passphrase ({@link SealedSeed})
 * parameters.pem  what all may know
 * node.seed       of the node key by which devices know the centre online; it signs no certificate
 * audit.log       all that was done ({@link AuditLog}), with audit.head
 * audit.seal      what shows that nobody without the passphrase wrote it anew ({@link LogSeal})
 * pending/        requests that wait for the operator
 * lock
 * </pre>
 */
final class KgcFolder implements AutoCloseable {
  static final String MASTER = "master.key";
  static final String PARAMETERS = "parameters.pem";
  static final String NODE_SEED = "node.seed";

  private static final int SALT_SIZE = 16;
  private static final int NONCE_SIZE = 12;

  private final Path folder;
  private final FolderLock lock;
  private final AuditLog log;
  private final KgcParameters parameters;
  private Register register;

  /** While the master key is there. */
  private @Nullable LogSeal seal;

  private KgcFolder(Path folder, FolderLock lock, AuditLog log, KgcParameters parameters) {
    this.folder = folder;
    this.lock = lock;
    this.log = log;
    this.parameters = parameters;
    this.register = Register.of(log.lines());
  }

  /**
   * Makes a centre in a folder that is new or empty.
   *
   * @param name its own, also on the broker
   */
  static KgcParameters create(
      Path folder, PartyId name, char[] passphrase, SecureRandom random, Pairing pairing)
      throws CommandFailedException, IOException, InterruptedException {
    requireNew(folder);
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    try (FolderLock _ = FolderLock.take(folder)) {
      requireNew(folder); // another may have been faster
      MasterKey master = master(random);
      KgcParameters parameters = master.parameters(name, pairing);
      ByteVector sealed =
          SealedSeed.seal(
              master.encode(),
              passphrase,
              SealedSeed.Cost.STANDARD,
              bytes(random, SALT_SIZE),
              bytes(random, NONCE_SIZE));
      DurableFile.write(folder.resolve(MASTER), sealed.toByteArray());
      ArmoredFile.write(
          folder.resolve(PARAMETERS), ArmoredFile.Kind.PARAMETERS, parameters.encode());
      SeedFile.open(folder.resolve(NODE_SEED), Optional.empty(), folder.resolve(AuditLog.NAME));
      AuditLog log = AuditLog.open(folder);
      log.append(
          Instant.now(),
          Register.CREATED,
          Map.of("parameters", Json.of(parameters.encode().toHex())));
      new LogSeal(folder, master).write(log);
      return parameters;
    }
  }

  /**
   * Opens and checks it; waits while another command or a serving centre is at work in it.
   *
   * @throws DamagedLogException when the log was changed, or is of another centre
   */
  static KgcFolder open(Path folder, Pairing pairing)
      throws CommandFailedException, IOException, InterruptedException {
    if (!Files.exists(folder.resolve(PARAMETERS)) && !Files.exists(folder.resolve(AuditLog.NAME))) {
      throw new CommandFailedException(
          "there is no key generation centre in %s: chargepile kgc init %s makes one"
              .formatted(folder, folder));
    }
    FolderLock lock = FolderLock.take(folder);
    try {
      AuditLog log = AuditLog.open(folder);
      KgcParameters parameters = IdentityFile.parameters(folder.resolve(PARAMETERS), pairing);
      requireOwn(folder, log, parameters);
      return new KgcFolder(folder, lock, log, parameters);
    } catch (CommandFailedException | IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  KgcParameters parameters() {
    return parameters;
  }

  Register register() {
    return register;
  }

  /** {@link AuditLog#head}. */
  String logHead() {
    return log.head();
  }

  PendingRequests pending() {
    return new PendingRequests(folder);
  }

  /** Does something: when this returns it is on the disk, and counts. */
  void record(Instant now, String event, Map<String, Json> fields) throws IOException {
    log.append(now, event, fields);
    if (seal != null) {
      seal.write(log);
    }
    register = Register.of(log.lines());
  }

  /**
   * The centre with its master key; what is recorded from now on is sealed.
   *
   * @throws DamagedLogException when somebody without the passphrase wrote the log anew
   */
  KeyGenerationCentre centre(char[] passphrase, Pairing pairing)
      throws CommandFailedException, IOException {
    MasterKey master = master(passphrase, pairing);
    LogSeal found = new LogSeal(folder, master);
    found.require(log, parameters, pairing);
    found.write(log); // what a power cut left without a seal may not be two
    seal = found;
    return new KeyGenerationCentre(parameters.name(), master, pairing);
  }

  /**
   * Seals a log that has no seal, as it is.
   *
   * @param known a {@link #logHead} that its owner kept elsewhere: up to there the log is checked
   * @return the lines after that one, which nothing vouches for
   */
  List<AuditLog.Line> seal(char[] passphrase, String known, Pairing pairing)
      throws CommandFailedException, IOException {
    LogSeal missing = new LogSeal(folder, master(passphrase, pairing));
    if (missing.exists()) {
      throw new CommandFailedException(
          folder.resolve(LogSeal.NAME) + " is there already: nothing is to be done");
    }
    int checked = log.indexOf(known);
    if (checked < 0) {
      throw new CommandFailedException(
          "--head \"%s\" was never the log's: copy the number and the hash from what kgc export said last; if they are right, the log was written anew since, so put the folder back from a backup"
              .formatted(known));
    }
    missing.write(log);
    return log.lines().subList(checked, log.lines().size());
  }

  private MasterKey master(char[] passphrase, Pairing pairing)
      throws CommandFailedException, IOException {
    Path file = folder.resolve(MASTER);
    if (!Files.exists(file)) {
      throw new CommandFailedException(
          file + " is missing: put it back from a backup; without it nothing can be issued");
    }
    MasterKey master;
    try {
      ByteVector32 secret = SealedSeed.open(new ByteVector(Files.readAllBytes(file)), passphrase);
      master = MasterKey.decode(secret);
    } catch (SealedSeed.WrongPassphraseException | IllegalArgumentException e) {
      throw new CommandFailedException("%s: %s".formatted(file, e.getMessage()), e);
    }
    var centre = new KeyGenerationCentre(parameters.name(), master, pairing);
    if (!centre.parameters().equals(parameters)) {
      throw new CommandFailedException(
          "%s is not the key of %s: put back the two that belong together"
              .formatted(file, folder.resolve(PARAMETERS)));
    }
    return master;
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }

  private static void requireNew(Path folder) throws CommandFailedException, IOException {
    if (!Files.exists(folder)) {
      return;
    }
    if (!Files.isDirectory(folder)) {
      throw new CommandFailedException(folder + " is a file: name a folder");
    }
    try (Stream<Path> inside = Files.list(folder)) {
      if (inside.anyMatch(file -> !file.endsWith(FolderLock.NAME))) {
        throw new CommandFailedException(
            "%s is not empty, and nothing in it is overwritten: name a new folder"
                .formatted(folder));
      }
    }
  }

  private static void requireOwn(Path folder, AuditLog log, KgcParameters parameters) {
    if (log.lines().isEmpty()
        || !log.lines().getFirst().event().equals(Register.CREATED)
        || !log.lines().getFirst().bytes("parameters").equals(parameters.encode())) {
      throw new DamagedLogException(
          "%s does not begin with the centre of %s: put back the folder from a backup"
              .formatted(folder.resolve(AuditLog.NAME), folder.resolve(PARAMETERS)));
    }
  }

  private static MasterKey master(SecureRandom random) {
    return MasterKey.generate(bytes(random, Zq.UNIFORM_BYTES).toByteArray());
  }

  private static ByteVector bytes(SecureRandom random, int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return new ByteVector(bytes);
  }
}
