package chargepile.agent.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import chargepile.agent.config.ConfigException;
import chargepile.agent.config.ConfigFile;
import chargepile.agent.session.ChainSight;
import chargepile.agent.session.ChainTrouble;
import chargepile.agent.session.pile.Pile;
import chargepile.agent.units.BlockHeight;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What systemctl status shows. */
class PileDaemonTest {
  private static final Optional<BlockHeight> BLOCK = Optional.of(new BlockHeight(812_345));

  @Test
  void theStatusNamesTheLastBlockOnceThereIsOne() throws ConfigException {
    assertEquals("no session; 0 channels", PileDaemon.status(pile(), Optional.empty()));
    assertEquals("no session; 0 channels; block 812345", PileDaemon.status(pile(), BLOCK));
  }

  @Test
  void aChainOutOfSightStandsAfterTheLastBlockThatWasSeen() throws ConfigException {
    ChainTrouble trouble = new ChainTrouble("it does not answer", Instant.EPOCH, 0);
    assertEquals(
        "no session; 0 channels; block 812345; no chain: it does not answer",
        PileDaemon.status(seeing(pile(), new ChainSight(Optional.of(trouble), false)), BLOCK));
  }

  private static Pile pile() throws ConfigException {
    return Pile.fresh(
        new PileTerms(
                ConfigFile.parse(
                    "c.toml", "[pile]\nid = \"p\"\n[tariff]\nprice_msat_per_kwh = 300000\n"))
            .pile());
  }

  private static Pile seeing(Pile pile, ChainSight chain) {
    return new Pile(
        pile.channels(),
        pile.nextKeyIndex(),
        pile.connected(),
        pile.meter(),
        pile.contactor(),
        pile.plugged(),
        pile.session(),
        pile.declined(),
        pile.asking(),
        chain,
        pile.agreements(),
        pile.standing(),
        pile.heat(),
        pile.unmetered(),
        pile.page(),
        pile.notary(),
        pile.timers(),
        pile.storedRegisters(),
        pile.storedAtNanos());
  }
}
