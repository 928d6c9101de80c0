package chargepile.agent.cli.identity;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.crypto.pairing.Pairing;
import chargepile.agent.identity.CertificateCheck;
import chargepile.agent.identity.Ledger;
import chargepile.agent.runtime.IdentityRenewal;
import chargepile.agent.runtime.NodeKeys;
import chargepile.agent.session.notary.Clerk;
import chargepile.agent.session.notary.NotaryAnswer;
import chargepile.agent.session.notary.SigningClerk;
import fr.acinq.bitcoin.Crypto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.tinylog.Logger;

/**
 * The files of an identity while its program runs: a newer revocation list, or a certificate issued
 * anew, is used without a restart. Not their times are compared but what is in them, for a clock
 * may be set back. Used by one thread at a time.
 */
final class IdentityWatch implements IdentityRenewal {
  /**
   * Whose they are.
   *
   * @param ratedPowerWatts of a pile
   * @param ledger that the channels are on
   */
  record Owner(NodeKeys keys, Optional<Long> ratedPowerWatts, Ledger ledger) {}

  private final Supplier<IdentityFiles> files;
  private final Owner owner;
  private final Pairing pairing;
  private final InstantSource clock;

  /** The identities before the present one, the latest first: settlements may wait for them. */
  private final List<IdentityFiles.Loaded> former = new ArrayList<>();

  private IdentityFiles.Loaded loaded;
  private String taken;
  private String refused = "";

  /**
   * Reads them for the first time.
   *
   * @throws CommandFailedException as {@link IdentityFiles#load}
   */
  IdentityWatch(Supplier<IdentityFiles> files, Owner owner, Pairing pairing, InstantSource clock)
      throws CommandFailedException {
    this.files = files;
    this.owner = owner;
    this.pairing = pairing;
    this.clock = clock;
    this.taken = content(files.get());
    this.loaded = files.get().load(owner.keys(), pairing);
  }

  IdentityFiles.Loaded loaded() {
    return loaded;
  }

  @Override
  public Optional<Renewed> look() {
    IdentityFiles now = files.get();
    String found = content(now);
    if (found.equals(taken)) {
      refused = "";
      return Optional.empty();
    }
    try {
      take(now);
    } catch (CommandFailedException e) {
      if (!found.equals(refused)) {
        refused = found;
        Logger.error(
            "the identity's files changed, and what was read before stays in use: {}",
            e.getMessage());
      }
      return Optional.empty();
    }
    taken = found;
    return Optional.of(used());
  }

  private void take(IdentityFiles now) throws CommandFailedException {
    IdentityFiles.Loaded next = now.load(owner.keys(), pairing);
    if (!next.parameters().id().equals(loaded.parameters().id())) {
      throw new CommandFailedException(
          "%s is of another key generation centre, %s: to trust that one, start anew"
              .formatted(now.kgc(), next.parameters().name()));
    }
    if (next.revocations().isEmpty() && loaded.revocations().isPresent()) {
      throw new CommandFailedException(
          "the revocation list is gone, and number %d was in use: put the newest in its place"
              .formatted(loaded.revocations().get().number()));
    }
    boolean renewed = !next.certificate().equals(loaded.certificate());
    List<String> objections =
        OwnIdentity.objections(
            now, next, owner.keys(), owner.ratedPowerWatts(), pairing, clock.instant());
    if (renewed && !objections.isEmpty()) {
      throw new CommandFailedException(String.join("; ", objections));
    }
    objections.forEach(objection -> Logger.error("{}", objection));
    if (renewed) {
      former.addFirst(loaded);
      Logger.info(
          "the certificate with serial number {} is in use, instead of {}",
          next.certificate().registration().serial(),
          loaded.certificate().registration().serial());
    }
    loaded = next;
  }

  /** What is in use now. */
  Renewed used() {
    CertificateCheck check = loaded.check(pairing);
    Clerk present = clerk(loaded, check);
    List<Clerk> before = former.stream().map(was -> clerk(was, check)).toList();
    return new Renewed(
        loaded.certificate().encode(),
        (task, now) -> {
          NotaryAnswer answer = present.answer(task, now);
          for (Clerk clerk : before) {
            if (!(answer instanceof NotaryAnswer.GivenUp)) {
              break;
            }
            answer = clerk.answer(task, now); // of a session that was agreed to before
          }
          return answer;
        });
  }

  private Clerk clerk(IdentityFiles.Loaded identity, CertificateCheck check) {
    return new SigningClerk(check, identity.key(), identity.certificate(), owner.ledger());
  }

  /** What tells one content of the files from another; a file that can't be read has one too. */
  private static String content(IdentityFiles files) {
    return Stream.concat(Stream.of(files.identity(), files.kgc()), files.revocations().stream())
        .map(IdentityWatch::content)
        .toList()
        .toString();
  }

  private static String content(Path file) {
    try {
      long size = Files.size(file);
      if (size > ArmoredFile.LARGEST) {
        return "%d bytes".formatted(size);
      }
      return HexFormat.of().formatHex(Crypto.sha256(Files.readAllBytes(file)));
    } catch (IOException e) {
      return String.valueOf(e);
    }
  }
}
