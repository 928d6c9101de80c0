#!/bin/sh
# The AsyncAPI parser, by which the tests check config/topics.asyncapi.yaml, from npm as this machine has it.
#   fetch-asyncapi.sh PEERS     leaves PEERS/asyncapi/contract.js and its node_modules
# Fetches only what is not there already. Without node, npm or network it says so in one line and succeeds.
set -eu
peers=$1
here=$(cd "$(dirname "$0")" && pwd)/asyncapi
asyncapi=$peers/asyncapi

not_fetched() {
  echo "the AsyncAPI parser is not there: $1"
  exit 0
}

for tool in node npm timeout; do
  command -v "$tool" >/dev/null || not_fetched "this machine has no $tool"
done
mkdir -p "$asyncapi"
cp "$here/contract.js" "$asyncapi/"
if [ -d "$asyncapi/node_modules" ] && cmp -s "$here/package-lock.json" "$asyncapi/package-lock.json"; then exit 0; fi
new=$peers/.asyncapi
rm -rf "$new"
mkdir "$new"
trap 'rm -rf "$new"' EXIT
trap 'exit 1' HUP INT TERM
cp "$here/package.json" "$here/package-lock.json" "$here/contract.js" "$new/"
# No scripts of packages are run: some report home.
(cd "$new" && timeout 300 npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >npm.log 2>&1) ||
  not_fetched "npm: $(grep -m 1 -i error "$new/npm.log" || echo 'no answer')"
rm -rf "$asyncapi"
mv "$new" "$asyncapi"
echo "the AsyncAPI parser is in $asyncapi"
