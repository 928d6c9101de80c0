package chargepile.agent.cli.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A store that is damaged, or may not be written, when pile or driver starts: it does not start,
 * says what, where and what to do, and touches neither the file nor the chain.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DamagedStoreTest {
  private static final int FAILED = 1;
  private static final int DAMAGED = 3;
  private static final int PAGE = 4096;

  /** What happens to a database. */
  enum Damage {
    CUT_TO_NOTHING {
      @Override
      void to(RandomAccessFile file) throws IOException {
        file.setLength(0);
      }
    },
    CUT_WITHIN_A_PAGE {
      @Override
      void to(RandomAccessFile file) throws IOException {
        file.setLength(file.length() / 2 / PAGE * PAGE + 100);
      }
    },
    CUT_BETWEEN_PAGES {
      @Override
      void to(RandomAccessFile file) throws IOException {
        file.setLength(file.length() / 2 / PAGE * PAGE);
      }
    },
    HEADER_OVERWRITTEN {
      @Override
      void to(RandomAccessFile file) throws IOException {
        file.write(noise(100));
      }
    },
    MIDDLE_OVERWRITTEN {
      @Override
      void to(RandomAccessFile file) throws IOException {
        file.seek(file.length() / 2 / PAGE * PAGE - PAGE);
        file.write(noise(2 * PAGE));
      }
    },
    ALL_BUT_THE_FIRST_PAGE_ZERO {
      @Override
      void to(RandomAccessFile file) throws IOException {
        file.seek(PAGE);
        file.write(new byte[(int) file.length() - PAGE]);
      }
    };

    abstract void to(RandomAccessFile file) throws IOException;

    private static byte[] noise(int bytes) {
      byte[] noise = new byte[bytes];
      new Random(bytes).nextBytes(noise);
      return noise;
    }
  }

  private Site site;
  private String address = "";
  private byte[] pilesDatabase = {};
  private byte[] driversDatabase = {};

  /** Both have a channel with a session in it. */
  @BeforeAll
  void charge(@TempDir Path folder) throws Exception {
    site = KilledSessions.site(folder);
    try (Program pile = site.pile()) {
      address = pile.await(line -> line.startsWith("chargepile:"));
      try (Program driver = site.driver("charge", address, "--max-price=100000000")) {
        driver.await(line -> line.startsWith("paid "));
        driver.terminate();
        assertEquals(143, driver.exit(), driver.said());
      }
      pile.terminate();
      assertEquals(143, pile.exit(), pile.said());
    }
    site.mining(false);
    pilesDatabase = Files.readAllBytes(site.database("pile"));
    driversDatabase = Files.readAllBytes(site.database("driver"));
  }

  @BeforeEach
  void mend() throws IOException {
    Files.write(site.database("pile"), pilesDatabase);
    Files.write(site.database("driver"), driversDatabase);
  }

  @AfterAll
  void stop() {
    if (site != null) {
      site.close();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aPileWithADamagedStoreDoesNotStart(Damage damage) throws Exception {
    byte[] damaged = damage(site.database("pile"), damage);
    try (Watcher seen = site.watcher();
        Program pile = site.pile()) {
      refuses(pile, site.database("pile"), damaged);
      assertFalse(pile.said().contains(address), pile.said());
      assertFalse(seen.everSaid("closed"), "the contactor stays open");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aDriverWithADamagedStoreDoesNotStart(Damage damage) throws Exception {
    byte[] damaged = damage(site.database("driver"), damage);
    try (Program driver = site.driver("charge", address)) {
      refuses(driver, site.database("driver"), damaged);
    }
  }

  private static byte[] damage(Path database, Damage damage) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(database.toFile(), "rw")) {
      damage.to(file);
    }
    return Files.readAllBytes(database);
  }

  private void refuses(Program program, Path database, byte[] damaged) throws Exception {
    assertEquals(DAMAGED, program.exit(), program.said());
    String said = program.said();
    assertTrue(said.contains(database + " is "), said);
    assertTrue(said.contains("damaged"), said);
    assertTrue(said.contains("chargepile restore"), said);
    assertArrayEquals(damaged, Files.readAllBytes(database), "the file is left as it was");
    assertEquals(0, site.unconfirmed(), "nothing is published");
  }

  @Test
  void aPileWhoseDatabaseMayNotBeWrittenDoesNotStart() throws Exception {
    try (PrivateMounts mounts = readOnly(site.database("pile"));
        Program pile = site.pileUnder(mounts.inside())) {
      assertEquals(FAILED, pile.exit(), pile.said());
      assertTrue(pile.said().contains(site.database("pile") + ": could not"), pile.said());
      assertTrue(pile.said().contains("this user may write the file"), pile.said());
      assertEquals(0, site.unconfirmed());
    }
    startsAgain();
  }

  @Test
  void aPileWhoseFolderMayNotBeWrittenDoesNotStart() throws Exception {
    try (PrivateMounts mounts = readOnly(site.data("pile"));
        Program pile = site.pileUnder(mounts.inside())) {
      assertEquals(FAILED, pile.exit(), pile.said());
      assertTrue(pile.said().contains("this user may write the directory"), pile.said());
      assertEquals(0, site.unconfirmed());
    }
    startsAgain();
  }

  private static PrivateMounts readOnly(Path path) throws IOException, InterruptedException {
    return PrivateMounts.after("mount --bind \"$1\" \"$1\"; mount -o remount,bind,ro \"$1\"", path);
  }

  private void startsAgain() throws Exception {
    try (Program pile = site.pile()) {
      assertEquals(address, pile.await(line -> line.startsWith("chargepile:")));
      assertTrue(pile.said().contains("found channel "), pile.said());
      assertTrue(site.standings().agree());
      pile.terminate();
      assertEquals(143, pile.exit(), pile.said());
    }
  }
}
