import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Rewrites a folder's classes that are older than Java 6 as classes of Java 8. The JVM checks the
 * old ones in the old way at each start, and keeps neither them nor what names them in a cache.
 *
 * <pre>java LiftOldClasses.java FOLDER</pre>
 */
final class LiftOldClasses {
  private static final int JAVA_6 = 50;
  private static final int JAVA_8 = 52;

  private final Path folder;
  private final ClassFile format;

  private LiftOldClasses(Path folder) {
    this.folder = folder;
    this.format =
        ClassFile.of(
            ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
            ClassFile.ClassHierarchyResolverOption.of(
                ClassHierarchyResolver.ofResourceParsing(type -> open(type.descriptorString()))
                    .orElse(ClassHierarchyResolver.defaultResolver())));
  }

  public static void main(String[] args) throws IOException {
    new LiftOldClasses(Path.of(args[0])).lift();
  }

  private void lift() throws IOException {
    Map<Path, byte[]> lifted = new LinkedHashMap<>();
    for (Path file : classes()) {
      ClassModel old = format.parse(file);
      if (old.majorVersion() < JAVA_6) {
        lifted.put(file, format.transformClass(old, toJava8()));
      }
    }
    // Only now: each is read again while its neighbours are rewritten.
    for (Map.Entry<Path, byte[]> one : lifted.entrySet()) {
      Files.write(one.getKey(), one.getValue());
    }
  }

  private List<Path> classes() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".class")).sorted().toList();
    }
  }

  /** The methods are built anew, with the stack maps that the newer check reads. */
  private static ClassTransform toJava8() {
    return ClassTransform.transformingMethodBodies((code, element) -> code.with(element))
        .andThen(
            (type, element) ->
                type.with(
                    element instanceof ClassFileVersion
                        ? ClassFileVersion.of(JAVA_8, 0)
                        : element));
  }

  private InputStream open(String descriptor) {
    Path file = folder.resolve(descriptor.substring(1, descriptor.length() - 1) + ".class");
    try {
      return Files.exists(file) ? Files.newInputStream(file) : null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
