// node contract.js CONTRACT [MESSAGES]: checks topics.asyncapi.yaml with the AsyncAPI parser, then messages against it.
// MESSAGES is a JSON array of {topic, payload, base64, retained, sender: "pile" | "other"}. Without it the topics' addresses are printed.
// Prints one line for each problem, and exits with 0 whenever it could check.
'use strict';
const fs = require('fs');
const { Parser } = require('@asyncapi/parser');
const Ajv = require('ajv');
const formats = require('ajv-formats');

const [contract, messages] = process.argv.slice(2);

/** The channels with what is to be matched: a parameter stands for one level, with x-levels "many" for the rest. */
function channels(document) {
  return Object.entries(document.channels).map(([name, channel]) => ({
    name,
    channel,
    seen: false,
    pattern: new RegExp(
      '^' +
        channel.address.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{(\w+)\}/g, (whole, parameter) =>
          channel.parameters[parameter]['x-levels'] === 'many' ? '.+' : '[^/]+') +
        '$'),
  }));
}

function payloadProblems(ajv, message, text) {
  if (message.contentType === 'application/octet-stream') {
    return [];
  }
  let value = text;
  if ((message.contentType || 'application/json') === 'application/json') {
    try {
      value = JSON.parse(text);
    } catch (e) {
      return ['is not JSON'];
    }
  }
  const validate = ajv.compile(message.payload);
  return validate(value) ? [] : [ajv.errorsText(validate.errors)];
}

function messageProblems(document, all, operations, ajv, heard) {
  const found = all.filter((each) => each.pattern.test(heard.topic));
  if (found.length !== 1) {
    return [`is on ${found.length} channels: ${found.map((each) => each.name)}`];
  }
  const { name, channel } = found[0];
  found[0].seen = true;
  const problems = [];
  const operation = operations.find((each) => each.channel === channel);
  const sender = operation === undefined || operation.action === 'send' ? 'pile' : 'other';
  if (heard.sender !== sender) {
    problems.push(`was sent by ${heard.sender}, not ${sender}`);
  }
  const retain = operation !== undefined && operation.bindings.mqtt.retain;
  if (heard.retained !== retain) {
    problems.push(`retained: ${heard.retained}, not ${retain}`);
  }
  const text = Buffer.from(heard.base64, 'base64').toString('utf8');
  const mayBeEmpty = name.startsWith('cmd')
    ? name !== 'cmdStart' && name !== 'cmdResume'
    : name === 'homeAssistant' || name === 'channel';
  const empty = text === '' && mayBeEmpty;
  if (!empty) {
    for (const message of Object.values(channel.messages)) {
      problems.push(...payloadProblems(ajv, message, text));
    }
  }
  return problems.map((problem) => `${problem}: ${text.slice(0, 300)}`);
}

async function main() {
  const { document, diagnostics } = await new Parser().parse(fs.readFileSync(contract, 'utf8'));
  for (const each of diagnostics) {
    if (each.severity < 2) {
      console.log(`${contract}:${each.range.start.line + 1}: ${each.message} (${each.code})`);
    }
  }
  if (document === undefined) {
    return;
  }
  const parsed = document.json();
  const all = channels(parsed);
  if (messages === undefined) {
    all.forEach((each) => console.log(each.channel.address));
    return;
  }
  const operations = Object.values(parsed.operations);
  // Parsed schemas bear names of the parser's own.
  const ajv = new Ajv({ strict: false, allErrors: true });
  formats(ajv);
  for (const heard of JSON.parse(fs.readFileSync(messages, 'utf8'))) {
    for (const problem of messageProblems(parsed, all, operations, ajv, heard)) {
      console.log(`${heard.topic} ${problem}`);
    }
  }
  all.filter((each) => !each.seen).forEach((each) => console.log(`${each.channel.address} is never seen`));
}

main().catch((e) => {
  console.error(e);
  process.exit(2);
});
