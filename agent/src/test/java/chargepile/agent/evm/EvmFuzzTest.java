package chargepile.agent.evm;

import chargepile.agent.fuzz.Door;
import chargepile.agent.fuzz.Fuzz;
import chargepile.agent.json.JsonReader;
import chargepile.agent.json.MalformedJsonException;
import chargepile.agent.units.EvmAddress;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What nodes, contracts and a damaged disk may give. */
class EvmFuzzTest {
  private static final String HASH = "0x" + "ab".repeat(32);
  private static final EvmAddress CONTRACT =
      EvmAddress.of("0x00000000000000000000000000000000000000be");
  private static final String LOG =
      """
      {"address":"%s","topics":["%s"],"data":"0x00ff","blockNumber":"0x5","blockHash":"%s",\
      "transactionHash":"%s","logIndex":"0x0","removed":false}\
      """
          .formatted(CONTRACT, HASH, HASH, HASH);

  @TestFactory
  Stream<DynamicTest> answersOfNodes() {
    return Fuzz.tests(
        answer(
            "an EVM block",
            "{\"number\":\"0x5\",\"hash\":\"%s\",\"parentHash\":\"%s\",\"timestamp\":\"0x65\",\"baseFeePerGas\":\"0x7\"}"
                .formatted(HASH, HASH),
            EvmRpc::block),
        answer(
            "an EVM receipt",
            "{\"status\":\"0x1\",\"transactionHash\":\"%s\",\"blockNumber\":\"0x5\",\"blockHash\":\"%s\",\"contractAddress\":null,\"gasUsed\":\"0x5208\",\"effectiveGasPrice\":\"0x7\",\"logs\":[%s]}"
                .formatted(HASH, HASH, LOG),
            EvmRpc::receipt));
  }

  private static Door answer(String name, String sample, Function<RpcValue, Object> read) {
    return Door.ofText(
        name,
        List.of(sample),
        EvmException.class,
        text -> {
          try {
            var unused = read.apply(new RpcValue("node", "answer", JsonReader.read(text)));
          } catch (MalformedJsonException e) {
            throw new EvmException("not JSON", e);
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> bytesOfContracts() {
    ContractArtifact artifact = ContractArtifact.load("VoucherChannel");
    Reverts reverts = ContractArtifact.reverts(artifact);
    var contract = new DeployedContract(saying(ByteVector.empty), CONTRACT, artifact);
    List<byte[]> logs =
        List.of(
            log(artifact, "ChannelOpened", 3, 3),
            log(artifact, "Deposited", 2, 2),
            log(artifact, "CloseRequested", 2, 1),
            log(artifact, "VoucherPresented", 2, 3),
            log(artifact, "LockHeld", 2, 4),
            log(artifact, "ChannelSettled", 1, 3),
            log(artifact, "PayoutKept", 2, 1),
            log(artifact, "Claimed", 2, 2),
            log(artifact, "PreimageRegistered", 1, 1));
    return Fuzz.tests(
        Door.open(
            "what a contract refuses with",
            List.of(
                ByteVector.fromHex("08c379a0" + "00".repeat(31) + "20" + "00".repeat(64))
                    .toByteArray(),
                ByteVector.fromHex("4e487b71" + "00".repeat(31) + "11").toByteArray()),
            input -> {
              var unused = reverts.words(new ByteVector(input));
            }),
        Door.of(
            "a log of the voucher channel",
            logs,
            EvmException.class,
            input -> {
              var unused = decoded(contract, input);
            }),
        Door.of(
            "what a contract returns",
            List.of(new byte[32 * 10]),
            EvmException.class,
            input -> {
              var asked = new DeployedContract(saying(new ByteVector(input)), CONTRACT, artifact);
              var unused = asked.ask("channelOf", BlockRef.LATEST, ByteVector32.Zeroes);
            }));
  }

  /** The number of its topics, these, and as many words of data. */
  private static byte[] log(ContractArtifact artifact, String event, int indexed, int words) {
    return new ByteVector(new byte[] {(byte) (1 + indexed)})
        .concat(artifact.signature(event))
        .concat(new byte[32 * (indexed + words)])
        .toByteArray();
  }

  private static Object decoded(DeployedContract contract, byte[] input) {
    List<ByteVector32> topics = new ArrayList<>();
    int at = Math.min(1, input.length);
    int count = input.length == 0 ? 0 : input[0] % 5;
    while (at + 32 <= input.length && topics.size() < count) {
      topics.add(new ByteVector32(Arrays.copyOfRange(input, at, at + 32)));
      at += 32;
    }
    return contract
        .decode(
            new EvmLog(
                CONTRACT,
                topics,
                new ByteVector(Arrays.copyOfRange(input, at, input.length)),
                1,
                ByteVector32.Zeroes,
                ByteVector32.Zeroes,
                0))
        .flatMap(ChannelLogDecoder::decode);
  }

  /** A node that gives every call one answer. */
  private static EvmNode saying(ByteVector answer) {
    return (EvmNode)
        Proxy.newProxyInstance(
            EvmNode.class.getClassLoader(),
            new Class<?>[] {EvmNode.class},
            (proxy, method, arguments) -> method.getName().equals("call") ? answer : "the node");
  }

  @TestFactory
  Stream<DynamicTest> entriesOfTheOutbox() {
    return Fuzz.tests(
        Door.of(
            "a transaction of the outbox",
            OutboxCodecTest.ENTRIES.stream().map(OutboxCodec::encode).toList(),
            IllegalArgumentException.class,
            input -> {
              var unused = OutboxCodec.decode(input);
            }));
  }
}
