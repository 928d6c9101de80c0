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

  /** Somebody signed in a role that doesn't: seller and buyer are drivers or piles. */
  record WrongRole(PartyId party, Role role) implements SettlementRefusal {
    @Override
    public String explanation() {
      return "%s is registered as %s, which %s"
          .formatted(
              party,
              role,
              role == Role.COMPANY
                  ? "signs no settlement"
                  : "neither sells nor buys: only a driver or a pile does");
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
