/** The signal past SIGRTMIN by which a bash says that it waits for more and is what it was; SIGRTMIN says that it keeps what it is. */
export const UNCHANGED_SIGNAL = 1;

/** What stands before words of ours, or a program, on a bash's standard input; `companion_next` reads it. */
export const HEAD_BYTES = 16;

/** Which of the places where a session's shell keeps what it is was written whole last. */
export const WHOLE_FILE = '/run/companion-whole';
/** What a program may have changed in its bash, where that is more than what is kept. */
export const ODD_FILE = '/run/companion-odd';
/** What a bash does as it ends; shown to nobody, whatever the program has set. */
export const keepsAtEnd = (place: string): string => `{ companion_keep ${place}; } 2>/dev/null`;

/** Of a program that ended well: its status, its positional parameters and bash's own lists of options. */
const UNCHANGED =
  '"0 0"braceexpand:hashall:interactive-commentscheckwinsize:cmdhist:complete_fullquote:extquote:force_fignore:globasciiranges:globskipdots:hostcomplete:interactive_comments:patsub_replacement:progcomp:promptvars:sourcepath';
/** The trap of a bash that keeps at one of these places when it ends, as bash itself writes it. */
const KEEPS = `"trap -- '${keepsAtEnd('"[cd]"')}' EXIT"`;
/** By a third descriptor: bash would list `1<>` as `<>`, which is another's. */
const KEPT = `>|"/run/companion-kept-$1" && builtin printf "$1" 3<>${WHOLE_FILE} >&3`;
/**
 * Each step only where the one before was written whole. To list functions costs 300,000 instructions where there are none but ours, and
 * their names a sixth of it; BASH_ENV is `n` then.
 */
export const PRINT_ALL = String.raw`builtin umask -p && builtin printf "builtin cd -- %q\n" "$PWD" && builtin declare -p && if builtin compgen -A function -X "companion_*" >/dev/null; then BASH_ENV=f; builtin declare -f; else BASH_ENV=n; fi`;

/**
 * Around a program, at the level of `bash -c`. Traps of a program for each command or error are seen there alone, and what they print
 * for words of ours is nobody's. `first` is done right before the program, whose `$?` begins as what that leaves.
 */
export const wordsAround = (place: string, input: string, first = ''): string =>
  `builtin unset BASH_ENV;${first}builtin eval "$BASH_EXECUTION_STRING"${input};{ BASH_ENV="$? $#";builtin trap -p;companion_look||builtin trap - ERR DEBUG RETURN;} 2>/dev/null >|${ODD_FILE};companion_wait ${place};builtin eval "$BASH_ENV"`;
const around = (place: string, input: string): string => `'${wordsAround(place, input)}'`;
export const NO_INPUT = ' </dev/null';
/** The same around one that can have changed nothing but what its commands are, and whether it did well. */
const AROUND_LEAVING_NOTHING = `'builtin unset BASH_ENV;builtin eval "$BASH_EXECUTION_STRING"${NO_INPUT};companion_said "$?";builtin eval "$BASH_ENV"'`;

/**
 * What a session's bash does between programs. Functions, because bash reads a letter of its words in a thousand instructions, and those
 * of a function once; small ones, because each call copies all of it, and what comes after the word to the agent by itself. Nothing in
 * them starts a process, which costs the guest 5 ms; `case` and `[[` compare unquoted values at a fourth of what `[` costs. Who lists the
 * functions sees them, and nobody takes them away.
 *
 * `companion_begin` makes it a session's that has kept nothing, in that directory: it began elsewhere, where the session never was, and a
 * bash out of the image's state would begin with the same random numbers everywhere.
 *
 * `companion_keep` keeps mask, directory, variables and functions at the place that it is given, as the bash ends; what ends it otherwise waits.
 * A signal may let a fork of it end so before that has its own program: it keeps nothing, for it would write over what its parent does.
 * The last step writes one byte over another: a program that is killed meanwhile leaves what was kept before.
 *
 * `companion_look` looks whether a program can have changed anything else, or made read-only what is ours to set. It is called with the
 * status and the number of positional parameters in BASH_ENV, and what is printed goes to a file of its own; where that cannot be
 * written, nothing is looked at and the bash ends with 1. It fails where something was changed, or input left unread, which is nobody's
 * words, and BASH_ENV ends the bash. Else that says `waits`, and `companion_wait` tells the agent that all is done. `companion_rest`
 * keeps then, and `companion_next` reads what is to be done next into BASH_ENV, for whoever called it to do: words, or those around a
 * program, whose code it reads as well (`head` of `prompt.ts`).
 *
 * Where there is no function but ours (`companion_next n`), a program that leaves nothing (`leaves-nothing.ts`) is not looked after, and
 * nothing is kept: `companion_said` tells the agent, or ends the bash, also where nothing may be nested.
 */
