package chargepile.agent.cli.market.chain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.CommandRun;
import chargepile.agent.cli.identity.IdentityFile;
import chargepile.agent.crypto.EvmSignature;
import chargepile.agent.crypto.Signer;
import chargepile.agent.crypto.pairing.Pairing;
import chargepile.agent.evm.Anvil;
import chargepile.agent.evm.EvmEndpoint;
import chargepile.agent.evm.Wei;
import chargepile.agent.runtime.NodeKeys;
import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A key generation centre, a chain and a market, worked with the commands that people type. */
final class ChainBench {
  /** Says 6 to every question, which is all that is asked of it here. */
  private static final ByteVector SAYS_6 = ByteVector.fromHex("60065f5260205ff3");

  private static final EvmAddress UNDERLYING = EvmAddress.of("0x" + "0".repeat(38) + "ee");

  private final Path folder;
  private final Anvil anvil;
  private final Path kgc;
  private final Path passphrase;
  private final String kgcAddress;

  ChainBench(Path folder, Anvil anvil) throws IOException {
    this.folder = folder;
    this.anvil = anvil;
    this.kgc = folder.resolve("kgc");
    this.passphrase = folder.resolve("kgc.passphrase");
    anvil.setCode(UNDERLYING, SAYS_6);
    Files.writeString(passphrase, "correct horse\n");
    Files.writeString(folder.resolve("coins.key"), Anvil.privateKey(0).toHex() + "\n");
    done("kgc", "init", kgc, "--passphrase-file", passphrase);
    CommandRun exported =
        done("kgc", "export", kgc, "--to", folder, "--passphrase-file", passphrase);
    Matcher address = Pattern.compile("Ethereum address: (0x\\w+)").matcher(exported.out());
    assertTrue(address.find(), exported.out());
    kgcAddress = address.group(1);
  }

  String url() {
    EvmEndpoint endpoint = anvil.endpoint();
    return endpoint.url().toString();
  }

  /** Options of a deployment into a folder of that name. */
  List<Object> deployment(String name) {
    List<Object> all = new ArrayList<>(List.of("market", "deploy", folder.resolve(name)));
    all.addAll(List.of("--rpc", url(), "--chain", Anvil.CHAIN_ID));
    all.addAll(List.of("--kgc", folder.resolve("kgc.pem"), "--kgc-address", kgcAddress));
    all.addAll(List.of("--agency", Anvil.key(1).address(), "--court", Anvil.key(2).address()));
    all.addAll(List.of("--underlying", UNDERLYING, "--price-cap", 50));
    all.addAll(List.of("--finality", "1", "--key-file", folder.resolve("coins.key")));
    return all;
  }

  CommandRun deploy(String name, Object... more) {
    List<Object> all = deployment(name);
    all.addAll(List.of(more));
    return CommandRun.of(all.toArray());
  }

  /** What the printed tables say. */
  static EvmAddress address(String tables, String key) {
    Matcher found = Pattern.compile("(?m)^" + key + " = \"(0x\\w+)\"").matcher(tables);
    assertTrue(found.find(), () -> key + " in " + tables);
    return EvmAddress.of(found.group(1));
  }

  CommandRun done(Object... arguments) {
    CommandRun run = CommandRun.of(arguments);
    assertEquals(0, run.exit(), run.err());
    return run;
  }

  /** Has a device certified: request, issue, reply. */
  void certify(String name, List<Object> device, EvmAddress registry, Object... issuing) {
    Path request = folder.resolve(name + ".request");
    List<Object> asking = new ArrayList<>(List.of("register"));
    asking.addAll(device);
    asking.addAll(List.of("--kgc", folder.resolve("kgc.pem")));
    asking.addAll(List.of("--registry", Anvil.CHAIN_ID + ":" + registry));
    List<Object> taking = new ArrayList<>(asking);
    asking.addAll(List.of("--request", request));
    done(asking.toArray());
    List<Object> issue = new ArrayList<>(List.of("kgc", "issue", kgc, request));
    issue.addAll(List.of("--fingerprint", fingerprint(request)));
    issue.addAll(List.of("--passphrase-file", passphrase));
    issue.addAll(List.of(issuing));
    done(issue.toArray());
    taking.addAll(List.of("--reply", folder.resolve(name + ".reply")));
    done(taking.toArray());
  }

  /** A driver's or company's options of register. */
  List<Object> wallet(String name, Object... more) {
    List<Object> all = new ArrayList<>(List.of("--data", folder.resolve(name), "--id", name));
    all.addAll(List.of(more));
    return all;
  }

  /** A pile's, whose configuration names this chain. */
  List<Object> pile(String name, int ratedWatts, String market) throws IOException {
    Path config = folder.resolve(name + ".toml");
    String tables = Files.readString(folder.resolve(market).resolve("market.toml"));
    Files.writeString(
        config,
        """
        ledger = "evm"
        [pile]
        id = "%s"
        data_dir = "%s"
        rated_power_w = %d
        [gpio]
        backend = "simulated"
        [tariff]
        price_base_units_per_kwh = 40
        [mqtt]
        broker_url = "tcp://127.0.0.1:1"
        %s
        """
            .formatted(name, folder.resolve(name), ratedWatts, tables));
    return List.of("--config", config);
  }

  /** Has the chain's coins and tokens sent to the account of a device in a folder of that name. */
  EvmAddress fund(String name, EvmAddress token, long tokens) throws IOException {
    NodeKeys keys =
        new NodeKeys(
            new ByteVector32(Files.readAllBytes(folder.resolve(name).resolve("seed"))),
            Signer.best());
    EvmAddress account = EvmSignature.address(keys.signer().publicKey(keys.accountKey()));
    anvil.setBalance(account, Wei.ofGwei(1_000_000_000));
    anvil.give(token, account, new Amount(tokens));
    return account;
  }

  /** A command of the market for a device. */
  CommandRun market(String command, List<Object> device, Object... more) {
    List<Object> all = new ArrayList<>(List.of("market", command));
    all.addAll(device);
    all.addAll(List.of("--rpc", url(), "--finality", "1"));
    all.addAll(List.of(more));
    return CommandRun.of(all.toArray());
  }

  private static String fingerprint(Path request) {
    try {
      return IdentityFile.request(request, Pairing.best()).fingerprint();
    } catch (CommandFailedException e) {
      throw new AssertionError(e);
    }
  }
}
