package chargepile.agent.cli.identity;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.identity.ArmoredFile.Kind;
import chargepile.agent.crypto.pairing.Pairing;
import chargepile.agent.identity.Certificate;
import chargepile.agent.identity.KgcParameters;
import chargepile.agent.identity.MalformedIdentityException;
import chargepile.agent.identity.RegistrationReply;
import chargepile.agent.identity.RegistrationRequest;
import chargepile.agent.identity.RevocationList;
import chargepile.agent.identity.SignedSettlement;
import fr.acinq.bitcoin.ByteVector;
import java.nio.file.Path;
import java.util.function.BiFunction;

/**
 * What stands in the files of identities. Reading says whether a file is well-formed and, for a
 * list, whether its centre signed it; whether a certificate or a settlement holds is another
 * question.
 */
public final class IdentityFile {
  private IdentityFile() {}

  public static KgcParameters parameters(Path file, Pairing pairing) throws CommandFailedException {
    return read(file, Kind.PARAMETERS, pairing, KgcParameters::decode);
  }

  public static RegistrationRequest request(Path file, Pairing pairing)
      throws CommandFailedException {
    return read(file, Kind.REQUEST, pairing, RegistrationRequest::decode);
  }

  public static RegistrationReply reply(Path file, Pairing pairing) throws CommandFailedException {
    return read(file, Kind.REPLY, pairing, RegistrationReply::decode);
  }

  public static Certificate certificate(Path file, Pairing pairing) throws CommandFailedException {
    return read(file, Kind.CERTIFICATE, pairing, Certificate::decode);
  }

  public static SignedSettlement settlement(Path file, Pairing pairing)
      throws CommandFailedException {
    return read(file, Kind.SETTLEMENT, pairing, SignedSettlement::decode);
  }

  /** A list that the centre of {@code parameters} signed. */
  public static RevocationList revocations(Path file, KgcParameters parameters, Pairing pairing)
      throws CommandFailedException {
    RevocationList list = read(file, Kind.REVOCATIONS, pairing, RevocationList::decode);
    if (!list.isSignedBy(parameters, pairing)) {
      throw new CommandFailedException(
          "%s is not signed by the key generation centre %s: get the list from there again"
              .formatted(file, parameters.name()));
    }
    return list;
  }

  private static <T> T read(
      Path file, Kind kind, Pairing pairing, BiFunction<ByteVector, Pairing, T> decoder)
      throws CommandFailedException {
    ByteVector bytes = ArmoredFile.read(file, kind);
    try {
      return decoder.apply(bytes, pairing);
    } catch (MalformedIdentityException e) {
      throw new CommandFailedException(
          "%s is not %s: %s".formatted(file, kind.what(), e.getMessage()), e);
    }
  }
}
