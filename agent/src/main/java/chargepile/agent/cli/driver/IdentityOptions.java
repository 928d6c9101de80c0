package chargepile.agent.cli.driver;

import chargepile.agent.cli.identity.IdentityFiles;
import chargepile.agent.session.notary.IdentityPolicy;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Who the driver is to the pile, and who the pile has to be. */
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class IdentityOptions {
  @Option(
      names = "--identity-policy",
      paramLabel = "POLICY",
      defaultValue = "off",
      description = {
        "required: charge only at a pile with a certificate of the KGC; preferred: charge anywhere,"
            + " and sign a settlement",
        "certificate with a pile that has one; off (default)."
      })
  private IdentityPolicy policy;

  @Option(
      names = "--identity",
      paramLabel = "FILE",
      description = "What the KGC answered this wallet (default: identity.pem in --data).")
  private @Nullable Path identity;

  @Option(
      names = "--kgc",
      paramLabel = "FILE",
      description = "The KGC's public parameters (default: kgc.pem in --data).")
  private @Nullable Path kgc;

  @Option(
      names = "--revocations",
      paramLabel = "FILE",
      description =
          "Its list of revoked certificates (default: revocations.pem in --data, where it is"
              + " there).")
  private @Nullable Path revocations;

  IdentityPolicy policy() {
    return policy;
  }

  /**
   * @param folder the wallet's
   */
  IdentityFiles files(Path folder) {
    return IdentityFiles.in(folder)
        .with(
            Optional.ofNullable(identity),
            Optional.ofNullable(kgc),
            Optional.ofNullable(revocations));
  }
}
