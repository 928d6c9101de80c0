package chargepile.agent.cli.doctor;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.identity.IdentityFiles;
import chargepile.agent.cli.identity.OwnIdentity;
import chargepile.agent.cli.node.SeedFile;
import chargepile.agent.cli.run.PileDaemon;
import chargepile.agent.config.Config;
import chargepile.agent.crypto.Signer;
import chargepile.agent.crypto.pairing.Pairing;
import chargepile.agent.runtime.NodeKeys;
import chargepile.agent.session.notary.IdentityPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** The pile's certificate: there, for this pile, and valid for some time yet. */
final class IdentityCheck implements Check {
  private static final Duration SOON = Duration.ofDays(14);
  private static final String REGISTER =
      "register the pile again with `chargepile register`, or ask the key generation centre";

  private final Subject subject;

  IdentityCheck(Subject subject) {
    this.subject = subject;
  }

  @Override
  public String name() {
    return "identity";
  }

  @Override
  public List<Finding> look() throws IOException {
    Config config = subject.config();
    IdentityPolicy policy = config.identity().policy();
    if (policy == IdentityPolicy.OFF) {
      return List.of(Finding.skipped("identity.policy is \"off\": nobody asks for certificates"));
    }
    subject.requireVisible();
    if (!Files.exists(subject.seed())) {
      return List.of(Finding.skipped("there is no seed yet, and an identity belongs to one"));
    }
    IdentityFiles files = PileDaemon.identityFiles(config);
    try {
      NodeKeys keys =
          new NodeKeys(
              SeedFile.existing(subject.seed(), config.pile().passphraseFile()), Signer.best());
      AtomicReference<String> fallback = new AtomicReference<>("");
      Pairing pairing = Pairing.best(reason -> fallback.set(" (%s)".formatted(reason)));
      IdentityFiles.Loaded loaded = files.load(keys, pairing);
      List<String> objections =
          OwnIdentity.objections(
              files,
              loaded,
              keys,
              Optional.of(config.pile().ratedPowerWatts()),
              pairing,
              Instant.now());
      if (!objections.isEmpty()) {
        return objections.stream().map(text -> Finding.fail(text, REGISTER)).toList();
      }
      Instant until = loaded.certificate().registration().notAfter();
      String text =
          "%s, certified by %s until %s; policy \"%s\"; pairings by %s%s"
              .formatted(
                  loaded.certificate().party(),
                  loaded.parameters().name(),
                  until,
                  policy.name().toLowerCase(Locale.ROOT),
                  pairing.name(),
                  fallback.get());
      return List.of(
          until.isBefore(Instant.now().plus(SOON))
              ? Finding.warn(text, REGISTER)
              : Finding.ok(text));
    } catch (CommandFailedException e) {
      return List.of(Finding.fail(String.valueOf(e.getMessage()), REGISTER));
    }
  }
}
