package chargepile.agent.cli.kgc;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.identity.PartyId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a certificate is made out. */
final class IssueOptions {
  private static final int MOST_DAYS = 3650;
  private static final int LONGEST_CONTACT = 200;

  @Option(
      names = "--days",
      paramLabel = "N",
      defaultValue = "365",
      description = "How long the certificate is valid, 1 to 3650 (default ${DEFAULT-VALUE}).")
  private int days;

  @Option(
      names = "--reissue",
      paramLabel = "SERIAL",
      description =
          "The party is registered and gets a new key in place of the one of this serial number,"
              + " whose certificate is revoked at once. Said twice, it is done once.")
  private @Nullable Long reissue;

  @Option(
      names = "--contact",
      paramLabel = "TEXT",
      description = "Whom to call. Stays in the audit log; no certificate or export says it.")
  private @Nullable String contact;

  @Option(
      names = "--company",
      paramLabel = "ID",
      description =
          "The registrar of a pile, which owns its bond on an EVM chain: a"
              + " company that this centre has registered. Stands in the certificate for"
              + " the registry contract alone.")
  private @Nullable String company;

  Issuing.Terms terms() throws CommandFailedException {
    if (days < 1 || days > MOST_DAYS) {
      throw new CommandFailedException("--days %d: use 1 to %d".formatted(days, MOST_DAYS));
    }
    if (contact != null && contact.length() > LONGEST_CONTACT) {
      throw new CommandFailedException(
          "--contact: use at most %d characters".formatted(LONGEST_CONTACT));
    }
    return new Issuing.Terms(
        days, Optional.ofNullable(reissue), Optional.ofNullable(contact), registrar());
  }

  private Optional<PartyId> registrar() throws CommandFailedException {
    try {
      return Optional.ofNullable(company).map(PartyId::new);
    } catch (IllegalArgumentException e) {
      throw new CommandFailedException("--company %s: %s".formatted(company, e.getMessage()), e);
    }
  }
}
