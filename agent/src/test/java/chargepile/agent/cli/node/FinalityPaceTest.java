package chargepile.agent.cli.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.config.ConfigException;
import chargepile.agent.config.ConfigFile;
import chargepile.agent.config.EvmSettings;
import chargepile.agent.config.LedgerSettings;
import chargepile.agent.evm.Anvil;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.EvmRpc;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is final only after the challenge period is found out before a channel is opened. */
class FinalityPaceTest {
  private Anvil anvil;
  private EvmRpc node;

  @BeforeEach
  void start() throws IOException, InterruptedException {
    anvil = Anvil.still();
    node = anvil.rpc();
  }

  @AfterEach
  void stop() {
    if (node != null) {
      node.close();
      anvil.close();
    }
  }

  private Optional<String> objection(String finality) throws ConfigException {
    String text =
        """
        ledger = "evm"
        [pile]
        id = "p"
        [tariff]
        price_base_units_per_kwh = 1000
        [evm]
        rpc_url = "http://127.0.0.1:8545"
        chain_id = 31337
        voucher_channel = "0x5fbdb2315678afecb367f032d93f642f64180aa3"
        token = "0xe7f1725e7734ce288f8367e1bb143e90bb3f0512"
        minimum_challenge_period_s = 7200
        """;
    EvmSettings settings =
        ((LedgerSettings.Evm) ConfigFile.parse("c", text + finality).ledger()).evm();
    return FinalityPace.objection(settings, node, node.block(BlockRef.LATEST).orElseThrow());
  }

  private Optional<String> depth(int blocks) throws ConfigException {
    return objection("finality = \"depth\"\nfinal_depth_blocks = %d\n".formatted(blocks));
  }

  @Test
  void aDepthThatTakesAsLongAsTheShortestChallengePeriodIsRefused() throws ConfigException {
    anvil.mine(300, 60);
    assertEquals(Optional.empty(), depth(100));
    String told = depth(150).orElseThrow();
    assertTrue(told.contains("evm.final_depth_blocks of 150 take"), told);
    assertTrue(told.contains("Lower the depth below 1"), told);
  }

  @Test
  void ofAChainThatWasJustBegunNothingIsConcluded() throws ConfigException {
    anvil.mine(50, 3600);
    assertEquals(Optional.empty(), depth(150));
  }

  @Test
  void whatTheChainItselfCallsFinalIsNoMatterOfDepth() throws ConfigException {
    anvil.mine(300, 60);
    assertEquals(Optional.empty(), objection("finality = \"safe\"\n"));
  }
}
