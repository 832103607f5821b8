/**
 * Names that bash fills itself, that cannot be given back, or that would disturb the next program: given back, they would be
 * wrong or cost time.
 */
const NOT_KEPT = new Set(
  [
    'BASH BASHOPTS BASHPID BASH_ARGC BASH_ARGV BASH_ARGV0 BASH_CMDS BASH_COMMAND BASH_ENV BASH_EXECUTION_STRING BASH_LINENO',
    'BASH_SOURCE BASH_SUBSHELL BASH_VERSINFO BASH_VERSION DIRSTACK EPOCHREALTIME EPOCHSECONDS EUID FUNCNAME GROUPS HISTCMD',
    'HOSTTYPE LINENO MACHTYPE OSTYPE PIPESTATUS PPID PWD RANDOM SECONDS SHELLOPTS SRANDOM UID _',
  ].flatMap((line) => line.split(' ')),
);

/** What every bash 5.2 of the guest makes of itself: nothing to give back while it is still so. */
const OWN = [
  'declare -A BASH_ALIASES=()',
  'declare -- BASH_LOADABLES_PATH="/usr/local/lib/bash:/usr/lib/bash:/opt/local/lib/bash:/usr/pkg/lib/bash:/opt/pkg/lib/bash:."',
  'declare -- COMP_WORDBREAKS',
  String.raw`declare -- COMP_WORDBREAKS=$' \t\n"\'@><=;|&(:'`,
  String.raw`declare -- IFS=$' \t\n'`,
  'declare -x OLDPWD',
  'declare -- OPTERR="1"',
  'declare -i OPTIND="1"',
  'declare -- PS4="+ "',
  'declare -x SHLVL="1"',
];

const LINE_END = 10;
const VARIABLE = /^declare -[-A-Za-z]+ (\w+)(?:=|$)/u;
const READ_ONLY = /^declare -([A-Za-z]*r[A-Za-z]*)/u;
/** Of a variable's line, what its name is looked for in. */
const HEAD_BYTES = 512;

/** The lines of `declare -p` in a bash that has this environment and did nothing. None of its values needs a backslash. */
export const linesOfNew = (env: Readonly<Record<string, string>>): ReadonlySet<string> =>
  new Set([...OWN, ...Object.entries(env).map(([name, value]) => `declare -x ${name}="${value}"`)]);

/**
 * Of what `declare -p` and `declare -f` wrote, what the next bash lacks: bash reads a line of it in 20 to 60 thousand
 * instructions. A variable is one line, its functions come after. Bytes, because functions may hold any.
 */
export function changedOf(
  kept: Uint8Array,
  ofNew: ReadonlySet<string>,
): { readonly variables: readonly Uint8Array[]; readonly functions: readonly Uint8Array[] } {
  const variables: Uint8Array[] = [];
  for (let at = 0, end = 0; at < kept.length; at = end) {
    end = kept.indexOf(LINE_END, at) + 1 || kept.length;
    const line = new TextDecoder().decode(kept.subarray(at, Math.min(end - 1, at + HEAD_BYTES)));
    const name = VARIABLE.exec(line)?.[1];
    if (name === undefined) return { variables, functions: functionsOf(kept.subarray(at)) };
    if (!NOT_KEPT.has(name) && !ofNew.has(line)) variables.push(...settable(name, kept.subarray(at, end)));
  }
  return { variables, functions: [] };
}

/** `LC_ALL` is set for what we read ourselves: that no program may set it again is not kept. */
function settable(name: string, line: Uint8Array): readonly Uint8Array[] {
  const [declared, flags] = (name === 'LC_ALL' && READ_ONLY.exec(new TextDecoder().decode(line))) || [];
  if (declared === undefined || flags === undefined) return [line];
  const kept = flags.replace('r', '') || '-';
  return [new TextEncoder().encode(`declare -${kept}`), line.subarray(declared.length)];
}

/** How bash lists a function of ours, which each has of itself, up to the line that ends it, and what it adds where none may change it. */
const OURS = /^companion_\w+ \(\) $/u;
const OURS_FIXED = /^declare -fr companion_\w+$/u;

/** The functions without our own; not decoded, for they may hold any bytes. */
function functionsOf(kept: Uint8Array): readonly Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let from = 0;
  let isOurs = false;
  for (let at = 0, end = 0; at < kept.length; at = end) {
    end = kept.indexOf(LINE_END, at) + 1 || kept.length;
    const line = new TextDecoder().decode(kept.subarray(at, Math.min(end - 1, at + HEAD_BYTES)));
    const isLast = isOurs ? line === '}' : OURS_FIXED.test(line);
    if (!isOurs && (isLast || OURS.test(line))) {
      pieces.push(kept.subarray(from, at));
      isOurs = true;
    }
    if (isLast) {
      isOurs = false;
      from = end;
    }
  }
  if (!isOurs) pieces.push(kept.subarray(from));
  return pieces.filter((piece) => piece.length > 0);
}
