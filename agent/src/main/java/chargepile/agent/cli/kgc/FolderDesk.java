package chargepile.agent.cli.kgc;

import static java.nio.charset.StandardCharsets.UTF_8;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.DamagedLogException;
import chargepile.agent.crypto.Signer;
import chargepile.agent.crypto.pairing.Pairing;
import chargepile.agent.identity.MalformedIdentityException;
import chargepile.agent.identity.RegistrationMessage;
import chargepile.agent.identity.RegistrationMessage.Issued;
import chargepile.agent.identity.RegistrationMessage.Refused;
import chargepile.agent.identity.RegistrationMessage.Waiting;
import chargepile.agent.identity.RegistrationRequest;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.PublicKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import org.tinylog.Logger;

/**
 * Answers devices from a centre's folder. It has no master key and issues nothing: it keeps
 * requests for the operator, and hands out what the operator issued.
 */
final class FolderDesk implements Counter.Desk {
  private static final Refused BROKEN =
      new Refused("the key generation centre can't read its register; its operator has to look");

  private final Path folder;
  private final Signer signer;
  private final Pairing pairing;
  private final InstantSource clock;
  private final Consumer<RegistrationRequest> arrived;

  /**
   * @param arrived is told of each request that is new to the operator
   */
  FolderDesk(
      Path folder,
      Signer signer,
      Pairing pairing,
      InstantSource clock,
      Consumer<RegistrationRequest> arrived) {
    this.folder = folder;
    this.signer = signer;
    this.pairing = pairing;
    this.clock = clock;
    this.arrived = arrived;
  }

  @Override
  public RegistrationMessage answer(PublicKey node, ByteVector bytes) {
    RegistrationRequest request;
    try {
      request = RegistrationRequest.decode(bytes, pairing);
    } catch (MalformedIdentityException e) {
      return new Refused("the request can't be read: " + e.getMessage());
    }
    if (!request.subject().nodeKey().equals(node)) {
      return new Refused(
          "the request is for the node key %s, and the link is with %s: a device asks for itself"
              .formatted(request.subject().nodeKey().toHex(), node.toHex()));
    }
    try (KgcFolder kgc = KgcFolder.open(folder, pairing)) {
      return answer(kgc, request);
    } catch (CommandFailedException | DamagedLogException | IOException e) {
      Logger.error("{}", e.getMessage());
      return BROKEN;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return BROKEN;
    }
  }

  /** The audit log's head, which each decision changes. */
  @Override
  public String state() {
    try {
      return Files.readString(folder.resolve(AuditLog.HEAD), UTF_8);
    } catch (IOException e) {
      return "unknown: " + e;
    }
  }

  private RegistrationMessage answer(KgcFolder kgc, RegistrationRequest request)
      throws IOException, CommandFailedException {
    Optional<String> objection = request.objection(kgc.parameters(), signer, pairing);
    if (objection.isPresent()) {
      return new Refused(objection.get());
    }
    Optional<Register.Denial> denial = kgc.register().denial(request.encode());
    if (denial.isPresent()) {
      return new Refused("denied: " + denial.get().reason());
    }
    Instant now = clock.instant();
    return switch (kgc.register().answer(request, now)) {
      case Register.Answer.Again(Register.Issue issue) -> new Issued(issue.reply());
      case Register.Answer.Fresh _ ->
          keep(kgc, request)
              ? new Waiting(
                  "waiting for the operator of %s; the request's fingerprint is %s"
                      .formatted(kgc.parameters().name(), request.fingerprint()))
              : new Refused("too many requests wait for the operator; ask again later");
      // The operator may want it all the same, so it is kept; the device need not wait for that.
      case Register.Answer.Taken(Register.Issue by, String why) ->
          new Refused(
              keep(kgc, request)
                  ? why
                      + "; if it is to have a new key, ask the operator to approve %s with --reissue=%d, and register again"
                          .formatted(request.fingerprint(), by.serial())
                  : why);
      case Register.Answer.Impossible(String why) -> new Refused(why);
    };
  }

  private boolean keep(KgcFolder kgc, RegistrationRequest request)
      throws IOException, CommandFailedException {
    PendingRequests pending = kgc.pending();
    int before = pending.count();
    boolean kept = pending.add(request.encode());
    if (pending.count() > before) {
      arrived.accept(request);
    }
    return kept;
  }
}
