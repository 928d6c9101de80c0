package chargepile.agent.cli.register;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.CommonOptions;
import chargepile.agent.cli.identity.ArmoredFile;
import chargepile.agent.cli.identity.IdentityFile;
import chargepile.agent.cli.identity.IdentityFiles;
import chargepile.agent.cli.identity.Roles;
import chargepile.agent.cli.node.BrokerOptions;
import chargepile.agent.cli.node.PileAddress;
import chargepile.agent.config.ConfigException;
import chargepile.agent.config.LogLevel;
import chargepile.agent.crypto.pairing.Pairing;
import chargepile.agent.identity.Certificate;
import chargepile.agent.identity.EvmAccount;
import chargepile.agent.identity.KgcParameters;
import chargepile.agent.identity.MalformedIdentityException;
import chargepile.agent.identity.PartyId;
import chargepile.agent.identity.RegistrationReply;
import chargepile.agent.identity.RegistrationRequest;
import chargepile.agent.identity.Role;
import chargepile.agent.units.EvmAddress;
import fr.acinq.bitcoin.ByteVector;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.tinylog.Logger;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code chargepile register}. */
@Command(
    name = "register",
    sortOptions = false,
    description = {
      "Ask a key generation centre for this device's identity: a certificate of its id, role and"
          + " keys, and the",
      "key that signs settlements. With files that somebody carries, or online. The same device"
          + " asks the same",
      "each time, so a lost reply is asked for again."
    })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class RegisterCommand implements Callable<Integer> {
  private static final int LONGEST_WAIT = 604_800; // a week

  @Spec private CommandSpec spec;
  @Mixin private Device device;

  @Option(
      names = "--kgc",
      paramLabel = "FILE",
      required = true,
      description = "The centre's public parameters, from kgc export.")
  private Path kgc;

  @Option(
      names = "--id",
      paramLabel = "NAME",
      description = "The name to be registered by; a pile's is its pile.id unless this says other.")
  private @Nullable String id;

  @Option(
      names = "--registry",
      paramLabel = "CHAIN:ADDRESS",
      description = {
        "Certify this device's account on an EVM chain too, for the registry contract there, as in",
        "1:0xab..., with the proof that the account is the device's. Give the same for the reply."
      })
  private @Nullable String registry;

  @Option(
      names = "--role",
      paramLabel = "ROLE",
      description =
          "With --data: driver (the default), hub, agency or company. With --config it is a pile.")
  private @Nullable String role;

  @ArgGroup(multiplicity = "1")
  private Way way;

  @Option(
      names = "--wait",
      paramLabel = "SECONDS",
      defaultValue = "3600",
      description =
          "With --at: how long to wait for the operator's decision, 1 to 604800 (default"
              + " ${DEFAULT-VALUE}).")
  private int wait;

  @Mixin private BrokerOptions broker;
  @Mixin private CommonOptions common;

  /** One of them. */
  @SuppressWarnings("NullAway.Init") // picocli fills the fields
  static final class Way {
    @Option(
        names = "--request",
        paramLabel = "FILE",
        description = "Write the request into this file, for kgc issue.")
    private @Nullable Path request;

    @Option(
        names = "--reply",
        paramLabel = "FILE",
        description = "Take the reply in this file, from kgc issue.")
    private @Nullable Path reply;

    @Option(
        names = "--at",
        paramLabel = "ADDRESS",
        description = "Ask online, where kgc serve says that devices reach it.")
    private @Nullable String address;
  }

  @Override
  public Integer call()
      throws CommandFailedException, ConfigException, IOException, InterruptedException {
    common.applyTo(LogLevel.WARN);
    if (wait < 1 || wait > LONGEST_WAIT) {
      throw new CommandFailedException("--wait %d: use 1 to %d".formatted(wait, LONGEST_WAIT));
    }
    Pairing pairing = Pairing.best();
    KgcParameters parameters = IdentityFile.parameters(kgc, pairing);
    Device.Opened opened = device.open();
    Taking taking = new Taking(opened.folder(), opened.keys(), parameters, pairing);
    taking.requireSameKgc();
    RegistrationRequest request = request(opened, parameters, pairing);
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "the key generation centre in %s is %s, fingerprint %s%n",
        kgc, parameters.name(), parameters.id().toHex());
    if (way.request != null) {
      ArmoredFile.write(way.request, ArmoredFile.Kind.REQUEST, request.encode());
      out.printf(
          "%s: %s asks to be a %s, fingerprint %s. Bring it to the centre:%n  chargepile kgc issue"
              + " FOLDER %s --fingerprint %s%n",
          way.request,
          request.subject().party(),
          Roles.name(request.subject().role()),
          request.fingerprint(),
          way.request.getFileName(),
          request.fingerprint());
    } else if (way.reply != null) {
      RegistrationReply reply = IdentityFile.reply(way.reply, pairing);
      taking.take(reply, request.subject(), way.reply.toString(), Instant.now());
      print(out, opened, reply);
    } else {
      online(out, opened, parameters, taking, request, pairing);
    }
    out.flush();
    return 0;
  }

  private RegistrationRequest request(
      Device.Opened opened, KgcParameters parameters, Pairing pairing)
      throws CommandFailedException {
    Optional<EvmAccount> account =
        registry == null
            ? Optional.empty()
            : Optional.of(RegistryAddress.of(registry).account(opened.keys()));
    var subject =
        new RegistrationRequest.Subject(
            parameters.id(),
            party(opened),
            role(opened),
            opened.keys().nodeId(),
            opened.pile().map(_ -> opened.keys().meterId()),
            opened.pile().map(config -> config.pile().ratedPowerWatts()),
            account);
    return RegistrationRequest.of(
        subject,
        opened.keys().nodeKey(),
        opened.keys().identityShare(),
        account.map(_ -> opened.keys().accountKey()),
        opened.keys().signer(),
        pairing);
  }

  private Role role(Device.Opened opened) throws CommandFailedException {
    Role asked = opened.pile().isPresent() ? Role.PILE : Role.USER;
    if (role == null) {
      return asked;
    }
    Role given =
        Roles.named(role)
            .orElseThrow(
                () ->
                    new CommandFailedException(
                        "--role %s: use driver, hub, agency or company".formatted(role)));
    if ((given == Role.PILE) != (asked == Role.PILE)) {
      throw new CommandFailedException(
          asked == Role.PILE
              ? "--role %s: the device of --config is a pile".formatted(role)
              : "--role pile: a pile registers with --config");
    }
    return given;
  }

  private PartyId party(Device.Opened opened) throws CommandFailedException {
    Optional<String> name =
        Optional.ofNullable(id).or(() -> opened.pile().map(config -> config.pile().id()));
    if (name.isEmpty()) {
      throw new CommandFailedException("by what name is this device to be registered? Give --id");
    }
    try {
      return new PartyId(name.get());
    } catch (IllegalArgumentException e) {
      throw new CommandFailedException(
          "\"%s\": %s; give another with --id".formatted(name.get(), e.getMessage()), e);
    }
  }

  private void online(
      PrintWriter out,
      Device.Opened opened,
      KgcParameters parameters,
      Taking taking,
      RegistrationRequest request,
      Pairing pairing)
      throws CommandFailedException, InterruptedException {
    PileAddress address = PileAddress.parse(Objects.requireNonNull(way.address));
    if (!address.pile().equals(parameters.name().value())) {
      throw new CommandFailedException(
          "%s is the address of %s, and %s is of %s"
              .formatted(address, address.pile(), kgc, parameters.name()));
    }
    out.printf(
        "%s asks %s to be a %s. The request's fingerprint, for the operator: %s%n",
        request.subject().party(),
        parameters.name(),
        Roles.name(request.subject().role()),
        request.fingerprint());
    out.flush();
    ByteVector answer =
        new Asking(opened, address, broker)
            .ask(
                request.encode(),
                Duration.ofSeconds(wait),
                text -> {
                  out.println(text);
                  out.flush();
                });
    try {
      RegistrationReply reply = RegistrationReply.decode(answer, pairing);
      taking.take(reply, request.subject(), "the centre's reply", Instant.now());
      print(out, opened, reply);
    } catch (MalformedIdentityException e) {
      throw new CommandFailedException("the centre's reply: " + e.getMessage(), e);
    }
  }

  private static void print(PrintWriter out, Device.Opened opened, RegistrationReply reply) {
    Certificate certificate = reply.certificate();
    Logger.debug("key version {}", certificate.registration().keyVersion());
    out.printf(
        "%s is registered as a %s, serial %d, until %s%n  %s  the identity; it opens with this"
            + " device's seed only%n  %s  whom it trusts%n",
        certificate.party(),
        Roles.name(certificate.role()),
        certificate.registration().serial(),
        certificate.registration().notAfter(),
        opened.folder().resolve(IdentityFiles.IDENTITY),
        opened.folder().resolve(IdentityFiles.KGC));
    certificate
        .registration()
        .evmAccount()
        .ifPresent(
            account ->
                out.println(
                    reply
                        .chain()
                        .flatMap(chain -> chain.signedBy(opened.keys().signer()))
                        .map(
                            centre ->
                                "the account %s is certified for the registry %s, by the centre's Ethereum address %s: chargepile market register"
                                    .formatted(
                                        new EvmAddress(account.address()),
                                        new EvmAddress(account.registry()),
                                        centre))
                        .orElse(
                            "the centre gave no certificate for the registry contract: ask its operator for a new one (kgc issue --reissue=%d)"
                                .formatted(certificate.registration().serial()))));
  }
}
