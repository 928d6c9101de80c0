package chargepile.agent.cli.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.crypto.SealedSeed;
import fr.acinq.bitcoin.ByteVector32;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SeedFileTest {
  @TempDir private Path folder;
  private Path file;
  private Path store;

  @BeforeEach
  void name() {
    file = folder.resolve("seed");
    store = folder.resolve("pile.db");
  }

  @Test
  void theFirstStartMakesOneForTheOwnersEyesAndTheNextFindsIt() throws Exception {
    ByteVector32 made = SeedFile.open(file, Optional.empty(), store);
    assertNotEquals(ByteVector32.Zeroes, made);
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    assertEquals(made, SeedFile.open(file, Optional.empty(), store));
  }

  @Test
  void aPassphraseSealsItAndIsNeededToOpenIt() throws Exception {
    Optional<Path> passphrase = passphrase("correct horse");
    ByteVector32 made = SeedFile.open(file, passphrase, store);
    assertEquals(SealedSeed.SIZE, Files.size(file));
    assertEquals(made, SeedFile.open(file, passphrase, store));
    assertFails("is sealed", Optional.empty());
    assertFails("passphrase is wrong", passphrase("battery staple"));
  }

  @Test
  void aStoreWithoutItsSeedGetsNoNewOne() throws Exception {
    Files.writeString(store, "");
    assertFails("put the seed back", Optional.empty());
    assertTrue(Files.notExists(file));
  }

  @Test
  void oneThatOthersMayReadIsRefused() throws Exception {
    SeedFile.open(file, Optional.empty(), store);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    assertFails("chmod 600", Optional.empty());
  }

  @Test
  void whatIsNoSeedIsRefused() throws Exception {
    SeedFile.open(file, Optional.empty(), store);
    Files.write(file, new byte[31]);
    assertFails("31 bytes", Optional.empty());
  }

  private Optional<Path> passphrase(String text) throws Exception {
    return Optional.of(Files.writeString(folder.resolve("passphrase"), text + "\n"));
  }

  private void assertFails(String why, Optional<Path> passphrase) {
    CommandFailedException e =
        assertThrows(CommandFailedException.class, () -> SeedFile.open(file, passphrase, store));
    assertTrue(String.valueOf(e.getMessage()).contains(why), e.getMessage());
  }
}
