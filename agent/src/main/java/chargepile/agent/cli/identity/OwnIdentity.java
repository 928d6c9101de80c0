package chargepile.agent.cli.identity;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.crypto.pairing.Pairing;
import chargepile.agent.identity.Ledger;
import chargepile.agent.identity.Registration;
import chargepile.agent.identity.Role;
import chargepile.agent.runtime.Identity;
import chargepile.agent.runtime.IdentityRenewal;
import chargepile.agent.runtime.NodeKeys;
import chargepile.agent.session.notary.IdentityPolicy;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** A node's identity as its program needs it. */
public final class OwnIdentity {
  private OwnIdentity() {}

  /**
   * What a program is given; nothing where nobody is asked who he is.
   *
   * @param alerts what is wrong with the own certificate. A pile goes on all the same: it has
   *     channels to watch
   */
  public record Opened(Optional<Identity> identity, List<String> alerts) {}

  /**
   * Reads it.
   *
   * @param files where they are, at the start and later: a list may come to where there was none
   * @param ratedPowerWatts of a pile
   * @param ledger that the channels are on
   * @param thread does nothing but look at certificates and sign settlements
   * @throws CommandFailedException when a file is missing, damaged or another device's
   */
  public static Opened open(
      IdentityPolicy policy,
      Supplier<IdentityFiles> files,
      NodeKeys keys,
      Optional<Long> ratedPowerWatts,
      Ledger ledger,
      Executor thread)
      throws CommandFailedException {
    if (policy == IdentityPolicy.OFF) {
      return new Opened(Optional.empty(), List.of());
    }
    Pairing pairing = Pairing.best();
    IdentityWatch watch =
        new IdentityWatch(
            files,
            new IdentityWatch.Owner(keys, ratedPowerWatts, ledger),
            pairing,
            InstantSource.system());
    IdentityFiles.Loaded loaded = watch.loaded();
    IdentityRenewal.Renewed used = watch.used();
    Identity identity = new Identity(policy, used.certificate(), used.clerk(), thread, watch);
    return new Opened(
        Optional.of(identity),
        objections(files.get(), loaded, keys, ratedPowerWatts, pairing, Instant.now()));
  }

  /** What peers will object to in the own certificate, and what to do. */
  public static List<String> objections(
      IdentityFiles files,
      IdentityFiles.Loaded loaded,
      NodeKeys keys,
      Optional<Long> ratedPowerWatts,
      Pairing pairing,
      Instant now) {
    List<String> found = new ArrayList<>();
    loaded
        .refusal(now, pairing)
        .ifPresent(
            refusal ->
                found.add(
                    "the certificate in %s does not hold: %s"
                        .formatted(files.identity(), refusal.explanation())));
    Registration registration = loaded.certificate().registration();
    Role needed = ratedPowerWatts.isPresent() ? Role.PILE : Role.USER;
    if (registration.role() != needed) {
      found.add(
          "the certificate in %s is for a %s, and this is a %s: register again"
              .formatted(files.identity(), registration.role(), needed));
    } else if (ratedPowerWatts.isPresent()) {
      if (!registration.ratedPowerWatts().equals(ratedPowerWatts)) {
        found.add(
            "the certificate in %s is for %s W, and pile.rated_power_w is %d: drivers refuse that; set it right or register again"
                .formatted(
                    files.identity(),
                    registration.ratedPowerWatts().map(String::valueOf).orElse("no"),
                    ratedPowerWatts.get()));
      }
      if (!registration.meterKey().equals(Optional.of(keys.meterId()))) {
        found.add(
            "the certificate in %s is for another meter key than this pile's %s: drivers refuse that; register again"
                .formatted(files.identity(), keys.meterId().toHex()));
      }
    }
    return found;
  }
}
