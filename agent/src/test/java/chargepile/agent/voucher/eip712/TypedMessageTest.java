package chargepile.agent.voucher.eip712;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.crypto.EvmSignature;
import chargepile.agent.crypto.Keccak256;
import chargepile.agent.crypto.Signer;
import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import chargepile.agent.units.VoucherChannelId;
import chargepile.agent.voucher.Party;
import chargepile.agent.voucher.VoucherSetup;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PrivateKey;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Known answers of ethers 6.17 (TypedDataEncoder, AbiCoder, Wallet.signTypedData). */
class TypedMessageTest {
  private static final Signer SIGNER = Signer.best();
  private static final PrivateKey KEY_A = key(1);
  private static final PrivateKey KEY_B = key(0xb0b);
  private static final EvmAddress A = EvmAddress.of("0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf");
  private static final EvmAddress B = EvmAddress.of("0x0376AAc07Ad725E01357B1725B5ceC61aE10473c");
  private static final EvmAddress CONTRACT =
      EvmAddress.of("0x5FbDB2315678afecb367f032d93F642f64180aa3");
  private static final EvmAddress TOKEN =
      EvmAddress.of("0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512");
  private static final Domain DOMAIN = new Domain(31337, CONTRACT);
  private static final VoucherChannelId CHANNEL =
      new VoucherChannelId(
          new ByteVector32("335ce904cff086538fba3082ea80453846870104f3687af05ebb0ffb4b318cc4"));
  private static final ByteVector32 EVIDENCE = Keccak256.hash("evidence");
  private static final ByteVector32 PREIMAGE = new ByteVector32("11".repeat(32));

  private static final Voucher VOUCHER =
      new Voucher(CHANNEL, A, new Amount(123_456_789), 42, EVIDENCE);
  private static final ConditionalVoucher CONDITIONAL =
      new ConditionalVoucher(
          CHANNEL, B, new Amount(Long.MAX_VALUE), 3, EVIDENCE, PREIMAGE.sha256(), 1_900_000_000);
  private static final CooperativeClose CLOSE =
      new CooperativeClose(CHANNEL, new Amount(1_000_000), Amount.ZERO, 1_800_000_000);

  @Test
  void theChannelsIdIsTheContracts() {
    VoucherSetup setup =
        new VoucherSetup(DOMAIN, TOKEN, A, B, 7, Duration.ofHours(1), Party.A, true);
    assertEquals(CHANNEL, setup.id());
  }

  @Test
  void theDomainIsTheContracts() {
    assertEquals(
        "44efd519bcb62c0f3fafbf770c6b03aaa957cf38fd76127c70284714a5cab327",
        DOMAIN.separator().toHex());
  }

  @Test
  void aVoucherIsSignedAsOthersSignIt() {
    assertKnown(
        VOUCHER,
        KEY_A,
        "86e56d25ec13a0ef2f96e4aac37fd851cc6304b8e67910f5fa342362bec4fd42",
        "8381e421490cc39e1d033378c120ccb791d36113317b5cec0969eb446babe70a",
        "8d3efa6a06f8b5099c0388c46fbac139a86f9115c3374b1b0abb66ac880ce7b665a8729a4b8671e2fd5c07f7ee6e85202f407a2fb8601fde82d241ec1560b4aa1c");
  }

  @Test
  void aConditionalVoucherIsSignedAsOthersSignIt() {
    assertKnown(
        CONDITIONAL,
        KEY_B,
        "a994702734cdb7677b081271f50f146a1a75086a86d77bde1b26222cd3d065b7",
        "79a2c31e4aaebae0d8467586373631d2cdc250fa35eaedace1912a73046e1139",
        "a93c480bb57fe11689b7b1de777383ea6931a5f94473b5deae42a5d8102359af390b74f5cf791b0de50cea0a0ded8750046877215c815c4e2eb28ef9223fc0031c");
  }

  @Test
  void aCooperativeCloseIsSignedAsOthersSignIt() {
    assertKnown(
        CLOSE,
        KEY_A,
        "46b17e62cfee573a25edb937998cc0b840a15b29359e693f157c958da4a4e6ea",
        "df2b0ced2bd8f663c199b6e5159798352baeee50ffaaf56902de91d81f4687b0",
        "1a4af125f2677dba1ac4095e54b47d94d9173af0f74676e72545bb7389ca447379f9baba57a071b7df3cb83848c8c2a496ab10f4a63aa7a5162384e75bc888381b");
  }

