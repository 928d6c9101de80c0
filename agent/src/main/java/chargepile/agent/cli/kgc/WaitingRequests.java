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
   * The one request that an operator names.
   *
   * @param name an id, or a fingerprint where several ask for one id
   * @param denied whether those that were denied are meant too
   */
  static RegistrationRequest named(KgcFolder kgc, String name, boolean denied, Pairing pairing)
      throws CommandFailedException, IOException {
    List<RegistrationRequest> found = matching(all(kgc, pairing), name);
    if (found.isEmpty() && denied) {
      found =
          matching(
              decoded(
                  kgc.register().denials().stream().map(Register.Denial::request).toList(),
                  pairing),
              name);
    }
    if (found.isEmpty()) {
      throw new CommandFailedException("no request of \"%s\" waits".formatted(name));
    }
    if (found.size() > 1) {
      throw new CommandFailedException(
          "%d requests are for %s (%s): ask its owner for the fingerprint that register printed, and name that"
              .formatted(
                  found.size(),
                  name,
                  String.join(
                      ", ", found.stream().map(RegistrationRequest::fingerprint).toList())));
    }
    return found.getFirst();
  }

  private static List<RegistrationRequest> matching(List<RegistrationRequest> all, String name) {
    return all.stream()
        .filter(
            request ->
                request.subject().party().value().equals(name)
                    || request.fingerprint().equals(name))
        .toList();
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
