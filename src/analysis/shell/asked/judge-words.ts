import {
  ASKED_WORDS,
  CODE_OPTIONS,
  GIT_OPTIONS,
  GIT_SETTINGS,
  GIT_STARTING,
  INTERPRETERS,
  LISTED,
  SAME,
  SHELLS,
  STARTERS,
  SYSTEM_FOLDERS,
} from '../../tables/listed-commands.ts';
import { type Item, plainItem } from './item.ts';
import { type Reading, type Standing, WHY } from './reading.ts';
import { judgeShell, runFile } from './judge-shell.ts';
import { innerWords } from './inner-words.ts';

/** Judges one command by its words. */
export function judgeWords(items: readonly Item[], at: Standing, reading: Reading): void {
  const [first, ...rest] = items;
  if (first === undefined) return;
  if (first.hasPattern) return reading.ask(null, WHY.computed, at);
  if (first.isComputed) return judgeComputed(first, rest, at, reading);
  if (at.isDirect && reading.known.functions.has(first.text)) return;
  const slash = first.text.lastIndexOf('/');
  if (slash < 0 || SYSTEM_FOLDERS.has(first.text.slice(0, slash))) {
    judgeNamed(first.text.slice(slash + 1), rest, at, reading);
  } else runFile(first, at, reading);
}

/** A variable as a command is read where the script itself says all that it can be. */
function judgeComputed({ variable }: Item, rest: readonly Item[], at: Standing, reading: Reading): void {
  const values = variable === null ? null : (reading.known.variables.get(variable) ?? null);
  if (values === null || values.some((value) => value.trim() === '')) return reading.ask(null, WHY.computed, at);
  for (const value of values) {
    const words = value.trim().split(/\s+/u).map(plainItem);
    judgeWords([...words, ...rest], at, reading);
  }
}

type Judge = (rest: readonly Item[], at: Standing, reading: Reading) => void;

/** Commands that run what their words say. */
const RUNNING: ReadonlyMap<string, Judge> = new Map<string, Judge>([
  ...[...SHELLS].map((name) => [name, judgeShell] as const),
  ['.', judgeSourced],
  ['source', judgeSourced],
  ['eval', readText],
  ['trap', judgeTrap],
  ['alias', judgeAliases],
]);

function judgeNamed(name: string, rest: readonly Item[], at: Standing, reading: Reading): void {
  const running = RUNNING.get(name);
  if (running !== undefined) return running(rest, at, reading);
  readCodeOptions(name, rest, at, reading);
  if (Object.hasOwn(STARTERS, name) || name === 'find') return judgeStarter(name, rest, at, reading);
  if (!LISTED.has(name)) return reading.ask(name, WHY.unlisted, at);
  if (name === 'git' ? startsByGit(rest) : startsByWords(name, rest)) reading.ask(name, WHY.starts, at);
  if (INTERPRETERS.has(name) && runsDownload(rest, reading)) reading.ask(null, WHY.download, at);
}

const runsDownload = (items: readonly Item[], { known }: Reading): boolean =>
  items.some(({ text }) => known.downloads.has(text.replace(/^\.\//u, '')));

function judgeSourced([file]: readonly Item[], at: Standing, reading: Reading): void {
  if (file !== undefined) runFile(file, at, reading);
}

function readText(items: readonly Item[], at: Standing, reading: Reading): void {
  if (items.some(({ isComputed, hasPattern }) => isComputed || hasPattern)) return reading.ask(null, WHY.code, at);
  reading.read(items.map(({ text }) => text).join(' '), at, true);
}

/** What is put into a trap is put in when it is set; most are the names of files to remove. */
function judgeTrap([first]: readonly Item[], at: Standing, reading: Reading): void {
  if (first === undefined || first.text.startsWith('-') || first.text === '') return;
  if (first.variable === null) reading.read(first.text, at, true);
  else reading.ask(null, WHY.code, at);
}

function judgeAliases(items: readonly Item[], at: Standing, reading: Reading): void {
  for (const item of items) {
    const [, text] = /^[^=]+=(.*)$/su.exec(item.text) ?? [];
    if (text !== undefined) readText([{ ...item, text }], at, reading);
  }
}

function judgeStarter(name: string, rest: readonly Item[], at: Standing, reading: Reading): void {
  const inner = innerWords(name, rest);
  if (inner === null) return reading.ask(null, WHY.unclear, at);
  for (const assigned of inner.assigned) reading.read(`export ${assigned}`, at, true);
  // `xargs sh` and `find -exec sh {}`: what a shell gets there is not written in the code.
  for (const words of inner.commands) judgeWords(words, { ...at, isDirect: false }, reading);
}

/** `tar -I 'zstd -19'`, `sort --compress-program=gzip`: words that are commands. */
function readCodeOptions(name: string, items: readonly Item[], at: Standing, reading: Reading): void {
  const options = Object.hasOwn(CODE_OPTIONS, name) ? (CODE_OPTIONS[name] ?? []) : [];
  items.forEach((item, index) => {
    const option = options.find((one) => item.text === one || item.text.startsWith(`${one}=`));
    if (option === undefined) return;
    const word = item.text === option ? items[index + 1] : { ...item, text: item.text.slice(option.length + 1) };
    if (word !== undefined) readText([word], at, reading);
  });
}

function startsByWords(name: string, items: readonly Item[]): boolean {
  const same = Object.hasOwn(SAME, name) ? (SAME[name] ?? name) : name;
  const asked = Object.hasOwn(ASKED_WORDS, same) ? ASKED_WORDS[same] : undefined;
  return asked !== undefined && items.some(({ text }) => asked.test(text));
}

/** Settings that hold a command, and those commands of git that start others. */
function startsByGit(items: readonly Item[]): boolean {
  const command = items.find(
    ({ text }, at) => !text.startsWith('-') && !['-c', '-C'].includes(items[at - 1]?.text ?? ''),
  );
  const isConfig = command?.text === 'config';
  const isSubmodule = command?.text === 'submodule' && items.some(({ text }) => text === 'foreach');
  if (isSubmodule || GIT_STARTING.has(command?.text ?? '')) return true;
  return items.some(({ text }, at) => {
    const isSetting = isConfig || items[at - 1]?.text === '-c';
    return (isSetting && GIT_SETTINGS.test(text)) || (command?.text !== 'clean' && GIT_OPTIONS.test(text));
  });
}