  @Test
  void aSeriesOfVouchersIsSignedAsOthersSignIt() {
    List<String> known =
        List.of(
            "002fc85f1522637b608bfaf35b084321ea5e709b98c8fd2b392af3cc366523d70640e645732e1a008a43e798717d1e5f19dae28d97ec2800103cc78e5b4df7701c",
            "c98cdb2d06e77f6f81db0ceac66a1a708f1eab3d45d3024d48d1b3d1930b2d834c70eecee1b2c5d46b52bb4b6328261b1fa87587a7097b9001a55aae32e8a2811b",
            "e20aaa19e466a61cd5e0d2052c6448a78497e894c32ffaa75d14f2d4955856011d3b82e3700d2b33e4a9ae1c321a498dcdc27ea9b8716c3e381a863a711969341c",
            "b0773c306204d76215699d8b6d82b362e6bc1ab464c08053bfb611d1359779c574525b5d5a3bf36a5e264e63a9e0dd38c332d89385dc6c24720f272e21e23beb1c",
            "2961bc550ac920c16cc444223682c788f942c069db7a51d383db86e3cb077230592822aa3f2d144d87a53f654c838c66137a7fa8e018c32df1a69e99843312751b",
            "cc42ba59518f75947ace1c15ad1b32c3b7882c68268dd6e233f5859d416c6e4943879c4c5892dfda55b417a8888fcec0694fca9ada82eb35ce02a2c68abd1e5b1c",
            "1e5b355c3f40b8efbb38688b5127d24eeab42cedb92c6952507192bb73fc82bf5fe96d3a3aac6f93c35b5186381947508c26a399b34cbd2b6969a480d8e1f8fe1c",
            "64e26d22eccf7d4e4658cb8cb49f476aaf1f0d2b1d9d7f77a11a56549f934d004caf059ea7cb1cc1bbcac26cbc92bbd3afb4f2a32fdce47c8e85dd50be5b66731c");
    for (int i = 1; i <= known.size(); i++) {
      Voucher voucher = new Voucher(CHANNEL, B, new Amount(i * 1000L), i, EVIDENCE);
      assertEquals(known.get(i - 1), DOMAIN.sign(SIGNER, voucher, KEY_B).toString());
    }
  }

  private static void assertKnown(
      TypedMessage message, PrivateKey key, String struct, String digest, String signature) {
    assertEquals(struct, message.structHash().toHex());
    assertEquals(digest, DOMAIN.digest(message).toHex());
    assertEquals(signature, DOMAIN.sign(SIGNER, message, key).toString());
    EvmAddress signer = EvmSignature.address(SIGNER.publicKey(key));
    assertTrue(DOMAIN.isSigned(SIGNER, message, DOMAIN.sign(SIGNER, message, key), signer));
  }

  /** Requirement table, section 8: signature confusion. */
  @Test
  void aSignatureIsForOneChainContractChannelAndTypeAlone() {
    EvmSignature signature = DOMAIN.sign(SIGNER, VOUCHER, KEY_A);
    assertEquals(
        "6c9e643ebbeb66854f623d3998fe21294a8db5b94c34782c8f8199655777ad2b",
        new Domain(1, CONTRACT).digest(VOUCHER).toHex());
    assertFalse(new Domain(1, CONTRACT).isSigned(SIGNER, VOUCHER, signature, A));
    assertFalse(new Domain(31337, TOKEN).isSigned(SIGNER, VOUCHER, signature, A));
    assertFalse(DOMAIN.isSigned(SIGNER, VOUCHER, signature, B));
    assertFalse(DOMAIN.isSigned(SIGNER, CLOSE, signature, A));
    Voucher elsewhere =
        new Voucher(
            new VoucherChannelId(ByteVector32.One),
            A,
            VOUCHER.cumulative(),
            VOUCHER.seq(),
            EVIDENCE);
    assertFalse(DOMAIN.isSigned(SIGNER, elsewhere, signature, A));
  }

  @Test
  void aVoucherAndAConditionalOneWithTheSameFieldsDiffer() {
    Voucher same = new Voucher(CHANNEL, B, CONDITIONAL.cumulative(), 3, EVIDENCE);
    assertNotEquals(DOMAIN.digest(same), DOMAIN.digest(CONDITIONAL));
  }

  @Test
  void aLockIsOpenedByItsPreimageAlone() {
    assertEquals(
        "02d449a31fbb267c8f352e9968a79e3e5fc95c1bbeaa502fd6454ebde5a4bedc",
        CONDITIONAL.hashlock().toHex());
    assertTrue(CONDITIONAL.isOpenedBy(PREIMAGE));
    assertFalse(CONDITIONAL.isOpenedBy(ByteVector32.One));
  }

  @Test
  void numbersBelowTheirRangeAreNoMessage() {
    assertThrows(
        IllegalArgumentException.class, () -> new Voucher(CHANNEL, A, Amount.ZERO, 0, EVIDENCE));
    assertThrows(
        IllegalArgumentException.class,
        () -> new CooperativeClose(CHANNEL, Amount.ZERO, Amount.ZERO, -1));
    assertThrows(IllegalArgumentException.class, () -> new Domain(-1, CONTRACT));
  }

  private static PrivateKey key(int secret) {
    return new PrivateKey(new ByteVector32("%064x".formatted(secret)));
  }
}
