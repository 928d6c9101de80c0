package chargepile.agent.cli.kgc;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.crypto.pairing.Pairing;
import chargepile.agent.identity.MalformedIdentityException;
import chargepile.agent.identity.RegistrationRequest;
import fr.acinq.bitcoin.ByteVector;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tinylog.Logger;

/** The requests that wait, as their fields say. */
final class WaitingRequests {
  private WaitingRequests() {}

  /** Those that are not decided; one that is was left behind when the power went. */
  static List<RegistrationRequest> all(KgcFolder kgc, Pairing pairing) throws IOException {
    List<RegistrationRequest> open = new ArrayList<>();
    for (RegistrationRequest request : decoded(kgc.pending().all(), pairing)) {
      boolean issued =
          kgc.register().answer(request, Instant.now()) instanceof Register.Answer.Again;
      if (issued || kgc.register().denial(request.encode()).isPresent()) {
        kgc.pending().remove(request.encode());
      } else {
        open.add(request);
      }
    }
    return open;
  }

  /**
   * The one request that an operator names. A fingerprint goes before a name, as a name may look
   * like one.
   *
   * @param name an id, or a fingerprint
   * @param denied whether one that was denied is meant too; only its fingerprint names it
   */
  static RegistrationRequest named(KgcFolder kgc, String name, boolean denied, Pairing pairing)
      throws CommandFailedException, IOException {
    List<RegistrationRequest> waiting = all(kgc, pairing);
    List<RegistrationRequest> refused =
        decoded(kgc.register().denials().stream().map(Register.Denial::request).toList(), pairing);
    Optional<RegistrationRequest> exact =
        withFingerprint(waiting, name)
            .or(() -> denied ? withFingerprint(refused, name) : Optional.empty());
    if (exact.isPresent()) {
      return exact.get();
    }
    List<RegistrationRequest> found = of(waiting, name);
    if (found.isEmpty()) {
      List<RegistrationRequest> before = of(refused, name);
      throw new CommandFailedException(
          "no request of \"%s\" waits%s"
              .formatted(
                  name,
                  denied && !before.isEmpty()
                      ? "; denied was %s: to approve one all the same, name its fingerprint"
                          .formatted(fingerprints(before))
                      : ""));
    }
    if (found.size() > 1) {
      throw new CommandFailedException(
          "%d requests are for %s (%s): ask its owner for the fingerprint that register printed, and name that"
              .formatted(found.size(), name, fingerprints(found)));
    }
    return found.getFirst();
  }

  private static Optional<RegistrationRequest> withFingerprint(
      List<RegistrationRequest> all, String fingerprint) {
    return all.stream().filter(request -> request.fingerprint().equals(fingerprint)).findFirst();
  }

  private static List<RegistrationRequest> of(List<RegistrationRequest> all, String party) {
    return all.stream().filter(request -> request.subject().party().value().equals(party)).toList();
  }

  private static String fingerprints(List<RegistrationRequest> requests) {
    return String.join(", ", requests.stream().map(RegistrationRequest::fingerprint).toList());
  }

  private static List<RegistrationRequest> decoded(List<ByteVector> all, Pairing pairing) {
    List<RegistrationRequest> requests = new ArrayList<>();
    for (ByteVector bytes : all) {
      try {
        requests.add(RegistrationRequest.decode(bytes, pairing));
      } catch (MalformedIdentityException e) {
        Logger.warn("a request that waits can't be read: {}", e.getMessage());
      }
    }
    return requests;
  }
}
