import type { ShellCommand, ShellWord } from './shell-facts.ts';

/** Programs that start another, with those of their flags that take a word of their own. */
const STARTERS: Readonly<Record<string, readonly string[]>> = {
  sudo: ['-u', '-g', '-h', '-p'],
  doas: ['-u'],
  env: ['-u', '-C', '-S'],
  nohup: [],
  time: [],
  nice: ['-n'],
  timeout: ['-s', '-k'],
  exec: ['-a'],
  command: [],
  builtin: [],
  xargs: ['-I', '-n', '-P', '-L', '-d', '-s', '-E'],
  setsid: [],
  stdbuf: ['-i', '-o', '-e'],
  watch: ['-n'],
  strace: ['-o', '-e'],
  busybox: [],
};

export function commandName(word: ShellWord | undefined): string | null {
  if (!word || word.isComputed || word.text === '') return null;
  const name = word.text.slice(word.text.lastIndexOf('/') + 1);
  return name.startsWith('-') ? null : name;
}

function startOfInner(name: string, words: readonly ShellWord[]): number {
  const taking = STARTERS[name] ?? [];
  let at = 0;
  while (at < words.length) {
    const text = words[at]?.text ?? '';
    const isAssignment = name === 'env' && text.includes('=') && !text.startsWith('-');
    if (!text.startsWith('-') && !isAssignment) break;
    at += taking.includes(text) ? 2 : 1;
  }
  // `timeout 5 cmd`: the first word is a duration
  return name === 'timeout' ? at + 1 : at;
}

/** The commands that this one starts, written in its own words: `sudo apt-get …`, `find … -exec rm {} \;`. */
export function innerCommands(command: ShellCommand): ShellCommand[] {
  const found: ShellCommand[] = [];
  let now = command;
  while (now.name !== null && found.length < 5) {
    const start = innerStart(now);
    const words: readonly ShellWord[] = start < 0 ? [] : now.words.slice(start);
    if (words.length === 0) break;
    now = { ...command, name: commandName(words[0]), words: words.slice(1), isInner: true };
    found.push(now);
  }
  return found;
}

function innerStart(command: ShellCommand): number {
  if (command.name === 'find') {
    const at = command.words.findIndex(({ text }) => ['-exec', '-execdir', '-ok'].includes(text));
    return at < 0 ? -1 : at + 1;
  }
  return Object.hasOwn(STARTERS, command.name ?? '') ? startOfInner(command.name ?? '', command.words) : -1;
}
