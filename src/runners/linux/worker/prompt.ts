/** Where a session's shell keeps what the next run shall find, in the guest's memory. */
export const SHELL_FOLDER = '/run/companion';
export const PROMPT_FILE = `${SHELL_FOLDER}/prompt`;
const KEPT = `${SHELL_FOLDER}/kept`;
const NEW = `${SHELL_FOLDER}/new`;

/** Names that bash fills itself, or that would disturb the next run: given back, they would be wrong. */
const NOT_KEPT =
  'BASH_ENV BASH_EXECUTION_STRING LINENO RANDOM SRANDOM SECONDS EPOCHSECONDS EPOCHREALTIME HISTCMD DIRSTACK';

/** The last step is a rename: a run that is killed meanwhile leaves what was kept before. */
const KEEP = `{ set +eux; unset ${NOT_KEPT}; trap - ERR DEBUG RETURN; { declare -p; declare -f; printf "cd -- %q\\n" "$PWD"; } >${NEW} && /bin/mv -f ${NEW} ${KEPT}; } 2>/dev/null`;

/**
 * What bash reads before each program (BASH_ENV): variables, functions and directory of the run before, and a trap that keeps
 * them at the end of this one. The program itself is bash's `-c`, so its messages and line numbers are bash's own. Options of
 * the shell (`set -e`) are a program's own (decision 0067).
 */
export const PROMPT = `unset BASH_ENV
if [ -f ${KEPT} ]; then . ${KEPT} 2>/dev/null; fi
trap '${KEEP}' EXIT
`;
