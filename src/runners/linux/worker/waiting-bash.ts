/** Of words of ours on a standard input: a pipe gives as many at once, and those of a line one by one. */
export const HEAD_BYTES = 272;
/** The words that read one. BASH_ENV is free for use here: it is no program's. */
export const READ_HEAD = `builtin read -r -N ${HEAD_BYTES} BASH_ENV`;
/** What a bash that waits for a program does next: where its input ends instead, it has done what it was asked. */
const READ_PROGRAM_HEAD = `${READ_HEAD} || { builtin trap - EXIT; builtin exit 0; }`;

/** Which of the places where a session's shell keeps what it is was written whole last. */
export const WHOLE_FILE = '/run/companion-whole';
const ODD_FILE = '/run/companion-odd';
/** What a bash does as it ends; shown to nobody, whatever the program has set. */
export const keepsAtEnd = (place: string): string => `{ companion_keep ${place}; } 2>/dev/null`;

/** A program's status, its positional parameters, and bash's own lists of options: of one that changed nothing of them. */
const UNCHANGED =
  '0 0 checkwinsize:cmdhist:complete_fullquote:extquote:force_fignore:globasciiranges:globskipdots:hostcomplete:interactive_comments:patsub_replacement:progcomp:promptvars:sourcepath braceexpand:hashall:interactive-comments';
/** The trap of a bash that keeps at that place when it ends, as bash itself writes it. */
const trapAt = (place: string): string => `"trap -- '${keepsAtEnd(place)}' EXIT"`;
/** By a third descriptor: bash would list `1<>` as `<>`, which is another's. */
const KEPT = `>|"/run/companion-kept-$1" && builtin printf "$1" 3<>${WHOLE_FILE} >&3`;
const PRINT_ALL = String.raw`builtin printf "builtin cd -- %q\n" "$PWD"; builtin declare -p; builtin declare -f`;

/**
 * What a session's bash does between programs. Functions, because bash reads a letter of its words in 700 instructions, and those of a
 * function once; nothing in them starts a process, which costs the guest 5 ms, or compares by a pattern. Who lists the functions sees
 * them, and nobody takes them away.
 *
 * `companion_keep` keeps directory, variables and functions at the place that it is given, as the bash ends. The last step writes one
 * byte over another: a program that is killed meanwhile leaves what was kept before. `companion_end` says in BASH_ENV, where the
 * status is, whether a program can have changed anything else. `companion_wait` ends the bash where it can, and where the program left
 * input unread, which is nobody's words; else it tells the agent that all is done, keeps, and waits for the next program.
 */
export const FUNCTIONS = [
  `companion_keep() { { builtin set +eux +o posix; builtin trap - ERR DEBUG RETURN; builtin unset BASH_EXECUTION_STRING; ${PRINT_ALL}; } ${KEPT}; }`,
  `companion_end() { BASH_ENV+=" $BASHOPTS $SHELLOPTS"; builtin set +x; if builtin [ "$BASH_ENV" = "${UNCHANGED}" ]; then { builtin trap -p; builtin jobs -p; builtin enable -n; } >|${ODD_FILE}; builtin read -r -d "" BASH_ENV <${ODD_FILE}; builtin [ "$BASH_ENV" = ${trapAt('c')} ] || builtin [ "$BASH_ENV" = ${trapAt('d')} ] || BASH_ENV=0; fi; }`,
  `companion_wait() { builtin [ "\${BASH_ENV:0:4}" = trap ] || builtin exit "\${BASH_ENV%% *}"; builtin read -t 0 && builtin exit 0; builtin hash -r; builtin kill -s RTMIN 1; { { builtin unset BASH_EXECUTION_STRING; ${PRINT_ALL}; } ${KEPT}; } 2>/dev/null; ${READ_PROGRAM_HEAD}; }`,
  'builtin readonly -f companion_keep companion_end companion_wait',
].join('; ');

/**
 * The first program of a bash that is to wait. It does twice what its standard input says: to become what the last one was,
 * and, once there is a program, to read and run that. One line, so that a program is told by the line numbers of `bash -c`.
 */
const WAIT = [
  FUNCTIONS,
  `${READ_HEAD} || builtin exit`,
  'builtin eval "$BASH_ENV"',
  READ_PROGRAM_HEAD,
  'builtin eval "$BASH_ENV"',
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
  mayStay: true,
  env: shellEnv(env),
});
