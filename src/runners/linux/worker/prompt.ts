import { joinBytes } from '../../../base/index.ts';
import { changedOf } from './kept.ts';
import { leavesNothing } from './leaves-nothing.ts';
import { FUNCTIONS, HEAD_BYTES, keepsAtEnd, NO_INPUT, ODD_FILE, PRINT_ALL, wordsAround } from './waiting-bash.ts';

/**
 * Where a session's shell keeps what the next program shall find, in the guest's memory, and which place is whole. A bash that goes on
 * keeps at the first two by turns, one that ends at the others: never where the last one did.
 */
export type KeptPlace = 'a' | 'b' | 'c' | 'd';
export const keptFile = (place: KeptPlace): string => `/run/companion-kept-${place}`;
const TRACED_FILE = '/run/companion-traced';

const ENCODER = new TextEncoder();
const LINE_END = 10;
const NOTHING = new Uint8Array();
/** How bash writes its mask, and what it is in every bash that begins. */
const MASK = /^umask \d+\n/u;
const MASK_BYTES = 16;
const USUAL_MASK = 'umask 0022\n';
const MOST_PLAIN_BYTES = 1_000;
const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

export interface Before {
  /** What the last program kept, and where; null where none did. */
  readonly kept: { readonly place: KeptPlace; readonly bytes: Uint8Array } | null;
  /** Where a session begins. */
  readonly cwd: string;
  /** What a bash has that did nothing, as `kept` says it. */
  readonly ofNew: ReadonlySet<string>;
}

/** Where a bash keeps that ends, begun after that place. */
const placeAtEnd = (before: KeptPlace | null): KeptPlace => (before === 'c' ? 'd' : 'c');
/** And where one that goes on does. */
export const placeOnTheWay = (before: KeptPlace | null): KeptPlace => (before === 'a' ? 'b' : 'a');

/**
 * Makes a bash that just began one that goes on where the last ended, and keeps what it becomes. They leave `n` in BASH_ENV where it has
 * no function.
 */
export function becomeWords({ kept, cwd, ofNew }: Before): Uint8Array {
  // A program may have spoilt it: bash, told how many letters to read, does not count zeros.
  const bytes = kept?.bytes.filter((byte) => byte !== 0) ?? NOTHING;
  // The mask of the rights of new files, then the directory; a session that an older extension saved has the directory alone.
  const masked = MASK.exec(new TextDecoder().decode(bytes.subarray(0, MASK_BYTES)))?.[0] ?? '';
  const rest = bytes.subarray(masked.length);
  const end = rest.indexOf(LINE_END);
  if (!kept || end < 0) return ENCODER.encode(`companion_begin ${quoted(cwd)}\n`);
  const changed = changedOf(rest.subarray(end + 1), ofNew);
  // It began elsewhere, which is no directory that the session was in.
  const moved = 'builtin unset OLDPWD; builtin declare -x OLDPWD';
  const keeps = `builtin trap ${quoted(keepsAtEnd(placeAtEnd(kept.place)))} EXIT`;
  return joinBytes([
    ENCODER.encode(masked === USUAL_MASK ? '' : `builtin ${masked}`),
    rest.subarray(0, end),
    ENCODER.encode(` || builtin cd -- ${quoted(cwd)}; ${moved}\n`),
    ...changed.variables,
    ...changed.functions,
    ENCODER.encode(`${keeps}; BASH_ENV=${changed.functions.length > 0 ? '' : 'n'}\n`),
  ]);
}

/** What a waiting bash is written first. */
export const become = (words: Uint8Array): Uint8Array => joinBytes([head({ kind: 'w', of: words }), words]);

/**
 * What a bash that waits in a saved state is written ahead of its session: it does once what every session has it do, so that the
 * state holds the memory that this takes (a fault of a page costs the guest some thousand instructions), and reads on as if
 * nothing had been said.
 */
export function rehearsal(): Uint8Array {
  const after = [
    `{ BASH_ENV="0 0"; builtin trap -p; companion_look; } 2>/dev/null >|${ODD_FILE}`,
    'builtin trap - EXIT; builtin hash -r; builtin kill -s 0 1',
    `{ ${PRINT_ALL}; } >/dev/null`,
    'companion_next',
    'builtin eval "$BASH_EXECUTION_STRING" </dev/null',
    'companion_next n',
    'builtin eval "$BASH_EXECUTION_STRING" </dev/null; companion_said 1',
    'companion_next',
    'builtin eval "$BASH_ENV" 2>/dev/null',
  ];
  const first = becomeWords({ kept: null, cwd: '/', ofNew: new Set() });
  const [program, short] = [programOf(':'), programOf('echo -n')];
  return joinBytes([
    become(joinBytes([first, ENCODER.encode(after.join('\n'))])),
    head({ kind: 'p', of: program, place: 'a', hasNoInput: true }),
    program,
    head({ kind: 'q', of: short, place: 'a', hasNoInput: true }),
    short,
  ]);
}

