import type { ShellCommand } from '../shell/shell-facts.ts';
import type { Place } from './survey.ts';

const PIPS = new Set(['pip', 'pip3', 'uv']);
const PYTHONS = new Set(['python', 'python3']);
/** Options of pip that take a word of their own. */
const WITH_WORD = new Set([
  '-i',
  '--index-url',
  '--extra-index-url',
  '-f',
  '--find-links',
  '-t',
  '--target',
  '-c',
  '-r',
]);

/** The words behind `install`, where the command is pip's. */
function wordsOf({ name, words }: ShellCommand): readonly string[] | null {
  let rest = words.map(({ text }) => text);
  if (PYTHONS.has(name ?? '') && rest[0] === '-m') rest = rest.slice(1);
  else if (PIPS.has(name ?? '')) rest = [name ?? '', ...rest];
  else return null;
  if (rest[0] === 'uv') rest = rest.slice(1);
  return /^pip3?$/u.test(rest[0] ?? '') && rest[1] === 'install' ? rest.slice(2) : null;
}

/** The name of a requirement, as an index compares it: without versions, extras and case. */
const nameOf = (requirement: string): string =>
  requirement
    .replace(/[<>=!~[;@ ].*$/u, '')
    .replace(/[-_.]+/gu, '-')
    .toLowerCase();

/** Packages that commands install by pip; `at` is where the line of them all stands. */
export function installsOf(commands: readonly ShellCommand[], at: Place | null): (Place & { readonly name: string })[] {
  return commands.flatMap((command) => {
    const words = wordsOf(command) ?? [];
    const { from, to } = at ?? command;
    return words
      .filter((word, index) => !word.startsWith('-') && !WITH_WORD.has(words[index - 1] ?? ''))
      .map((word) => ({ name: nameOf(word), from, to }))
      .filter(({ name }) => name !== '');
  });
}

/** Whether a command only installs, which the packages that are here need no network for. */
export const isInstall = (command: ShellCommand): boolean => wordsOf(command) !== null;
