package chargepile.agent.identity;

/** Why a signed settlement is not accepted; {@link #explanation} says it to whoever must act. */
public sealed interface SettlementRefusal {
  /** A sentence without a full stop. */
  String explanation();

  /** Somebody's certificate does not hold. */
  record BadCertificate(PartyId party, CertificateRefusal reason) implements SettlementRefusal {
    @Override
    public String explanation() {
      return "the certificate of %s: %s".formatted(party, reason.explanation());
    }
  }

  /** Seller or buyer is not among the signers. */
  record NotSigned(PartyId party) implements SettlementRefusal {
    @Override
    public String explanation() {
      return party + " is a party to the settlement and has not signed it";
    }
  }

  /** The signature is not that of the signers on these terms. */
  record BadSignature() implements SettlementRefusal {
    @Override
    public String explanation() {
      return "the signature is not the signers' on these terms: terms, signers or signature were"
          + " changed";
    }
  }
}
