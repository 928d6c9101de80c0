package chargepile.agent.cli.kgc;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.CommonOptions;
import chargepile.agent.cli.identity.ArmoredFile;
import chargepile.agent.cli.identity.IdentityFiles;
import chargepile.agent.cli.identity.RevocationFile;
import chargepile.agent.config.LogLevel;
import chargepile.agent.crypto.Signer;
import chargepile.agent.crypto.pairing.Pairing;
import chargepile.agent.identity.ChainRevocation;
import chargepile.agent.identity.KeyGenerationCentre;
import chargepile.agent.identity.RevocationList;
import chargepile.agent.runtime.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code chargepile kgc export}. */
@Command(
    name = "export",
    sortOptions = false,
    description = {
      "Write what piles and drivers need: the public parameters ("
          + IdentityFiles.KGC
          + "), and a new signed list of",
      "revoked certificates ("
          + IdentityFiles.REVOCATIONS
          + "); and where one of them has an account"
          + " on an EVM chain, what",
      "chargepile market revoke brings to its registry there ("
          + RevocationFile.NAME
          + "). All are"
          + " public."
    })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class ExportCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private CommonOptions common;

  @Parameters(paramLabel = "FOLDER", description = "The centre's folder.")
  private Path folder;

  @Option(
      names = "--to",
      paramLabel = "DIR",
      required = true,
      description = "Where to; made when it is not there. Older files of these names are replaced.")
  private Path to;

  @Mixin private PassphraseOption passphrase;

  @Override
  public Integer call() throws CommandFailedException, IOException, InterruptedException {
    common.applyTo(LogLevel.WARN);
    Pairing pairing = Pairing.best();
    Instant now = Instant.now();
    PrintWriter out = spec.commandLine().getOut();
    char[] secret = passphrase.known(); // typed before the folder is locked
    Files.createDirectories(to);
    try (KgcFolder kgc = KgcFolder.open(folder, pairing)) {
      KeyGenerationCentre centre = kgc.centre(secret, pairing);
      RevocationList list =
          centre.revoke(
              kgc.register().nextList(),
              now.truncatedTo(ChronoUnit.SECONDS),
              kgc.register().revocations());
      Map<String, Json> fields = new LinkedHashMap<>();
      fields.put("list", Json.of(list.number()));
      fields.put("revoked", Json.of((long) list.revocations().size()));
      kgc.record(now, Register.EXPORTED, fields);
      Path parameters = to.resolve(IdentityFiles.KGC);
      Path revocations = to.resolve(IdentityFiles.REVOCATIONS);
      ArmoredFile.write(parameters, ArmoredFile.Kind.PARAMETERS, kgc.parameters().encode());
      ArmoredFile.write(revocations, ArmoredFile.Kind.REVOCATIONS, list.encode());
      out.printf(
          "%s: the parameters of %s, fingerprint %s%n%s: list %d of %s, with %d certificates%n",
          parameters,
          kgc.parameters().name(),
          kgc.parameters().id().toHex(),
          revocations,
          list.number(),
          list.issued(),
          list.revocations().size());
      exportForRegistries(out, kgc.register(), centre, pairing);
      Lines.centresAccount(out, centre.account(Signer.best()));
      out.printf(
          "audit log: %s%nKeep that line where nobody who can change %s gets at it: a log that was"
              + " cut and written anew has another%n",
          kgc.logHead(), folder);
    }
    out.flush();
    return 0;
  }

  private void exportForRegistries(
      PrintWriter out, Register register, KeyGenerationCentre centre, Pairing pairing)
      throws IOException {
    List<ChainRevocation.Signed> signed = new ArrayList<>();
    for (ChainRevocation each : register.chainRevocations(pairing)) {
      signed.add(centre.revokeOnChain(each, Signer.best()));
    }
    if (!signed.isEmpty()) {
      Path file = to.resolve(RevocationFile.NAME);
      RevocationFile.write(file, signed);
      out.printf(
          "%s: %d revocations for registry contracts; anybody brings them there with%n  chargepile"
              + " market revoke %s --rpc URL --key-file FILE --transactions FOLDER%n",
          file, signed.size(), file);
    }
  }
}
