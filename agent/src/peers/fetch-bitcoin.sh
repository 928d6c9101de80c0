#!/bin/sh
# The Bitcoin node that the demo and the tests run: Bitcoin Knots of Debian's trixie-backports with libraries and loader of its own,
# so that the machine may be an older Debian.
#   fetch-bitcoin.sh PEERS     leaves PEERS/bitcoin/bin/bitcoind and bin/bitcoin-cli
# Does nothing where these are there already. Without apt or network it says so in one line and succeeds.
set -eu
peers=$1
[ ! -x "$peers/bitcoin/bin/bitcoind" ] || exit 0

PEER=bitcoind
. "$(dirname "$0")/debian-packages.sh"
mkdir -p "$peers"
peers=$(cd "$peers" && pwd)
apt_begin "$peers/.apt-bitcoin"
apt_suites trixie trixie-backports
apt_download bitcoin-knots
new="$APT/bitcoin"
apt_unpack "$new"
for program in bitcoind bitcoin-cli; do wrapper "$new" "$program"; done
version=$("$new/bin/bitcoind" --version 2>&1 | sed -n '1s/.* version //p')
[ -n "$version" ] || not_fetched "the unpacked program does not start here: $("$new/bin/bitcoind" --version 2>&1 | head -n 1)"
rm -rf "$peers/bitcoin"
mv "$new" "$peers/bitcoin"
echo "bitcoind $version unpacked into $peers/bitcoin"
