#!/bin/sh
# Packs the image into a .deb for the machine's architecture. The same image gives the same bytes, whoever packs it.
#   build-deb.sh IMAGE OUTPUT_FOLDER VERSION TIME MAINTAINER     TIME: such as 2026-01-01T00:00:00Z
# Prints the package's path. Needs dpkg-deb, as any Debian, Raspberry Pi OS or Ubuntu has it.
set -eu
export LC_ALL=C TZ=UTC
umask 022
image=$1 output=$2 version=$(echo "$3" | sed 's/-SNAPSHOT$/~snapshot/; s/-/+/g') time=$4 maintainer=$5
source=$(cd "$(dirname "$0")" && pwd)
project=$(cd "$source/../../.." && pwd)
SOURCE_DATE_EPOCH=$(date -d "$time" +%s)
export SOURCE_DATE_EPOCH

fail() {
  echo "no .deb: $1" >&2
  exit 1
}
command -v dpkg-deb >/dev/null || fail "this machine has no dpkg-deb (package dpkg)"
[ -x "$image/runtime/bin/java" ] || fail "$image holds no image; mvn -Pdeb package makes it first"

# The architecture is the runtime's, which a wider kernel does not show.
case $(od -An -tu2 -j18 -N2 "$image/runtime/bin/java" | tr -d ' ') in
62) arch=amd64 ;;
183) arch=arm64 ;;
*) fail "$image/runtime is neither for x86-64 nor for arm64" ;;
esac

mkdir -p "$output"
output=$(cd "$output" && pwd)
root=$output/deb-tree
rm -rf "$root" "$output"/chargepile_*.deb
home=$root/usr/lib/chargepile
doc=$root/usr/share/doc/chargepile
mkdir -p "$root/DEBIAN" "$home" "$doc/examples" "$root/usr/bin" "$root/usr/share/man/man1" "$root/etc/chargepile" \
  "$root/usr/share/lintian/overrides" "$root/var/cache/chargepile" "$root/usr/lib/systemd/system" \
  "$root/usr/lib/sysusers.d" "$root/usr/lib/tmpfiles.d" "$root/usr/lib/udev/rules.d"

filled() { # filled FILE: its text, with what is known here
  sed -e "s|@VERSION@|$version|g" -e "s|@ARCHITECTURE@|$arch|g" -e "s|@MAINTAINER@|$maintainer|g" \
    -e "s|@DATE@|$(date -R -d "$time")|g" -e "s|@DAY@|$(date -d "$time" +%Y-%m-%d)|g" "$1"
}

# --- the program. The AOT cache is no two times the same and stays out: the installation makes it on the machine, under
# a name that tells which program it is of.
cp -R "$image/bin" "$image/lib" "$image/runtime" "$home/"
rm -f "$home/lib/chargepile.aot"
mv "$home/runtime/legal" "$doc/runtime-legal"
program=$(cd "$home" && find . -type f | sort | xargs sha256sum | sha256sum | cut -c1-16)
ln -s "/var/cache/chargepile/$program.aot" "$home/lib/chargepile.aot"
ln -s ../lib/chargepile/bin/chargepile "$root/usr/bin/chargepile"

# --- the service and the configuration
cp "$project/systemd/chargepile.service" "$root/usr/lib/systemd/system/"
cp "$project/systemd/sysusers.d/chargepile.conf" "$root/usr/lib/sysusers.d/"
cp "$project/systemd/tmpfiles.d/chargepile.conf" "$root/usr/lib/tmpfiles.d/"
cp "$project/systemd/udev/"*.rules "$root/usr/lib/udev/rules.d/"
cp "$project/config/chargepile.toml" "$root/etc/chargepile/"
echo /etc/chargepile/chargepile.toml >"$root/DEBIAN/conffiles"

# --- what people read
cp -R "$project/config/." "$doc/examples/"
rm "$doc/examples/chargepile.toml"
cp "$project/README.md" "$source/copyright" "$doc/"
filled "$source/changelog" | gzip -9n >"$doc/changelog.gz"
cp "$source/lintian-overrides" "$root/usr/share/lintian/overrides/chargepile"

# The commands are the program's own words: "  name   what it does", longer texts on further lines.
commands=$("$image/bin/chargepile" help | awk '
  /^Commands:/ { listed = 1; next }
  listed && /^$/ { exit }
  listed && /^  [a-z]/ { name = $1; $1 = ""; print ".TP\n.B " name; sub(/^ /, ""); print; next }
  listed { sub(/^ +/, ""); print }' | sed 's/-/\\-/g')
[ -n "$commands" ] || fail "the program does not tell its commands: $image/bin/chargepile help"
filled "$source/chargepile.1" | awk -v commands="$(printf '%s' "$commands" | sed 's/\\/\\\\/g')" \
  '$0 == "@COMMANDS@" { print commands; next } { print }' | gzip -9n >"$root/usr/share/man/man1/chargepile.1.gz"

# --- rights and times
find "$root" -type d -exec chmod 755 {} +
find "$root" -type f -exec chmod 644 {} +
chmod 755 "$home/bin"/* "$home/runtime/bin"/* "$home/runtime/lib/jspawnhelper"
for script in postinst prerm postrm; do
  cp "$source/$script" "$root/DEBIAN/"
  chmod 755 "$root/DEBIAN/$script"
done
find "$root" -exec touch -h -d "$time" {} +

# --- the libraries of other packages: those that a program or library in here names and that do not lie beside it. The
# version of the C library is that of the newest symbol.
programs=$(find "$home/runtime/bin" "$home/runtime/lib" "$home/lib/native" -type f | while read -r file; do
  [ "$(head -c 4 "$file" | tail -c 3)" != ELF ] || echo "$file"
done)
libraries=$(for file in $programs; do ldd "$file"; done | sed -n 's|.* => \(/[^ ]*\) (.*|\1|p' | grep -v "^$root/" |
  sed 's|.*/||' | sort -u)
glibc=$(grep -aohE 'GLIBC_2\.[0-9]+' $programs | sed 's/GLIBC_//' | sort -uV | tail -n 1)
packages=$(for library in $libraries; do
  dpkg-query --search "*/$library" | grep -E ": /(usr/)?lib/[^/]*-linux-gnu/$library\$" | head -n 1 | cut -d: -f1 ||
    fail "no package brings $library"
done | sort -u)
depends=$(for package in $packages; do
  if [ "$package" = libc6 ]; then echo "libc6 (>= $glibc)"; else echo "$package"; fi
done | paste -sd, | sed 's/,/, /g')

size=$(find "$root" -path "$root/DEBIAN" -prune -o -type f -printf '%s\n' -o -printf '1\n' |
  awk '{ sum += int(($1 + 1023) / 1024) } END { print sum }')
filled "$source/control" | sed -e "s|@SIZE@|$size|" -e "s|@LIBRARIES@|$depends|" >"$root/DEBIAN/control"
(cd "$root" && find . -path ./DEBIAN -prune -o -type f -printf '%P\n' | sort | xargs -d '\n' md5sum) >"$root/DEBIAN/md5sums"
chmod 644 "$root/DEBIAN/control" "$root/DEBIAN/md5sums" "$root/DEBIAN/conffiles"

# One thread: the number of threads would show in the bytes.
deb=$output/chargepile_${version}_$arch.deb
dpkg-deb --root-owner-group -Zxz -z0 --threads-max=1 --build "$root" "$deb" >/dev/null
rm -rf "$root"
echo "$deb"
