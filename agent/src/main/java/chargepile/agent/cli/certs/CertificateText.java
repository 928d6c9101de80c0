package chargepile.agent.cli.certs;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.TBSCertificate;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.asn1.x509.V3TBSCertificateGenerator;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/**
 * What stands in a certificate (X.509 v3, RFC 5280), signed with ECDSA and SHA-256.
 *
 * @param issuer the authority's name
 * @param subject the common name it is made out to
 * @param serial positive, up to 16 bytes
 */
record CertificateText(
    X500Name issuer,
    X500Name subject,
    BigInteger serial,
    Instant from,
    Instant until,
    PublicKey key,
    Purpose purpose) {
  private static final AlgorithmIdentifier ECDSA_SHA256 =
      new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);

  /** What a certificate is good for. */
  sealed interface Purpose {
    /** Signs others. */
    record Signing() implements Purpose {}

    /** Proves that a broker has one of these names. */
    record Server(List<HostName> hosts) implements Purpose {}

    /** Proves to a broker who a client is. */
    record Client() implements Purpose {}
  }

  static X500Name commonName(String name) {
    return new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, name).build();
  }

  /** The certificate in DER, signed with the issuer's key pair. */
  byte[] signed(PublicKey issuerPublic, PrivateKey issuerPrivate)
      throws GeneralSecurityException, IOException {
    var generator = new V3TBSCertificateGenerator();
    generator.setSerialNumber(new ASN1Integer(serial));
    generator.setSignature(ECDSA_SHA256);
    generator.setIssuer(issuer);
    generator.setSubject(subject);
    generator.setStartDate(new Time(Date.from(from)));
    generator.setEndDate(new Time(Date.from(until)));
    generator.setSubjectPublicKeyInfo(SubjectPublicKeyInfo.getInstance(key.getEncoded()));
    generator.setExtensions(extensions(issuerPublic).generate());
    TBSCertificate text = generator.generateTBSCertificate();
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(issuerPrivate);
    signature.update(text.getEncoded("DER"));
    var certificate =
        new DERSequence(
            new ASN1Encodable[] {text, ECDSA_SHA256, new DERBitString(signature.sign())});
    return certificate.getEncoded("DER");
  }

  private ExtensionsGenerator extensions(PublicKey issuerPublic)
      throws GeneralSecurityException, IOException {
    var extensions = new ExtensionsGenerator();
    extensions.addExtension(
        Extension.subjectKeyIdentifier, false, new SubjectKeyIdentifier(identifier(key)));
    extensions.addExtension(
        Extension.authorityKeyIdentifier,
        false,
        new AuthorityKeyIdentifier(identifier(issuerPublic)));
    switch (purpose) {
      case Purpose.Signing _ -> {
        // Signs no other authority.
        extensions.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
        extensions.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign));
      }
      case Purpose.Server(List<HostName> hosts) -> {
        endEntity(extensions, KeyPurposeId.id_kp_serverAuth);
        extensions.addExtension(
            Extension.subjectAlternativeName,
            false,
            new GeneralNames(hosts.stream().map(HostName::encoded).toArray(GeneralName[]::new)));
      }
      case Purpose.Client _ -> endEntity(extensions, KeyPurposeId.id_kp_clientAuth);
    }
    return extensions;
  }

  private static void endEntity(ExtensionsGenerator extensions, KeyPurposeId use)
      throws IOException {
    extensions.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
    extensions.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
    extensions.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(use));
  }

  /** SHA-1 of the key's bits, as RFC 5280 §4.2.1.2 proposes; a name, not a protection. */
  private static byte[] identifier(PublicKey key) throws GeneralSecurityException {
    return MessageDigest.getInstance("SHA-1")
        .digest(SubjectPublicKeyInfo.getInstance(key.getEncoded()).getPublicKeyData().getBytes());
  }
}
