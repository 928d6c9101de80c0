package chargepile.agent.identity;

import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PublicKey;
import java.time.Instant;

/** Why a certificate is not accepted; {@link #explanation} says it to whoever must act. */
public sealed interface CertificateRefusal {
  /** A sentence without a full stop. */
  String explanation();

  /** It was issued by another centre than the one trusted here. */
  record ForeignKgc(ByteVector32 found, ByteVector32 trusted) implements CertificateRefusal {
    @Override
    public String explanation() {
      return "it is from the key generation centre %s, while %s is trusted here"
          .formatted(found.toHex(), trusted.toHex());
    }
  }

  /** The centre did not sign this. */
  record BadSignature(PartyId party) implements CertificateRefusal {
    @Override
    public String explanation() {
      return "the key generation centre's signature on the certificate of %s is wrong: it was forged or changed"
          .formatted(party);
    }
  }

  record NotYetValid(Instant notBefore, Instant at) implements CertificateRefusal {
    @Override
    public String explanation() {
      return "it is valid from %s, and it is %s: check the clock".formatted(notBefore, at);
    }
  }

  record Expired(Instant notAfter, Instant at) implements CertificateRefusal {
    @Override
    public String explanation() {
      return "it was valid until %s, and it is %s: ask the key generation centre for a new one"
          .formatted(notAfter, at);
    }
  }

  record Revoked(Instant since, long listNumber) implements CertificateRefusal {
    @Override
    public String explanation() {
      return "it is revoked since %s (revocation list %d)".formatted(since, listNumber);
    }
  }

  /** The list of revocations is not the centre's, so nothing can be said. */
  record BadRevocationList(long number) implements CertificateRefusal {
    @Override
    public String explanation() {
      return "the revocation list %d is not signed by the trusted key generation centre"
          .formatted(number);
    }
  }

  record WrongParty(PartyId found, PartyId expected) implements CertificateRefusal {
    @Override
    public String explanation() {
      return "it is the certificate of %s, not of %s".formatted(found, expected);
    }
  }

  record WrongRole(Role found, Role expected) implements CertificateRefusal {
    @Override
    public String explanation() {
      return "it certifies a %s where a %s is needed".formatted(found, expected);
    }
  }

  /** The handshake was with another key: somebody shows a certificate that is not theirs. */
  record WrongNodeKey(PublicKey found, PublicKey expected) implements CertificateRefusal {
    @Override
    public String explanation() {
      return "it is for the node key %s, but the peer's is %s".formatted(found, expected);
    }
  }
}
