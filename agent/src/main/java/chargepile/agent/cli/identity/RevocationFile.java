package chargepile.agent.cli.identity;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.node.DurableFile;
import chargepile.agent.identity.ChainRevocation;
import chargepile.agent.json.JsonText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Revocations that a centre signed for registry contracts, as JSON. */
public final class RevocationFile {
  /** As {@code kgc export} names it. */
  public static final String NAME = "registry-revocations.json";

  private RevocationFile() {}

  /** Writes them all, in the place of what was there. */
  public static void write(Path file, List<ChainRevocation.Signed> all) throws IOException {
    List<Map<String, Object>> list = new ArrayList<>();
    for (ChainRevocation.Signed each : all) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("party", each.revocation().party().value());
      one.put("key_version", each.revocation().keyVersion());
      one.put("chain_id", each.revocation().chainId());
      one.put("registry", each.revocation().registry().toString());
      one.put("signature", "0x" + each.signature().bytes().toHex());
      list.add(one);
    }
    String text = JsonText.of(Map.of("revocations", list)) + "\n";
    DurableFile.write(file, text.getBytes(StandardCharsets.UTF_8));
  }

  public static List<ChainRevocation.Signed> read(Path file) throws CommandFailedException {
    List<ChainRevocation.Signed> all = new ArrayList<>();
    for (JsonPaper one : JsonPaper.read(file, "a list of revocations").list("revocations")) {
      try {
        all.add(
            new ChainRevocation.Signed(
                new ChainRevocation(
                    one.party("party"),
                    Math.toIntExact(one.number("key_version")),
                    one.number("chain_id"),
                    one.address("registry")),
                one.signature("signature")));
      } catch (IllegalArgumentException | ArithmeticException e) {
        throw new CommandFailedException("%s: %s".formatted(file, e.getMessage()), e);
      }
    }
    return all;
  }
}
