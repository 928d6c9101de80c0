package chargepile.agent.config;

import chargepile.agent.session.notary.IdentityPolicy;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Who the pile is to its drivers, and who they have to be. A file that is left out is the one of
 * its usual name in the pile's folder.
 *
 * @param identity the reply of the key generation centre: certificate and key
 * @param kgc the centre's public parameters
 * @param revocations the centre's list of certificates that are void
 */
public record IdentitySettings(
    IdentityPolicy policy,
    Optional<Path> identity,
    Optional<Path> kgc,
    Optional<Path> revocations) {}
