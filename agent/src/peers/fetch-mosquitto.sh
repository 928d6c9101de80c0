#!/bin/sh
# The MQTT broker that demo and the tests run: the mosquitto of this machine's own Debian release, unpacked.
#   fetch-mosquitto.sh PEERS     leaves PEERS/mosquitto/bin/mosquitto and bin/mosquitto_pub, _sub, _passwd, …
# Does nothing where that is there already. Without apt or network it says so in one line and succeeds.
set -eu
peers=$1
[ ! -x "$peers/mosquitto/bin/mosquitto" ] || exit 0

PEER=mosquitto
. "$(dirname "$0")/debian-packages.sh"
mkdir -p "$peers"
peers=$(cd "$peers" && pwd)
apt_begin "$peers/.apt-mosquitto"
apt_download mosquitto mosquitto-clients
new="$APT/mosquitto"
apt_unpack "$new"
for program in "$new"/programs/*; do wrapper "$new" "${program##*/}"; done
version=$("$new/bin/mosquitto" -h 2>&1 | sed -n 's/^mosquitto version //p')
[ -n "$version" ] || not_fetched "the unpacked program does not start here: $("$new/bin/mosquitto" -h 2>&1 | head -n 1)"
rm -rf "$peers/mosquitto"
mv "$new" "$peers/mosquitto"
echo "mosquitto $version unpacked into $peers/mosquitto"
