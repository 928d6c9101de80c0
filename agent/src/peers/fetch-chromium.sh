#!/bin/sh
# The browser that the tests look at the pile's page with: the headless Chromium of this machine's own Debian release, unpacked,
# with fonts.
#   fetch-chromium.sh PEERS     leaves PEERS/chromium/bin/chromium-headless-shell
# Does nothing where that is there already. Without apt or network it says so in one line and succeeds.
set -eu
peers=$1
[ ! -x "$peers/chromium/bin/chromium-headless-shell" ] || exit 0

PEER=chromium
. "$(dirname "$0")/debian-packages.sh"
mkdir -p "$peers"
peers=$(cd "$peers" && pwd)
apt_begin "$peers/.apt-chromium"
apt_download chromium-headless-shell chromium-common fonts-inter fonts-dejavu-core fontconfig-config
new="$APT/chromium"
apt_unpack "$new"
mv "$APT/root/usr/lib/chromium" "$new/chromium"
mv "$APT/root/usr/share/fonts" "$new/fonts"
cat >"$new/fonts.conf" <<'XML'
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
  <alias><family>sans-serif</family><prefer><family>Inter</family><family>DejaVu Sans</family></prefer></alias>
  <alias><family>monospace</family><prefer><family>DejaVu Sans Mono</family></prefer></alias>
</fontconfig>
XML
cat >"$new/bin/chromium-headless-shell" <<'SH'
#!/bin/sh
home=$(dirname "$(dirname "$(readlink -f "$0")")")
LD_LIBRARY_PATH=$home/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
FONTCONFIG_FILE=$home/fonts.conf
export LD_LIBRARY_PATH FONTCONFIG_FILE
exec "$home/chromium/chromium-headless-shell" "$@"
SH
chmod +x "$new/bin/chromium-headless-shell"
version=$("$new/bin/chromium-headless-shell" --version 2>/dev/null | sed -n '1s/^[^0-9]*\([0-9][0-9.]*\).*/\1/p')

[ -n "$version" ] || not_fetched "the unpacked program does not start here: $("$new/bin/chromium-headless-shell" --version 2>&1 | head -n 1)"
rm -rf "$peers/chromium"
mv "$new" "$peers/chromium"
echo "chromium $version unpacked into $peers/chromium"
