#!/bin/sh
# What compiles, tests and runs the contracts, from npm as this machine has it: solc, OpenZeppelin, forge, anvil.
#   fetch-evm.sh PEERS     leaves PEERS/evm/solc (as forge calls it), PEERS/evm/forge, PEERS/evm/anvil, and node_modules
# Fetches only what is not there already. Without node, npm or network it says so in one line and succeeds.
set -eu
peers=$1
here=$(cd "$(dirname "$0")" && pwd)/evm
evm=$peers/evm

not_fetched() {
  echo "the EVM tools are not there: $1"
  exit 0
}

for tool in node npm timeout; do
  command -v "$tool" >/dev/null || not_fetched "this machine has no $tool"
done
if [ -d "$evm/node_modules" ] && cmp -s "$here/package-lock.json" "$evm/package-lock.json"; then
  cp "$here/solc" "$evm/"
  exit 0
fi
mkdir -p "$peers"
new=$peers/.evm
rm -rf "$new"
mkdir "$new"
trap 'rm -rf "$new"' EXIT
trap 'exit 1' HUP INT TERM
cp "$here/package.json" "$here/package-lock.json" "$here/solc" "$new/"
# No scripts of packages are run: some report home.
(cd "$new" && timeout 600 npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >npm.log 2>&1) ||
  not_fetched "npm: $(grep -m 1 -i error "$new/npm.log" || echo 'no answer')"
for program in forge anvil; do
  installed=node_modules/@foundry-rs/$program-linux-amd64/bin/$program
  # Built for this processor or not there at all; then the contracts still compile.
  if [ -f "$new/$installed" ]; then
    chmod +x "$new/$installed"
    ln -s "$installed" "$new/$program"
  fi
done
rm -rf "$evm"
mv "$new" "$evm"
echo "the EVM tools are in $evm"
