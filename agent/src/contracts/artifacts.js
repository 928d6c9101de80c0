#!/usr/bin/env node
// Compiles each contract of src/main/solidity, by itself, and writes its ABI and creation bytecode.
//   artifacts.js PEERS OUT [Contract ...]      leaves OUT/<Contract>.json; a test compares them with those checked in
// The bytes depend on the sources, the compiler's version and the settings below alone: sources are named relative to
// their folder and no metadata is appended. A warning counts as an error.
'use strict';
const fs = require('fs');
const path = require('path');

const [peers, out, ...only] = process.argv.slice(2);
if (!out) {
  console.error('artifacts.js PEERS OUT [Contract ...]');
  process.exit(1);
}
const modules = path.resolve(peers, 'evm', 'node_modules');
const solc = require(path.join(modules, 'solc'));
const sources = path.resolve(__dirname, '..', 'main', 'solidity');
const wanted = ['abi', 'evm.bytecode.object', 'evm.deployedBytecode.object'];
const largestCode = 24576; // EIP-170

function fail(what) {
  console.error(what);
  process.exit(1);
}

const settings = {
  evmVersion: 'prague',
  optimizer: { enabled: true, runs: 200 },
  metadata: { appendCBOR: false, bytecodeHash: 'none' },
};

function content(name) {
  const file = path.join(name.startsWith('@') ? modules : sources, name);
  return fs.existsSync(file) ? { contents: fs.readFileSync(file, 'utf8') } : { error: `no such file: ${name}` };
}

// OpenZeppelin's guard against re-entrance uses transient storage, and clears it at the end of the call as advised.
function expected(error) {
  return error.errorCode === '2394' && error.sourceLocation.file.startsWith('@openzeppelin/');
}

function compiled(contract) {
  const file = `${contract}.sol`;
  const request = {
    language: 'Solidity',
    sources: { [file]: { content: content(file).contents } },
    settings: { ...settings, outputSelection: { [file]: { '*': wanted } } },
  };
  const answer = JSON.parse(solc.compile(JSON.stringify(request), { import: content }));
  const errors = (answer.errors || []).filter((error) => !expected(error));
  if (errors.length) fail(errors.map((error) => error.formattedMessage).join('\n'));
  const made = answer.contracts[file][contract];
  if (!made) fail(`${file} declares no contract ${contract}`);
  const size = made.evm.deployedBytecode.object.length / 2;
  if (size > largestCode) fail(`${contract} has ${size} bytes of code; the chain takes ${largestCode}`);
  return { abi: made.abi, bytecode: made.evm.bytecode.object, size };
}

function artifact(contract, { abi, bytecode }) {
  const entries = abi.map((entry) => `    ${JSON.stringify(entry)}`).join(',\n');
  return [
    '{',
    `  "contract": ${JSON.stringify(contract)},`,
    `  "compiler": ${JSON.stringify(solc.version())},`,
    `  "abi": [\n${entries}\n  ],`,
    `  "bytecode": "0x${bytecode}"`,
    '}',
    '',
  ].join('\n');
}

const contracts = fs
  .readdirSync(sources)
  .filter((name) => name.endsWith('.sol'))
  .map((name) => name.slice(0, -'.sol'.length))
  .filter((name) => !only.length || only.includes(name))
  .sort();
fs.mkdirSync(out, { recursive: true });
for (const contract of contracts) {
  const made = compiled(contract);
  if (!made.bytecode) continue; // abstract
  fs.writeFileSync(path.join(out, `${contract}.json`), artifact(contract, made));
  console.log(`${contract}: ${made.size} bytes of code`);
}
