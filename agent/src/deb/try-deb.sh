#!/bin/sh
# Tries the package as people use it, in a small Debian of its own: install, upgrade, remove, purge; and builds it twice.
#   try-deb.sh TARGET AGENT_JAR CLASSPATH_FILE VERSION TIME MAINTAINER     the package is TARGET/chargepile_*.deb
# CHARGEPILE_DEBIAN names another Debian release than the machine's. Needs root, or user namespaces with a range of user
# ids (package uidmap); where they or Debian's packages can't be had it says so in one line and succeeds. What fails is
# told with what was expected.
set -eu
target=$1 agent=$2 classpath=$3 version=$4 time=$5 maintainer=$6
source=$(cd "$(dirname "$0")" && pwd)
work=$target/deb-trial
rm -rf "$work"
mkdir -p "$work"
started=$(date +%s)
deb=$(find "$target" -maxdepth 1 -name 'chargepile_*.deb')
[ -f "$deb" ] || {
  echo "$target has not exactly one chargepile_*.deb to try"
  exit 1
}

# --- the same bytes again: the runtime and the jars made anew, elsewhere, by somebody with other habits
again() {
  (
    umask 077
    TZ=Asia/Tokyo
    export TZ
    sh "$source/../image/build-image.sh" "$work/image" "$agent" "$classpath"
    sh "$source/build-deb.sh" "$work/image" "$work" "$version" "$time" "$maintainer"
  ) >"$work/again.log" 2>&1
}
again &
again=$!

reproducible() {
  if ! wait $again; then
    cat "$work/again.log"
    exit 1
  fi
  if ! cmp -s "$deb" "$work/${deb##*/}"; then
    echo "built twice, $deb and $work/${deb##*/} differ: diffoscope shows where"
    exit 1
  fi
  echo "reproducible: $(sha256sum "$deb" | cut -d' ' -f1)  ${deb##*/}, $(($(stat -c %s "$deb") / 1000)) kB"
}

if command -v lintian >/dev/null; then
  lintian --allow-root --fail-on error "$deb"
  echo "lintian finds no error"
else
  echo "lintian not asked: this machine has none"
fi

# --- in a Debian without Java
skipped() {
  echo "package not installed for trial: $1"
  reproducible
  exit 0
}
suite=${CHARGEPILE_DEBIAN:-}
sh "$source/debian-tree.sh" "$target/peers" "$suite"
tree=$(find "$target/peers" -maxdepth 1 -name "debian-${suite:-*}.tar" | head -n 1)
[ -n "$tree" ] || skipped "there is no Debian to do it in, as said above"
if [ "$(id -u)" = 0 ]; then
  enter="unshare --mount --pid --fork --kill-child"
else
  enter="unshare --user --map-root-user --map-auto --mount --pid --fork --kill-child"
fi
$enter true 2>"$work/unshare.log" || skipped "$(head -n 1 "$work/unshare.log")"

# The next version, of the same content.
dpkg-deb --raw-extract "$deb" "$work/next"
sed -i "s/^Version: .*/&+next/" "$work/next/DEBIAN/control"
dpkg-deb --root-owner-group -Znone --build "$work/next" "$work/next.deb" >/dev/null
rm -rf "$work/next"

$enter sh "$source/in-debian.sh" "$tree" "$deb" "$work/next.deb" "$work"
echo "tried in $(basename "$tree" .tar) in $(($(date +%s) - started)) s: install, demo, upgrade, remove, purge"
reproducible
rm -rf "$work"
