/** Where a session's shell keeps what the next program shall find, in the guest's memory: two places by turns, and which is whole. */
const KEPT = '/run/companion-kept';
const WHOLE = '/run/companion-whole';
const TRACED = '/run/companion-traced';

/** Names that bash fills itself, or that would disturb the next program: given back, they would be wrong or cost time. */
const NOT_KEPT = [
  'BASH BASHPID BASH_ARGC BASH_ARGV BASH_ARGV0 BASH_CMDS BASH_COMMAND BASH_ENV BASH_EXECUTION_STRING BASH_LINENO BASH_SOURCE',
  'BASH_SUBSHELL BASH_VERSION DIRSTACK EPOCHREALTIME EPOCHSECONDS FUNCNAME GROUPS HISTCMD HOSTTYPE LINENO MACHTYPE OSTYPE',
  'PIPESTATUS RANDOM SECONDS SRANDOM',
].join(' ');

/**
 * Keeps variables, functions and directory. The last step writes one byte over another: a program that is killed meanwhile
 * leaves what was kept before. Nothing here starts a process, which costs the guest 10 ms.
 */
const keepIn = (place: 'a' | 'b'): string =>
  `{ set +eux; unset ${NOT_KEPT}; trap - ERR DEBUG RETURN; { builtin declare -p; builtin declare -f; builtin printf "builtin cd -- %q\\n" "$PWD"; } >|${KEPT}-${place} && builtin printf ${place} 1<>${WHOLE}; } 2>/dev/null`;

/** Gives back what was kept, and keeps it again at the end. BASH_ENV is free for use here: it is no program's. */
const RESTORE = [
  'BASH_ENV=b',
  `if [ -f ${WHOLE} ]; then IFS= read -r BASH_ENV <${WHOLE}; . ${KEPT}-$BASH_ENV 2>/dev/null; fi`,
  `if [ "$BASH_ENV" = a ]; then builtin trap '${keepIn('b')}' EXIT; else builtin trap '${keepIn('a')}' EXIT; fi`,
].join('; ');

/**
 * The first program of a bash that is to wait: it makes itself ready, reads one line of ours from its standard input, does
 * what that says, and then the program, which is where `bash -c` has it and told by the same line numbers: so this is one line.
 */
export const WAIT = [
  RESTORE,
  'IFS= builtin read -r BASH_ENV || { builtin trap - EXIT; builtin exit; }',
  'builtin eval "$BASH_ENV"',
  'builtin unset BASH_ENV',
  'SECONDS=0',
  'builtin eval "$BASH_EXECUTION_STRING"',
].join('; ');

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

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** What a waiting bash is written for a program: the line of ours, then the program; the person's input may follow at once. */
export function handOver({ code, execId, memoryMB }: Handed): Uint8Array {
  // No argument and no variable of Linux holds a zero.
  const program = new TextEncoder().encode(code.replaceAll('\0', ''));
  const steps = [
    `builtin printf ${memoryMB * 1024 * 1024} >/sys/fs/cgroup/x${execId}/memory.max`,
    `LC_ALL=C IFS= builtin read -r -N ${program.length} BASH_EXECUTION_STRING`,
  ];
  if (program.length <= ARGUMENT_BYTES && SHOWS_COMMANDS.test(code)) {
    steps.push(
      'builtin trap - EXIT',
      `builtin printf %s ${quoted(RESTORE)} >|${TRACED}`,
      `BASH_ENV=${TRACED} builtin exec bash -c "$BASH_EXECUTION_STRING"`,
    );
  }
  const line = new TextEncoder().encode(`${steps.join('; ')}\n`);
  const whole = new Uint8Array(line.length + program.length);
  whole.set(line);
  whole.set(program, line.length);
  return whole;
}
