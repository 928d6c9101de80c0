package chargepile.agent.cli.register;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.identity.ArmoredFile;
import chargepile.agent.cli.identity.ArmoredFile.Kind;
import chargepile.agent.cli.identity.IdentityFile;
import chargepile.agent.cli.identity.IdentityFiles;
import chargepile.agent.crypto.pairing.Pairing;
import chargepile.agent.identity.Certificate;
import chargepile.agent.identity.KgcParameters;
import chargepile.agent.identity.Registration;
import chargepile.agent.identity.RegistrationReply;
import chargepile.agent.identity.RegistrationRequest;
import chargepile.agent.runtime.NodeKeys;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/** What a device does with a reply: nothing, unless it is what it asked for. */
final class Taking {
  private final Path folder;
  private final NodeKeys keys;
  private final KgcParameters parameters;
  private final Pairing pairing;

  Taking(Path folder, NodeKeys keys, KgcParameters parameters, Pairing pairing) {
    this.folder = folder;
    this.keys = keys;
    this.parameters = parameters;
    this.pairing = pairing;
  }

  /** Refuses to ask one centre while the device's identity is another's. */
  void requireSameKgc() throws CommandFailedException {
    Path trusted = folder.resolve(IdentityFiles.KGC);
    if (Files.exists(trusted) && !IdentityFile.parameters(trusted, pairing).equals(parameters)) {
      throw new CommandFailedException(
          "%s is of another key generation centre than %s: to change it, move that file and %s away first"
              .formatted(trusted, parameters.name(), IdentityFiles.IDENTITY));
    }
  }

  /**
   * Keeps a reply, in place of an older one.
   *
   * @param where it comes from, for messages
   * @throws CommandFailedException when it is not the answer to the request; nothing was changed
   */
  Certificate take(
      RegistrationReply reply, RegistrationRequest.Subject asked, String where, Instant now)
      throws CommandFailedException {
    requireSameKgc();
    IdentityFiles.open(reply, parameters, keys, pairing, where);
    Registration given = reply.certificate().registration();
    requireAsAsked(given, asked, where);
    if (!now.isBefore(given.notAfter())) {
      throw new CommandFailedException(
          "%s: the certificate expired at %s; ask for a new one (kgc issue --reissue=%d), or set this machine's clock"
              .formatted(where, given.notAfter(), given.serial()));
    }
    Path own = folder.resolve(IdentityFiles.IDENTITY);
    if (Files.exists(own)) {
      long serial = present(own).certificate().registration().serial();
      if (serial > given.serial()) {
        throw new CommandFailedException(
            "%s has serial %d and %s has %d already: it is an old reply, and was left alone"
                .formatted(where, given.serial(), own, serial));
      }
    }
    ArmoredFile.write(folder.resolve(IdentityFiles.KGC), Kind.PARAMETERS, parameters.encode());
    ArmoredFile.write(own, Kind.REPLY, reply.encode());
    return reply.certificate();
  }

  /** A file that can't be read may be of a newer identity, so it is not overwritten. */
  private RegistrationReply present(Path own) throws CommandFailedException {
    try {
      return IdentityFile.reply(own, pairing);
    } catch (CommandFailedException e) {
      throw new CommandFailedException(
          "%s. Nothing was changed: move %s away, and give the same command again"
              .formatted(e.getMessage(), own),
          e);
    }
  }

  private static void requireAsAsked(
      Registration given, RegistrationRequest.Subject asked, String where)
      throws CommandFailedException {
    requireEqual("the name", given.party(), asked.party(), where);
    requireEqual("the role", given.role(), asked.role(), where);
    requireEqual("the meter key", given.meterKey(), asked.meterKey(), where);
    requireEqual("the rated power", given.ratedPowerWatts(), asked.ratedPowerWatts(), where);
    requireEqual("the EVM account", given.evmAccount(), asked.evmAccount(), where);
  }

  private static void requireEqual(String what, Object given, Object asked, String where)
      throws CommandFailedException {
    if (!given.equals(asked)) {
      throw new CommandFailedException(
          "%s certifies %s %s, and this device asks for %s: it was not taken"
              .formatted(where, what, given, asked));
    }
  }
}
