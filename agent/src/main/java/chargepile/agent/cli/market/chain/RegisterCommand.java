package chargepile.agent.cli.market.chain;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.CommonOptions;
import chargepile.agent.cli.Figures;
import chargepile.agent.cli.identity.IdentityFile;
import chargepile.agent.cli.identity.Roles;
import chargepile.agent.config.ConfigException;
import chargepile.agent.config.LogLevel;
import chargepile.agent.crypto.EvmSignature;
import chargepile.agent.crypto.Signer;
import chargepile.agent.crypto.pairing.Pairing;
import chargepile.agent.evm.market.RegisteredParty;
import chargepile.agent.identity.RegistrationReply;
import chargepile.agent.identity.RegistrationRequest;
import chargepile.agent.identity.Role;
import chargepile.agent.identity.SignedChainCertificate;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code chargepile market register}. */
@Command(
    name = "register",
    sortOptions = false,
    description = {
      "Enter this device into the registry on its EVM chain, with the certificate that chargepile",
      "register --registry brought. A pile locks a bond by its rated power, out of its account's",
      "tokens; with a newer certificate of more power, what is lacking. Twice is once. The"
          + " device's",
      "own program must not run meanwhile."
    })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class RegisterCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private Member member;

  @ArgGroup(exclusive = false)
  private @Nullable Pile pile;

  @Mixin private CommonOptions common;

  /** A pile of this company's. */
  @SuppressWarnings("NullAway.Init") // picocli fills the fields
  static final class Pile {
    @Option(
        names = "--pile-reply",
        paramLabel = "FILE",
        required = true,
        description =
            "This device is a company, and registers a pile of its own: the"
                + " centre's reply to that pile, issued with --company. The company pays"
                + " the bond, and owns it.")
    private Path reply;

    @Option(
        names = "--pile-request",
        paramLabel = "FILE",
        required = true,
        description = "The same pile's request, which proves that the account is the pile's.")
    private Path request;
  }

  /** Whose certificate is sent, with the proof where another sends it. */
  private record Entry(SignedChainCertificate certificate, Optional<EvmSignature> possession) {}

  @Override
  public Integer call()
      throws CommandFailedException, ConfigException, IOException, InterruptedException {
    common.applyTo(LogLevel.WARN);
    PrintWriter out = spec.commandLine().getOut();
    try (Member.Opened opened = member.open()) {
      Entry entry =
          pile == null
              ? new Entry(opened.certificate(), Optional.empty())
              : ofPile(opened, pile, Pairing.best());
      Signer signer = opened.device().keys().signer();
      Member.work(
          opened,
          why -> said(out, "  " + why),
          desk -> {
            Registering registering = desk.registering();
            print(
                out,
                opened,
                entry,
                registering.register(entry.certificate(), entry.possession(), signer),
                registering);
            if (pile == null) {
              takeChannels(opened, desk);
            }
          });
    }
    return 0;
  }

  /** Who left once and is back takes channels again. */
  private static void takeChannels(Member.Opened opened, Member.Desk desk)
      throws CommandFailedException, InterruptedException {
    Optional<ChannelEnds> channels = Member.channels(opened, desk);
    if (channels.isPresent()) {
      channels.get().refuse(false);
      channels.get().finish();
    }
  }

  private static Entry ofPile(Member.Opened company, Pile pile, Pairing pairing)
      throws CommandFailedException {
    if (company.reply().certificate().role() != Role.COMPANY) {
      throw new CommandFailedException(
          "%s is a %s: only a company registers piles of its own"
              .formatted(
                  company.reply().certificate().party(),
                  Roles.name(company.reply().certificate().role())));
    }
    RegistrationReply reply = IdentityFile.reply(pile.reply, pairing);
    RegistrationRequest request = IdentityFile.request(pile.request, pairing);
    SignedChainCertificate certificate =
        reply
            .chain()
            .orElseThrow(
                () ->
                    new CommandFailedException(
                        pile.reply
                            + " has no certificate for a registry: have it issued with --company"));
    if (!certificate
        .certificate()
        .company()
        .equals(Optional.of(company.reply().certificate().party()))) {
      throw new CommandFailedException(
          "%s is not of a pile of %s: have it issued with --company %s"
              .formatted(
                  pile.reply,
                  company.reply().certificate().party(),
                  company.reply().certificate().party()));
    }
    if (!request.subject().evmAccount().equals(reply.certificate().registration().evmAccount())
        || !request.subject().party().equals(reply.certificate().party())) {
      throw new CommandFailedException(
          "%s is not the request that %s answers".formatted(pile.request, pile.reply));
    }
    if (!reply
        .certificate()
        .registration()
        .evmAccount()
        .orElseThrow()
        .registry()
        .equals(company.account().registry())) {
      throw new CommandFailedException(
          "%s is certified for another registry than %s"
              .formatted(pile.reply, company.reply().certificate().party()));
    }
    return new Entry(certificate, request.account().map(proof -> proof.signature()));
  }

  private static void print(
      PrintWriter out,
      Member.Opened opened,
      Entry entry,
      Registering.Registered registered,
      Registering registering) {
    RegisteredParty party = registered.party();
    said(
        out,
        "%s %s in the registry %s as a %s, with the account %s and version %d of its key, until %s"
            .formatted(
                entry.certificate().certificate().registration().party(),
                registered.fresh() ? "is registered" : "was registered already",
                opened.registry().address(),
                Roles.name(party.role()),
                party.account(),
                party.keyVersion(),
                party.notAfter()));
    if (registered.locked().value() > 0) {
      said(
          out,
          "%s of the token were locked as its bond; it is %s now, and %s's"
              .formatted(
                  Figures.grouped(registered.locked().value()),
                  Figures.grouped(party.bond().value()),
                  party.owner()));
    } else if (registering.required(party).value() > 0) {
      said(out, "its bond is %s".formatted(Figures.grouped(party.bond().value())));
    }
  }

  private static void said(PrintWriter out, String text) {
    out.println(text);
    out.flush();
  }
}
