/**
 * Programs that leave nothing in their bash but what they put on the disk: simple commands, none of which bash does itself but for some
 * that only print, whatever they are given. Each letter that is let through means one thing to bash wherever it may stand here, so that
 * nothing is parsed: what is not of this form is taken for a program that may change anything.
 */

/**
 * What bash has of its own: reserved words, builtins that change it (`printf` by `-v` and `%n`, `test` by a subscript), or that say what
 * only it knows.
 */
const ITS_OWN = [
  'if then else elif fi case esac for select while until do done in function time coproc',
  '. alias bg bind break builtin caller cd command compgen complete compopt continue declare dirs disown enable eval exec exit export fc fg',
  'getopts hash help history jobs kill let local logout mapfile popd printf pushd read readarray readonly return set shift shopt source suspend',
  'test times trap typeset ulimit umask unalias unset wait',
]
  .join(' ')
  .replaceAll('.', String.raw`\.`)
  .replaceAll(' ', '|');
/** A function of that name is taken for one of ours. */
const OURS = 'companion_';
const COMMAND = String.raw`(?!(?:${ITS_OWN})(?![\w./+-])|${OURS})[\w./+-]+`;
const VARIABLE = String.raw`\$(?:[A-Za-z_]\w*|\{[A-Za-z_]\w*\})`;
const WORD = String.raw`(?:[\w.,:/@%+=~^*?[\]-]|'[^']*'|"(?:[^"$\x60\\]|${VARIABLE})*"|${VARIABLE})+`;
const REDIRECTION = String.raw`(?:[12]?>>?|<)[ \t]*${WORD}|[12]?>&[12]|&>[ \t]*${WORD}`;
const SIMPLE = String.raw`${COMMAND}(?:[ \t]+(?:${REDIRECTION}|${WORD}))*[ \t]*`;
const BLANK = String.raw`(?:[ \t\n]|#[^\n]*\n)*`;
const PLAIN = new RegExp(String.raw`^${BLANK}${SIMPLE}(?:(?:\n|;|&&|\|\|?)${BLANK}${SIMPLE})*(?:[;\n]${BLANK})?$`, 'u');
/** Of longer ones the words around them are the smaller part. */
const MOST_UTF16 = 4_000;

/**
 * Whether a program leaves its bash as it was, wherever no function has the name of a command and no alias is one. Zeros are taken out
 * before bash reads it.
 */
export const leavesNothing = (code: string): boolean =>
  code.length <= MOST_UTF16 && !code.includes('\0') && PLAIN.test(code);
