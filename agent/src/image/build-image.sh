#!/bin/sh
# Makes the self-contained image that users run: runtime/ (jlink), lib/ (jars, native libraries, AOT cache), bin/.
#   build-image.sh IMAGE AGENT_JAR CLASSPATH_FILE [TRAINING_ARGUMENT...]
# The JDK is the build's own (TOOLCHAIN_JAVA_HOME, else JAVA_HOME). Each part is made again only when what it is made
# from has changed. The training arguments are a chargepile command; the classes it loads are the ones that start fast.
set -eu
image=$1 agent=$2 classpath=$3
shift 3
source=$(cd "$(dirname "$0")" && pwd)
jdk=${TOOLCHAIN_JAVA_HOME:-${JAVA_HOME:?"names no JDK; run this script through Maven"}}
mkdir -p "$image"
image=$(cd "$image" && pwd)
work=$image.work # beside the image: what it was made from, and logs
mkdir -p "$work"
started=$(date +%s)

jars=$(tr ':' '\n' <"$classpath")
jars="$agent
$jars"
IFS='
' # paths may hold blanks: from here on only line ends separate words

# changed PART WHAT: whether PART was last made from something else than WHAT.
changed() { [ "$(cat "$work/$1.from" 2>/dev/null)" != "$2" ]; }
made() { printf '%s\n' "$2" >"$work/$1.from"; }

everything="$(cksum $jars "$source"/* "$jdk/release") $*"
if ! changed image "$everything"; then exit 0; fi
rm -f "$work/image.from"

# --- runtime: the modules that the libraries need, as jdeps names them, and those that our own two jars need
own=$("$jdk/bin/jdeps" --multi-release 25 --ignore-missing-deps --print-module-deps \
  $(printf '%s\n' $jars | grep -E '/(agent|hal)-[^/]*\.jar$'))
modules="java.management,java.naming,java.prefs,java.sql,jdk.unsupported,$own"
if changed runtime "$modules $(cat "$jdk/release")"; then
  rm -rf "$image/runtime" "$work/runtime.from"
  "$jdk/bin/jlink" --add-modules "$modules" --output "$image/runtime" \
    --strip-debug --no-man-pages --no-header-files --compress zip-6
  made runtime "$modules $(cat "$jdk/release")"
fi

# --- lib: the jars. Native libraries lie beside them, for this machine only: the jars bring a dozen other platforms',
# and would unpack theirs into /tmp at each start.
rm -rf "$image/lib" "$image/bin" "$work/jar"
mkdir -p "$image/lib/native" "$image/bin"

# unpack JAR, pack JAR: through a folder, work/jar.
unpack() {
  mkdir -p "$work/jar"
  (cd "$work/jar" && "$jdk/bin/jar" --extract --file "$1")
}
pack() {
  "$jdk/bin/jar" --create --file "$image/lib/${1##*/}" --manifest "$work/jar/META-INF/MANIFEST.MF" \
    --date 2026-01-01T00:00:00Z -C "$work/jar" .
  rm -rf "$work/jar"
}

# native JAR FOLDER LIBRARY OTHERS...: copies LIBRARY, of JAR's FOLDER, into lib/native, and JAR without OTHERS, the
# folders of all platforms' libraries.
native() {
  whole=$1 library=$2/$3
  shift 3
  unpack "$whole"
  if [ -f "$work/jar/$library" ] && getconf GNU_LIBC_VERSION >/dev/null 2>&1; then
    cp "$work/jar/$library" "$image/lib/native/"
    for folder; do rm -rf "${work:?}/jar/$folder"; done
  fi # else the jar stays whole and finds its library, if it has one, as it does anywhere
  pack "$whole"
}

# unsigned: takes the signature from the jar in work/jar: it would be checked class by class at each start, and keeps
# classes out of the AOT cache.
unsigned() {
  rm -f "$work"/jar/META-INF/*.SF "$work"/jar/META-INF/*.DSA "$work"/jar/META-INF/*.RSA "$work"/jar/META-INF/*.EC
  awk '/^\r?$/ { exit } { print }' "$work/jar/META-INF/MANIFEST.MF" >"$work/manifest"
  mv "$work/manifest" "$work/jar/META-INF/MANIFEST.MF"
}

arch=$(sed -n 's/^OS_ARCH="\(.*\)"/\1/p' "$jdk/release" | sed 's/amd64/x86_64/') # the JDK's: a kernel may be wider
run_path=
for jar in $jars; do
  name=${jar##*/}
  case $name in
  sqlite-jdbc-*) native "$jar" "org/sqlite/native/Linux/$arch" libsqlitejdbc.so org/sqlite/native ;;
  secp256k1-kmp-jni-jvm-linux-*)
    native "$jar" "fr/acinq/secp256k1/jni/native/linux-$arch" libsecp256k1-jni.so fr/acinq/secp256k1/jni/native
    ;;
  jblst-*)
    native "$jar" "supranational/blst/Linux/$(echo "$arch" | sed 's/x86_64/amd64/')" libblst.so \
      supranational/blst/Linux supranational/blst/Mac supranational/blst/Windows
    ;;
  bcprov-* | org.eclipse.paho.*)
    unpack "$jar"
    unsigned
    pack "$jar"
    ;;
  picocli-*)
    unpack "$jar"
    "$jdk/bin/java" "$source/LiftOldClasses.java" "$work/jar"
    pack "$jar"
    ;;
  *) cp "$jar" "$image/lib/" ;;
  esac
  run_path="$run_path:\$lib/$name"
done
touch -d 2026-01-01T00:00:00Z "$image"/lib/*.jar # the AOT cache knows its jars by time and size
sed "s|@CLASSPATH@|${run_path#:}|" "$source/chargepile" >"$image/bin/chargepile"
chmod 755 "$image/bin/chargepile"

# --- AOT cache: made as on the machines that the image is installed on. Without training arguments there is none.
cp "$source/make-cache" "$image/bin/"
chmod 755 "$image/bin/make-cache"
if [ $# = 0 ] || "$image/bin/make-cache" "$image/lib/chargepile.aot" "$work" "$@"; then
  made image "$everything"
fi
echo "image $image: $(du -sm "$image" | cut -f1) MB in $(($(date +%s) - started)) s"
