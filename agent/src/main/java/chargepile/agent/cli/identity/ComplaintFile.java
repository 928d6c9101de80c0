package chargepile.agent.cli.identity;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.node.DurableFile;
import chargepile.agent.crypto.EvmSignature;
import chargepile.agent.identity.ChainComplaint;
import chargepile.agent.json.JsonText;
import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A harmed party's complaint as JSON, which the agency brings before the registry (P1-11).
 *
 * @param registry the contract that it is for
 */
public record ComplaintFile(
    ChainComplaint complaint, long chainId, EvmAddress registry, EvmSignature signature) {

  public void write(Path file) throws IOException {
    Map<String, Object> one = new LinkedHashMap<>();
    one.put("accused", complaint.accused().value());
    one.put("amount_base_units", complaint.amount().value());
    one.put("harmed", complaint.harmed().value());
    one.put("evidence", "0x" + complaint.evidence().toHex());
    one.put("chain_id", chainId);
    one.put("registry", registry.toString());
    one.put("signature", "0x" + signature.bytes().toHex());
    DurableFile.write(file, (JsonText.of(one) + "\n").getBytes(StandardCharsets.UTF_8));
  }

  public static ComplaintFile read(Path file) throws CommandFailedException {
    JsonPaper paper = JsonPaper.read(file, "a complaint");
    try {
      return new ComplaintFile(
          new ChainComplaint(
              paper.party("accused"),
              new Amount(paper.number("amount_base_units")),
              paper.party("harmed"),
              paper.hash("evidence")),
          paper.number("chain_id"),
          paper.address("registry"),
          paper.signature("signature"));
    } catch (IllegalArgumentException e) {
      throw new CommandFailedException("%s: %s".formatted(file, e.getMessage()), e);
    }
  }
}
