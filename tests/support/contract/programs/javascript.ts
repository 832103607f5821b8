import type { ContractPrograms } from './contract-programs.ts';

const quoted = (text: string): string => JSON.stringify(text);

/** Programs that are JavaScript and TypeScript alike. */
const shared: Omit<ContractPrograms, 'language' | 'fail' | 'broken' | 'setVariable'> = {
  print: 'console.log("one")\nconsole.log("two")\nconsole.error("oops")',
  answer: '6 * 7',
  readVariable: 'kept',
  endless: 'console.log("go")\nwhile (true) {}',
  stubborn: 'console.log("go")\nwhile (true) { try { while (true) {} } catch {} finally { while (true) {} } }',
  exit: 'process.exit(3)',
  flood: 'const line = "x".repeat(999)\nwhile (true) console.log(line)',
  hoard: 'const held = []\nwhile (true) held.push(new Uint8Array(4_000_000).fill(1))',
  greet: 'console.log("hello", prompt("name? ") ?? "nobody")',
  reach: 'console.log(await (await fetch("https://api.example.org/hello")).text())',
  figure: null,
  callHost: 'displayTable([{ a: 1 }], "Numbers")\nconsole.log("called")',
  callHostWrong: 'const rows = 7\ndisplayTable(rows)',
  write: (path, text) => `require("fs").writeFileSync(${quoted(path)}, ${quoted(text)})`,
  read: (path) => `process.stdout.write(require("fs").readFileSync(${quoted(path)}, "utf8"))`,
  awaitFile: (path) => `console.log("waiting")
while (!require("fs").existsSync(${quoted(path)})) await new Promise((next) => setTimeout(next, 10))
process.stdout.write(require("fs").readFileSync(${quoted(path)}, "utf8"))`,
  rename: (from, to) => `require("fs").renameSync(${quoted(from)}, ${quoted(to)})`,
  remove: (path) => `require("fs").unlinkSync(${quoted(path)})`,
  replaceOpen: (path, text) =>
    `{ const fs = require("fs"), open = fs.openSync(${quoted(path)}, "w"); fs.writeSync(open, "old"); fs.unlinkSync(${quoted(path)})
fs.writeFileSync(${quoted(path)}, ${quoted(text)}); fs.writeSync(open, "er"); fs.closeSync(open) }`,
  makeFolder: (path) => `require("fs").mkdirSync(${quoted(path)})`,
  list: (path) => `console.log(require("fs").readdirSync(${quoted(path || '.')}).join("\\n"))`,
  writeBytes: (path, count) =>
    `{ const held = new Uint8Array(${count})
for (let at = 0; at < 251; at += 1) held[at] = at
for (let at = 251; at < ${count}; at *= 2) held.copyWithin(at, 0, at)
require("fs").writeFileSync(${quoted(path)}, held) }`,
  sumBytes: (path) =>
    `{ const held = require("fs").readFileSync(${quoted(path)}); let sum = 0; for (const byte of held) sum += byte; console.log(held.length, sum) }`,
  exceptions: {},
};

export const javascriptPrograms: ContractPrograms = {
  ...shared,
  language: 'javascript',
  setVariable: 'const kept = 7',
  fail: 'const x = 1\nnull.missing',
  broken: 'for (let x of',
};

export const typescriptPrograms: ContractPrograms = {
  ...shared,
  language: 'typescript',
  setVariable: 'const kept: number = 7',
  fail: 'const x: number = 1\nnull!.missing',
  broken: 'for (let x: number of',
};
