/** What programs print, and what changes of files look like: never a program, whatever else is in them. */
const OUTPUT =
  /^Traceback \(most recent call|^\s*File ".*", line \d|^\s+at \S.*:\d+:\d+\)?$|^(?:\w*\.)*\w*(?:Error|Exception)\b.*:|^(?:diff --git |@@ -|--- \S|\+\+\+ \S)/mu;

/** What begins a block of Python, and is followed by a line that stands further in. */
const INDENTED = String.raw`:[ \t]*(?:#.*)?\r?\n[ \t]+(?!-[ \t])\S`;
const NAMES = String.raw`[\w.]+(?:[ \t]+as[ \t]+\w+)?`;

/** A line that only a program has. Prose begins otherwise, and results have neither declarations nor blocks. */
const STATEMENT = new RegExp(
  [
    String.raw`^#!`,
    String.raw`^[ \t]*(?:async[ \t]+)?def[ \t]+\w+[ \t]*\(`,
    String.raw`^[ \t]*(?:class[ \t]+\w+[ \t]*(?:\(.*\))?|for[ \t]+\w+(?:,[ \t]*\w+)*[ \t]+in[ \t].*|(?:if|while|with)[ \t].*|try|else)${INDENTED}`,
    String.raw`^[ \t]*from[ \t]+[\w.]+[ \t]+import[ \t]+[\w*(]`,
    String.raw`^[ \t]*import[ \t]+(?:[\w.]+[ \t]+as[ \t]+\w+|${NAMES}(?:,[ \t]*${NAMES})+)[ \t]*;?[ \t]*(?:#.*)?$`,
    String.raw`^[ \t]*import[ \t].*['"];?$`,
    String.raw`^[ \t]*(?:export[ \t]+)?(?:const|let|var)[ \t]+[\w{[].*=`,
    String.raw`^[ \t]*(?:export[ \t]+)?(?:async[ \t]+)?function\b.*\(`,
    String.raw`^[ \t]*local[ \t]+(?:function[ \t]|\w+[ \t]*=)`,
    String.raw`^[ \t]*(?:for|while|if)[ \t]*\(.*\)[ \t]*\{`,
    String.raw`^[ \t]*(?:print|printf|println|console\.log|echo|puts)[ \t]*\(.*\)[ \t]*;?$`,
    String.raw`^[ \t]*#include[ \t]*[<"]`,
    String.raw`^[ \t]*(?:SELECT[ \t].*[ \t]FROM[ \t]|INSERT[ \t]+INTO[ \t]|CREATE[ \t]+TABLE[ \t])`,
    String.raw`^[ \t]*\(module\b`,
  ].join('|'),
  'mu',
);
/** Words of a program and of prose both: a program goes on behind it. */
const IMPORT = /^[ \t]*import[ \t]+[\w.]+[ \t]*;?[ \t]*(?:#.*)?\r?\n/mu;
const CALL_OR_VALUE = /^[ \t]*[\w.[\]]+[ \t]*(?:=|\()/mu;

/** What an interpreter or a shell shows before what a person types: `>>>`, `$`, `me@host:~$`. */
const PROMPT = /^[ \t]*(?:>>>(?:[ \t]|$)|\$[ \t]+(?![ \t=(+-])|[\w.-]+@[\w.-]+:\S*[#$%](?:[ \t]|$))/u;

/** What a program is, its begin tells. */
const ENOUGH_UTF16 = 4_000;
const ENOUGH_LINES = 20;

const COMMAND =
  /^[ \t]*(?:(?:sudo|apt-get|apt|npm|npx|pnpm|yarn|pip3?|git|cd|mkdir|curl|wget|docker|chmod|brew|cargo|conda|ls|echo|grep|sed|awk|tar|ssh|scp|export|python3?|node)\s+[-\w./"'$~@=*{(]|(?:ls|cd|python3?|node)\s*$)/u;
/** A word that sentences have and commands do not, behind the first one. */
const SENTENCE = /^[ \t]*\w+ (?:[a-z]+ )*(?:is|are|was|a|an|the|that|which|into|as|of)\b[a-z ,.]*$/iu;
/** A file of changes without its head: lines that go, lines that come, and those between them. */
const isDiff = (text: string): boolean =>
  /^-(?!-| \S).*$/mu.test(text) &&
  /^\+(?!\+).*$/mu.test(text) &&
  text.split('\n').every((line) => /^(?:[ +\-@\\]|$)/u.test(line));
/** `<div>…`: of a page. */
const MARKUP = /^\s*<(?:!|\/?[a-z])/iu;

/** A name that is given a value, and one that is made of it: results have no such lines. */
function buildsOnNames(text: string): boolean {
  const names = new Set<string>();
  for (const line of text.split('\n')) {
    const [, name, value] = /^([A-Za-z_]\w*)[ \t]*=[ \t]*([^=].*)$/u.exec(line) ?? [];
    if (name === undefined || value === undefined) continue;
    const uses = value.replaceAll(/"[^"]*"|'[^']*'/gu, '').match(/[A-Za-z_]\w*/gu) ?? [];
    if (/[-+*/%([.]/u.test(value) && uses.some((each) => names.has(each))) return true;
    names.add(name);
  }
  return false;
}

/** Every line is a command of a shell, goes on with one, or is a remark. */
function isShell(text: string): boolean {
  let goesOn = false;
  let commands = 0;
  for (const line of text.split('\n')) {
    const isCommand = COMMAND.test(line) && !SENTENCE.test(line);
    if (!goesOn && !isCommand && line.trim() !== '' && !line.trimStart().startsWith('#')) return false;
    commands += Number(isCommand);
    goesOn = line.endsWith('\\');
  }
  return commands > 0;
}

/**
 * Whether a text is what a session at a prompt looked like, remarks aside. As it stands no engine runs it, and what would be left
 * without prompts and output is other code than the person sees.
 */
export function isTranscript(text: string): boolean {
  const first = text.split('\n', ENOUGH_LINES).find((line) => line.trim() !== '' && !line.trimStart().startsWith('#'));
  return first !== undefined && PROMPT.test(first);
}

/**
 * Whether a text without a language is a program rather than what one printed, a tree of files or prose: a Run button belongs
 * under programs alone. Which language it is, the analysis says when it is pressed.
 */
export function looksLikeCode(whole: string): boolean {
  const text = whole.slice(0, ENOUGH_UTF16);
  if (OUTPUT.test(text) || MARKUP.test(text) || isDiff(text)) return false;
  return (
    buildsOnNames(text) || STATEMENT.test(text) || (IMPORT.test(text) && CALL_OR_VALUE.test(text)) || isShell(text)
  );
}
