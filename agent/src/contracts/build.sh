#!/bin/sh
# Rebuilds the artifacts that are checked in (ABI and creation bytecode), after a change of a contract.
#   build.sh [PEERS] [Contract ...]      PEERS: where fetch-evm.sh left the tools, else target/peers
set -eu
here=$(cd "$(dirname "$0")" && pwd)
module=$(cd "$here/../.." && pwd)
peers=$module/target/peers
if [ $# -gt 0 ]; then
  peers=$1
  shift
fi
[ -d "$peers/evm" ] || sh "$module/src/peers/fetch-evm.sh" "$peers"
exec node "$here/artifacts.js" "$peers" "$module/src/main/resources/chargepile/agent/evm" "$@"
