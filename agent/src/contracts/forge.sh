#!/bin/sh
# forge over the contracts of this module, with solc and OpenZeppelin as src/peers/fetch-evm.sh fetched them.
#   forge.sh PEERS test --match-contract VoucherChannel
#   forge.sh PEERS build
# FORGE_TARGET: where forge keeps what it builds, instead of target/forge.
set -eu
evm=$(cd "$1/evm" && pwd)
shift
command=$1
shift
cd "$(dirname "$0")/../.."
target=${FORGE_TARGET:-target/forge}
exec "$evm/forge" "$command" --root . --offline --use "$evm/solc" \
  --remappings "@openzeppelin/contracts/=$evm/node_modules/@openzeppelin/contracts/" \
  --cache-path "$target/cache" --out "$target/out" "$@"
