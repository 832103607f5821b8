import { type Starter, STARTERS } from '../../tables/listed-commands.ts';
import type { Item } from './item.ts';

/** Commands that another one starts by its words. `assigned`: variables that it sets for them. */
export interface InnerWords {
  readonly commands: readonly (readonly Item[])[];
  readonly assigned: readonly string[];
}

const FIND_STARTING = new Set(['-exec', '-execdir', '-ok', '-okdir']);
const FIND_ENDING = new Set([';', '+']);

/** Null where its options do not show which word is the command. */
export function innerWords(name: string, items: readonly Item[]): InnerWords | null {
  return name === 'find' ? innerOfFind(items) : innerOfStarter(name, items);
}

function innerOfFind(items: readonly Item[]): InnerWords {
  const commands: Item[][] = [];
  let open: Item[] | null = null;
  for (const item of items) {
    if (open === null) {
      if (FIND_STARTING.has(item.text)) commands.push((open = []));
    } else if (FIND_ENDING.has(item.text)) open = null;
    else open.push(item);
  }
  return { commands, assigned: [] };
}

function innerOfStarter(name: string, items: readonly Item[]): InnerWords | null {
  const starter = STARTERS[name] ?? {};
  if (isQuestion(name, items)) return { commands: [], assigned: [] };
  const assigned: string[] = [];
  let at = 0;
  for (let item = items[at]; item !== undefined; item = items[at]) {
    const { text } = item;
    if (name === 'env' && /^\w+=/u.test(text)) assigned.push(`${text.slice(0, text.indexOf('='))}=${quoted(item)}`);
    else if (!text.startsWith('-')) break;
    const length = text.startsWith('-') ? lengthOfOption(item, starter) : 1;
    if (length === null) return null;
    at += length;
    if (text === '--') break;
  }
  const words = items.slice(at + (starter.skips ?? 0));
  return { commands: words.length === 0 ? [] : [words], assigned };
}

const quoted = ({ text, isComputed }: Item): string =>
  isComputed ? '$computed' : `'${text.slice(text.indexOf('=') + 1).replaceAll("'", '')}'`;

/** `command -v git` asks what there is and starts nothing. */
const isQuestion = (name: string, [first]: readonly Item[]): boolean =>
  ['--help', '--version'].includes(first?.text ?? '') || (name === 'command' && /^-\w*[vV]/u.test(first?.text ?? ''));

/** How many words an option is; null where that cannot be told. */
function lengthOfOption({ text, isComputed }: Item, { alone = [], taking = [] }: Starter): number | null {
  if (isComputed) return null;
  if (text === '--' || alone.includes(text)) return 1;
  if (taking.includes(text)) return 2;
  // `--signal=KILL`, `-n5`: the word is joined to its option.
  const isJoined = taking.some((one) => (one.startsWith('--') ? text.startsWith(`${one}=`) : text.startsWith(one)));
  // `-0r`, `-10`: several in one, and the number of `nice`.
  const isCluster = !text.startsWith('--') && [...text.slice(1)].every((letter) => alone.includes(`-${letter}`));
  return isJoined || isCluster || /^-\d+$/u.test(text) ? 1 : null;
}
