import { joinBytes } from '../../../base/index.ts';
import { changedOf } from './kept.ts';
import { HEAD_BYTES, READ_HEAD } from './waiting-bash.ts';

/** Where a session's shell keeps what the next program shall find, in the guest's memory: two places by turns, and which is whole. */
export type KeptPlace = 'a' | 'b';
export const keptFile = (place: KeptPlace): string => `/run/companion-kept-${place}`;
export const WHOLE_FILE = '/run/companion-whole';
const TRACED_FILE = '/run/companion-traced';

/**
 * Keeps directory, variables and functions. The last step writes one byte over another: a program that is killed meanwhile
 * leaves what was kept before. Nothing here starts a process, which costs the guest 10 ms.
 */
const keepIn = (place: KeptPlace): string =>
  [
    '{ builtin set +eux +o posix; builtin trap - ERR DEBUG RETURN; builtin unset BASH_EXECUTION_STRING',
    '{ builtin printf "builtin cd -- %q\\n" "$PWD"; builtin declare -p; builtin declare -f',
    `} >|${keptFile(place)} && builtin printf ${place} 1<>${WHOLE_FILE}`,
    '} 2>/dev/null',
  ].join('; ');

const ENCODER = new TextEncoder();
const LINE_END = 10;
const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

export interface Before {
  /** What the last program kept, and where; null where none did. */
  readonly kept: { readonly place: KeptPlace; readonly bytes: Uint8Array } | null;
  /** Where a session begins. */
  readonly cwd: string;
  /** What a bash has that did nothing, as `kept` says it. */
  readonly ofNew: ReadonlySet<string>;
}

/** Makes a bash that just began one that goes on where the last ended, and keeps what it becomes. */
export function becomeWords({ kept, cwd, ofNew }: Before): Uint8Array {
  const begins = `builtin cd -- ${quoted(cwd)}`;
  // It began elsewhere, which is no directory that the session was in.
  const moved = 'builtin unset OLDPWD; builtin declare -x OLDPWD\n';
  const keeps = ENCODER.encode(`builtin trap ${quoted(keepIn(kept?.place === 'a' ? 'b' : 'a'))} EXIT\n`);
  // A bash out of the image's state would begin with the same random numbers everywhere.
  if (!kept) return joinBytes([ENCODER.encode(`${begins}; ${moved}RANDOM=$SRANDOM\n`), keeps]);
  const end = kept.bytes.indexOf(LINE_END);
  return joinBytes([
    kept.bytes.subarray(0, end),
    ENCODER.encode(` || ${begins}; ${moved}`),
    ...changedOf(kept.bytes.subarray(end + 1), ofNew),
    keeps,
  ]);
}

/** What a waiting bash is written first. */
export const become = (words: Uint8Array): Uint8Array =>
  joinBytes([head(`${takeInto('BASH_ENV', words)};builtin eval "$BASH_ENV" 2>/dev/null`), words]);

/**
 * What a bash that waits in a saved state is written ahead of its session: it does once what every session has it do, so that the
 * state holds the memory that this takes (a fault of a page costs the guest some thousand instructions), and reads on as if
 * nothing had been said.
 */
export function rehearsal(): Uint8Array {
  const after = [
    'builtin trap - EXIT',
    '{ builtin printf "%q\\n" "$PWD"; builtin declare -p; builtin declare -f; } >/dev/null',
    `${READ_HEAD} || builtin exit`,
    'builtin eval "$BASH_ENV"',
  ];
  const first = becomeWords({ kept: null, cwd: '/', ofNew: new Set() });
  return become(joinBytes([first, ENCODER.encode(after.join('\n'))]));
}

const takeInto = (name: string, { length }: Uint8Array): string => `LC_ALL=C IFS= builtin read -r -N ${length} ${name}`;

function head(words: string): Uint8Array {
  if (words.length > HEAD_BYTES) throw new RangeError(`no head: ${words}`);
  return ENCODER.encode(words.padEnd(HEAD_BYTES));
}

export interface Handed {
  readonly code: string;
  /** Of the waiting bash's exec: its cgroup. */
  readonly execId: number;
  readonly memoryMB: number;
}

/** Longer programs do not fit an argument (128 KiB in Linux). */
export const ARGUMENT_BYTES = 120_000;
/** Whether bash may show its own commands as it goes: `eval` would show each a level deeper than `bash -c` does. */
const SHOWS_COMMANDS = /\bset\b[^\n;&|]*\s-\w*[xv]|\b(?:xtrace|verbose)\b/u;

/**
 * What a waiting bash is written for a program: words of ours, then the program; the person's input may follow at once.
 * `words` made it what it is.
 */
export function handOver({ code, execId, memoryMB }: Handed, words: Uint8Array): Uint8Array {
  // No argument and no variable of Linux holds a zero.
  const program = ENCODER.encode(code.replaceAll('\0', ''));
  const take = [
    `builtin printf ${memoryMB * 1024 * 1024} >/sys/fs/cgroup/x${execId}/memory.max`,
    takeInto('BASH_EXECUTION_STRING', program),
  ].join(';');
  const isShown = program.length <= ARGUMENT_BYTES && SHOWS_COMMANDS.test(code);
  if (!isShown) return joinBytes([head(take), program]);
  const steps = ENCODER.encode(
    [
      take,
      takeInto('BASH_ENV', words),
      `builtin printf %s "$BASH_ENV" >|${TRACED_FILE}`,
      'builtin trap - EXIT',
      `BASH_ENV=${TRACED_FILE} builtin exec bash -c "$BASH_EXECUTION_STRING"`,
    ].join(';'),
  );
  return joinBytes([head(`${takeInto('BASH_ENV', steps)};builtin eval "$BASH_ENV"`), steps, program, words]);
}
