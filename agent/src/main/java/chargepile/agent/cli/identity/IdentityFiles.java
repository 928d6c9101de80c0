package chargepile.agent.cli.identity;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.crypto.pairing.Pairing;
import chargepile.agent.identity.Certificate;
import chargepile.agent.identity.CertificateCheck;
import chargepile.agent.identity.CertificateRefusal;
import chargepile.agent.identity.IdentityKey;
import chargepile.agent.identity.KgcParameters;
import chargepile.agent.identity.RegistrationReply;
import chargepile.agent.identity.RevocationList;
import chargepile.agent.runtime.NodeKeys;
import fr.acinq.bitcoin.PublicKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * Where a device has its identity.
 *
 * @param identity the KGC's reply, with the certificate and the KGC's part of the key; it is sealed
 *     to the node key, so that it opens only with the device's seed
 * @param kgc the public parameters of the KGC that is trusted
 * @param revocations its list of revoked certificates, if there is one
 */
public record IdentityFiles(Path identity, Path kgc, Optional<Path> revocations) {
  /** The usual names, in the device's folder. */
  public static final String IDENTITY = "identity.pem";

  public static final String KGC = "kgc.pem";
  public static final String REVOCATIONS = "revocations.pem";

  /** Beside the identity: the highest number of a list that was in use. */
  static final String SEEN = "revocations.seen";

  /** The files of the usual names in a folder; the list only where it is there. */
  public static IdentityFiles in(Path folder) {
    Path list = folder.resolve(REVOCATIONS);
    return new IdentityFiles(
        folder.resolve(IDENTITY),
        folder.resolve(KGC),
        Files.exists(list) ? Optional.of(list) : Optional.empty());
  }

  /** The same, but for those that are given. */
  public IdentityFiles with(
      Optional<Path> otherIdentity, Optional<Path> otherKgc, Optional<Path> otherRevocations) {
    return new IdentityFiles(
        otherIdentity.orElse(identity),
        otherKgc.orElse(kgc),
        otherRevocations.isPresent() ? otherRevocations : revocations);
  }

  /**
   * A device's identity, read and put together.
   *
   * @param key secret
   */
  public record Loaded(
      KgcParameters parameters,
      Certificate certificate,
      IdentityKey key,
      Optional<RevocationList> revocations) {
    /** How certificates are judged, the own one and others'. */
    public CertificateCheck check(Pairing pairing) {
      return new CertificateCheck(parameters, revocations, pairing);
    }

    /** Why the own certificate does not hold at {@code at}, such as that it has expired. */
    public Optional<CertificateRefusal> refusal(Instant at, Pairing pairing) {
      return check(pairing).verify(certificate, at);
    }
  }

  /**
   * Reads them. That the certificate has expired or is revoked is no error here: {@link
   * Loaded#refusal} tells.
   *
   * @throws CommandFailedException when a file is missing or damaged, of another KGC than the one
   *     trusted, or another device's, or when a newer list was in use already; the message says
   *     what to do
   */
  public Loaded load(NodeKeys keys, Pairing pairing) throws CommandFailedException {
    KgcParameters parameters = IdentityFile.parameters(kgc, pairing);
    Optional<RevocationList> list = Optional.empty();
    if (revocations.isPresent()) {
      list = Optional.of(IdentityFile.revocations(revocations.get(), parameters, pairing));
    }
    SeenList seen = new SeenList(identity.resolveSibling(SEEN), parameters);
    seen.requireNoOlder(list);
    RegistrationReply reply = IdentityFile.reply(identity, pairing);
    IdentityKey key = open(reply, parameters, keys, pairing, identity.toString());
    return new Loaded(parameters, reply.certificate(), key, list);
  }

  /**
   * The key in a reply, once its certificate is found to be the centre's and for this node key.
   *
   * @param where the reply comes from, for messages
   */
  public static IdentityKey open(
      RegistrationReply reply,
      KgcParameters parameters,
      NodeKeys keys,
      Pairing pairing,
      String where)
      throws CommandFailedException {
    Certificate certificate = reply.certificate();
    PublicKey node = certificate.registration().nodeKey();
    if (!node.equals(keys.nodeId())) {
      throw new CommandFailedException(
          "%s is for the node key %s, this device has %s: it is another device's, or the seed was replaced"
              .formatted(where, node.toHex(), keys.nodeId().toHex()));
    }
    // At its own beginning: whether it still holds is asked elsewhere.
    Optional<CertificateRefusal> forged =
        new CertificateCheck(parameters, Optional.empty(), pairing)
            .verify(certificate, certificate.registration().notBefore());
    if (forged.isPresent()) {
      throw new CommandFailedException("%s: %s".formatted(where, forged.get().explanation()));
    }
    try {
      return reply
          .open(keys.nodeKey(), keys.identityShare(), keys.signer(), pairing)
          .orElseThrow(
              () ->
                  new CommandFailedException(
                      where
                          + " does not open with this device's node key: it was changed; register"
                          + " again, and the KGC gives the same reply"));
    } catch (IllegalArgumentException e) {
      throw new CommandFailedException("%s: %s".formatted(where, e.getMessage()), e);
    }
  }
}
