/** Of words of ours on a standard input: a pipe gives as many at once, and those of a line one by one. */
export const HEAD_BYTES = 160;
/** The words that read one. */
export const READ_HEAD = `IFS= builtin read -r -N ${HEAD_BYTES} BASH_ENV`;

/**
 * The first program of a bash that is to wait. It does twice what its standard input says: to become what the last one was,
 * and, once there is a program, to read that, which is then where `bash -c` has it and told by the same line numbers: so this
 * is one line. BASH_ENV is free for use here: it is no program's. Short, for bash reads a letter in 300 instructions.
 */
const WAIT = [
  `${READ_HEAD} || builtin exit`,
  'builtin eval "$BASH_ENV"',
  `${READ_HEAD} || { builtin trap - EXIT; builtin exit; }`,
  'builtin eval "$BASH_ENV"',
  'builtin unset BASH_ENV',
  'SECONDS=0',
  'builtin eval "$BASH_EXECUTION_STRING"',
].join('; ');

/** The window of the disk, as a device that is in the state of the full image. */
export const TOOLS_DEVICE = '/dev/loop0';

/** Where the programs of a tool pack lie, in a guest that has one. */
export const TOOLS_PLACE = '/opt/tools';

/**
 * The environment of every shell here, with a pack and without, so that one bash waits for both: the pack comes last and covers nothing
 * of the image.
 */
export const SHELL_ENV = {
  PATH: `/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:${TOOLS_PLACE}/bin`,
  HOME: '/root',
  LANG: 'C.UTF-8',
  TERM: 'xterm-256color',
} as const;

export const shellEnv = (env: Readonly<Record<string, string>>) => ({ ...env, ...SHELL_ENV });

/** A bash that waits to become a session's, in a guest with that environment. */
export const waitingBash = (env: Readonly<Record<string, string>>) => ({
  argv: ['bash', '-c', WAIT],
  cwd: '/',
  env: shellEnv(env),
});