/** Whether bash counts letters of it where it counts bytes, without another locale: to change that twice costs as much as 600 letters. */
const isPlain = (text: Uint8Array): boolean => text.length < MOST_PLAIN_BYTES && text.every((byte) => byte < 0x80);

const takeInto = (name: string, text: Uint8Array): string =>
  `${isPlain(text) ? '' : 'LC_ALL=C '}builtin read -r -N ${text.length} ${name}`;

/**
 * Before words: `w`. Before a program: `p`, or `q` before one without input that leaves nothing; where its bash keeps after it, and `0`
 * where it reads /dev/null. Then how long it is.
 */
function head(next: {
  readonly kind: 'w' | 'p' | 'q';
  readonly of: Uint8Array;
  readonly place?: KeptPlace;
  readonly hasNoInput?: boolean;
}): Uint8Array {
  const kinds = `${next.kind}${isPlain(next.of) ? '-' : 'C'}${next.place ?? '-'}${next.hasNoInput === true ? '0' : '-'}`;
  return ENCODER.encode(kinds + `${next.of.length}`.padStart(HEAD_BYTES - kinds.length, '0'));
}

export interface Program {
  readonly code: string;
  readonly memoryMB: number;
  /** Nothing is written to it, and a read is at the end at once. */
  readonly hasNoInput: boolean;
}

export interface Handed extends Program {
  /** Where its bash keeps if it goes on. */
  readonly place: KeptPlace;
  /** Its bash began with the options of every other, so that no alias is a command. */
  readonly hasUsualOptions: boolean;
  /** What the program before ended with: this one's `$?`. */
  readonly lastStatus: number;
}

/** Longer programs do not fit an argument (128 KiB in Linux). */
export const ARGUMENT_BYTES = 120_000;
/** Whether bash may show its own commands as it goes: `eval` would show each a level deeper than `bash -c` does. */
const SHOWS_COMMANDS = /\bset\b[^\n;&|]*\s-\w*[xv]|\b(?:xtrace|verbose)\b/u;

/** Whether the program is given to a bash of its own, which `words` then makes what the waiting one is. */
export const isShown = (code: string): boolean => code.length <= ARGUMENT_BYTES && SHOWS_COMMANDS.test(code);

/** What a waiting bash is written for a program; the person's input may follow at once. */
export function handOver(handed: Handed): Uint8Array {
  const { place, hasNoInput, hasUsualOptions, lastStatus } = handed;
  const program = programOf(handed.code);
  if (lastStatus !== 0) return handOverAfter(lastStatus, handed, program);
  const kind = hasNoInput && hasUsualOptions && leavesNothing(handed.code) ? 'q' : 'p';
  return joinBytes([head({ kind, of: program, place, hasNoInput }), program]);
}

/** The same after one that did not end well. Only a process of its own leaves any status: 5 ms, where a bash had to be started anew. */
function handOverAfter(status: number, { place, hasNoInput }: Handed, program: Uint8Array): Uint8Array {
  const words = `${takeInto('BASH_EXECUTION_STRING', program)};SECONDS=0;${wordsAround(place, hasNoInput ? NO_INPUT : '', left(status))}`;
  const own = ENCODER.encode(words);
  return joinBytes([head({ kind: 'w', of: own }), own, program]);
}

const left = (status: number): string => (status === 0 ? '' : `(builtin exit ${status});`);

/** The same for a program whose bash may show its commands. `words` made the waiting one what it is, but for our own functions. */
export function handOverShown(handed: Handed, words: Uint8Array): Uint8Array {
  const program = programOf(handed.code);
  // What it starts is not to begin as it does.
  const all = joinBytes([
    ENCODER.encode(`${FUNCTIONS}\n`),
    words,
    ENCODER.encode(`builtin unset BASH_ENV\n${left(handed.lastStatus)}\n`),
  ]);
  const steps = [
    takeInto('BASH_EXECUTION_STRING', program),
    takeInto('BASH_ENV', all),
    `builtin printf %s "$BASH_ENV" >|${TRACED_FILE}`,
    'builtin trap - EXIT',
    // The waiting bash's own input stays open: what it is to do next comes there.
    `BASH_ENV=${TRACED_FILE} builtin exec bash -c "$BASH_EXECUTION_STRING"${handed.hasNoInput ? ' </dev/null' : ''}`,
  ];
  const own = ENCODER.encode(steps.join(';'));
  return joinBytes([head({ kind: 'w', of: own }), own, program, all]);
}

/** No argument and no variable of Linux holds a zero. */
const programOf = (code: string): Uint8Array => ENCODER.encode(code.replaceAll('\0', ''));
