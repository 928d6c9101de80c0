#!/bin/sh
# A small Debian of the machine's own release, to try the package in: neither root nor anything of the system needed.
#   debian-tree.sh PEERS SUITE     leaves PEERS/debian-SUITE.tar; an empty SUITE is the machine's own
# Does nothing where that is there already. Without apt or network it says so in one line and succeeds.
set -eu
peers=$1
suite=${2:-$(. /etc/os-release && echo "${VERSION_CODENAME:-bookworm}")}
tree=$peers/debian-$suite.tar
[ ! -s "$tree" ] || exit 0

PEER="Debian $suite"
. "$(dirname "$0")/../peers/debian-packages.sh"
mkdir -p "$peers"
peers=$(cd "$peers" && pwd)
apt_begin "$peers/.apt-debian"
make=mmdebstrap
if ! command -v mmdebstrap >/dev/null; then
  apt_download mmdebstrap
  dpkg-deb --extract "$APT"/debs/mmdebstrap_*.deb "$APT/mmdebstrap"
  make=$APT/mmdebstrap/usr/bin/mmdebstrap
fi
apt_suites "$suite" # for the mirror's address and keys
unset APT_CONFIG
# The tree is thrown away after each use: nothing in it has to survive a power cut.
timeout 300 perl "$(command -v "$make")" --quiet --variant=essential --keyring="$keys" \
  --include=init-system-helpers,systemd-standalone-sysusers,systemd-standalone-tmpfiles \
  --aptopt='Acquire::Languages "none"' --dpkgopt=force-unsafe-io \
  "$suite" "$APT/tree.tar" "deb $mirror $suite main" >"$APT/log" 2>&1 || not_fetched "$(grep -m 1 '^E:' "$APT/log" || tail -n 1 "$APT/log")"
mv "$APT/tree.tar" "$tree"
echo "Debian $suite in $tree: $(($(stat -c %s "$tree") / 1000000)) MB"