export const FUNCTIONS = [
  `companion_keep() { [[ \${BASHPID:-$$} = $$ ]] && { builtin trap "" TERM INT HUP; builtin set +eux +o posix; builtin trap - ERR DEBUG RETURN; builtin unset BASH_EXECUTION_STRING; ${PRINT_ALL}; } ${KEPT}; }`,
  `companion_next() { ${[
    `builtin read -r -N ${HEAD_BYTES} BASH_ENV || { builtin trap - EXIT; builtin exit 0; };`,
    'case $BASH_ENV in',
    '[pq]-*) builtin read -r -N "${BASH_ENV:4}" BASH_EXECUTION_STRING ;;',
    '[pq]C*) LC_ALL=C builtin read -r -N "${BASH_ENV:4}" BASH_EXECUTION_STRING ;;',
    'w-*) builtin read -r -N "${BASH_ENV:4}" BASH_ENV; builtin return ;;',
    '*) LC_ALL=C builtin read -r -N "${BASH_ENV:4}" BASH_ENV; builtin return ;;',
    'esac; SECONDS=0;',
    'case $BASH_ENV$1 in',
    `q*n) BASH_ENV=${AROUND_LEAVING_NOTHING} ;;`,
    `??a0*) BASH_ENV=${around('a', NO_INPUT)} ;;`,
    `??b0*) BASH_ENV=${around('b', NO_INPUT)} ;;`,
    `??a*) BASH_ENV=${around('a', '')} ;;`,
    `*) BASH_ENV=${around('b', '')} ;;`,
    'esac',
  ].join(' ')}; }`,
  `companion_begin() { builtin cd -- "$1"; builtin unset OLDPWD; builtin declare -gx OLDPWD; RANDOM=$SRANDOM; builtin trap '${keepsAtEnd('c')}' EXIT; BASH_ENV=n; }`,
  `companion_look() { ${[
    `[[ $BASH_ENV$SHELLOPTS$BASHOPTS = ${UNCHANGED} ]] || { builtin set +vx; BASH_ENV="builtin exit \${BASH_ENV%% *}"; builtin return 1; };`,
    `builtin jobs -p; builtin enable -n; builtin read -r -d "" BASH_ENV <${ODD_FILE};`,
    `[[ $BASH_ENV = ${KEEPS} && -z $FUNCNEST && \${LC_ALL@a}\${SECONDS@a}\${BASH_EXECUTION_STRING@a} != *r* ]] && ! builtin read -t 0 || { BASH_ENV="builtin exit 0"; builtin return 1; }; BASH_ENV=waits`,
  ].join(' ')}; }`,
  `companion_wait() { if [[ $BASH_ENV = waits ]]; then builtin hash -r; builtin kill -s RTMIN 1; companion_rest "$1"; elif [[ -z $BASH_ENV ]]; then BASH_ENV="builtin exit 1"; fi; }`,
  `companion_rest() { { { builtin unset BASH_EXECUTION_STRING; ${PRINT_ALL}; } ${KEPT}; } 2>/dev/null; companion_next "$BASH_ENV"; }`,
  `companion_said() { case $1$FUNCNEST in 0) builtin hash -r; builtin kill -s RTMIN+${UNCHANGED_SIGNAL} 1; companion_next n ;; *) BASH_ENV="builtin exit $1" ;; esac; }`,
  'builtin readonly -f companion_keep companion_next companion_begin companion_look companion_wait companion_rest companion_said',
].join('; ');

/**
 * The first program of a bash that is to wait. It does twice what its standard input says: to become what the last one was,
 * and, once there is a program, to read and run that. One line, so that a program is told by the line numbers of `bash -c`.
 */
const WAIT = [
  FUNCTIONS,
  'companion_next',
  'builtin eval "$BASH_ENV" 2>/dev/null',
  'companion_next "${BASH_ENV:0:1}"',
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
