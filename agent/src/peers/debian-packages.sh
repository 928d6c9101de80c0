# Debian packages unpacked into a folder: no root, nothing installed, nothing of the system written.
# Sourced by the fetch-*.sh beside it. apt works on a private state; mirrors, keys, proxies and the list of what is
# installed are the machine's own. Needs apt-get and dpkg-deb, as any Debian, Raspberry Pi OS or Ubuntu has them.

# not_fetched WHY: one line for the reader of the build, and success: a build goes on without its peers.
not_fetched() {
  echo "$PEER not unpacked: $1"
  exit 0
}

# apt_begin DIR: prepares the private state in DIR (made, and removed when the script ends).
apt_begin() {
  APT=$1
  for tool in apt-get apt-config dpkg-deb timeout; do
    command -v "$tool" >/dev/null || not_fetched "this machine has no $tool"
  done
  rm -rf "$APT"
  mkdir -p "$APT/lists/partial" "$APT/cache/archives/partial" "$APT/debs"
  trap 'rm -rf "$APT"' EXIT
  trap 'exit 1' HUP INT TERM
  {
    # The machine's apt.conf.d stays out: it may hold hooks that clean the system's caches. Its proxies come along.
    apt-config dump | grep -E '^Acquire::https?::' || true
    cat <<CONF
Dir::Etc::main "/dev/null";
Dir::Etc::parts "/dev/null";
Dir::Cache "$APT/cache";
Dir::Log "$APT";
Acquire::Languages "none";
Acquire::Retries "1";
Acquire::http::Timeout "15";
Acquire::https::Timeout "15";
APT::Sandbox::User "root";
Debug::NoLocking "true";
CONF
  } >"$APT/apt.conf"
  export APT_CONFIG="$APT/apt.conf"
}

# apt_suites SUITE...: from here on the packages are those of these Debian suites, from the mirror that the machine's
# own apt uses, and every library counts as lacking: with its loader among them a program runs on an older Debian too.
apt_suites() {
  mirror=$( (cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources 2>/dev/null || true) |
    sed 's/#.*//' | grep -oE 'https?://[^ ]+/debian/?( |$)' | head -n 1 | tr -d ' ')
  [ -n "$mirror" ] || not_fetched "this machine's apt sources name no Debian mirror"
  keys=
  for file in /usr/share/keyrings/debian-archive-keyring.gpg /usr/share/keyrings/debian-archive-keyring.pgp; do
    [ -n "$keys" ] || [ ! -r "$file" ] || keys=$file
  done
  [ -n "$keys" ] || not_fetched "this machine has no debian-archive-keyring"
  for suite in "$@"; do echo "deb [signed-by=$keys] $mirror $suite main"; done >"$APT/sources.list"
  : >"$APT/status"
  cat >>"$APT/apt.conf" <<CONF
Dir::Etc::sourcelist "$APT/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::State::lists "$APT/lists";
Dir::State::status "$APT/status";
CONF
}

# apt_download PACKAGE...: the packages and the libraries they need that the machine lacks, into $APT/debs.
# First with the package lists that the machine has; where these are absent or too old, with fresh private ones.
apt_download() {
  if apt_try "$@"; then return; fi
  echo "Dir::State::lists \"$APT/lists\";" >>"$APT/apt.conf"
  timeout 180 apt-get -qq update >"$APT/log" 2>&1 || true # one dead source of several is no reason to give up
  apt_try "$@" || not_fetched "$(grep -m 1 'Failed to fetch' "$APT/log" || grep -m 1 '^E:' "$APT/log" || echo 'apt has no such package')"
}

apt_try() {
  apt-get -qq --simulate --no-install-recommends --reinstall install "$@" >"$APT/plan" 2>>"$APT/log" || return 1
  wanted=$(sed -n 's/^Inst \([^ ]*\) .*/\1/p' "$APT/plan" | grep -E "^(lib.*|$(echo "$*" | tr ' ' '|'))\$" || true)
  [ -n "$wanted" ] || return 1
  (cd "$APT/debs" && timeout 180 apt-get -qq download $wanted >>"$APT/log" 2>&1)
}

# apt_unpack DIR: DIR/programs and DIR/lib from the downloaded packages; everything else in them is left out.
apt_unpack() {
  for deb in "$APT"/debs/*.deb; do dpkg-deb --extract "$deb" "$APT/root"; done
  mkdir -p "$1/bin" "$1/lib" "$1/programs"
  for folder in usr/bin usr/sbin bin sbin; do
    if [ -d "$APT/root/$folder" ]; then cp -P "$APT/root/$folder"/* "$1/programs/"; fi
  done
  find "$APT/root" -path '*/lib/*' \( -name 'lib*.so*' -o -name 'ld-linux*.so*' \) -exec cp -P {} "$1/lib/" \;
}

# wrapper DIR PROGRAM: DIR/bin/PROGRAM starts DIR/programs/PROGRAM with DIR/lib, and with the loader where one is there;
# it becomes that process.
wrapper() {
  cat >"$1/bin/$2" <<'SH'
#!/bin/sh
home=$(dirname "$(dirname "$(readlink -f "$0")")")
for loader in "$home"/lib/ld-linux*.so*; do
  if [ -x "$loader" ]; then exec "$loader" --library-path "$home/lib" "$home/programs/$(basename "$0")" "$@"; fi
done
LD_LIBRARY_PATH=$home/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
export LD_LIBRARY_PATH
exec "$home/programs/$(basename "$0")" "$@"
SH
  chmod +x "$1/bin/$2"
}
