package chargepile.agent.cli.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.chain.ChainException;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.TxId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReservedCoinsFileTest {
  private static final TxId TXID = new TxId("ab".repeat(32));

  @TempDir private Path folder;
  private ReservedCoinsFile file;

  @BeforeEach
  void name() {
    file = new ReservedCoinsFile(folder.resolve(ReservedCoinsFile.NAME));
  }

  @Test
  void whatIsSavedIsLoaded() {
    assertEquals(Set.of(), file.load());
    Set<OutPoint> coins = Set.of(new OutPoint(TXID, 0), new OutPoint(TXID, 17));
    file.save(coins);
    assertEquals(coins, file.load());
    file.save(Set.of());
    assertEquals(Set.of(), file.load());
  }

  @Test
  void aDamagedFileSaysWhatToDo() throws IOException {
    Files.writeString(file.file(), TXID.value.toHex() + ":0\nnonsense\n");
    ChainException damaged = assertThrows(ChainException.class, file::load);
    assertEquals(
        file.file()
            + " is damaged at \"nonsense\": what the last run reserved is free when the Bitcoin"
            + " node restarts",
        damaged.getMessage());
  }

  @Test
  void whatCannotBeWrittenIsAnError() {
    ReservedCoinsFile nowhere = new ReservedCoinsFile(folder.resolve("gone").resolve("coins"));
    ChainException full = assertThrows(ChainException.class, () -> nowhere.save(Set.of()));
    assertTrue(String.valueOf(full.getMessage()).contains("so no coin is reserved"));
  }
}
