/** What programs print, and what changes of files look like: never a program, whatever else is in them. */
const OUTPUT =
  /^Traceback \(most recent call|^\s*File ".*", line \d|^\s+at \S.*:\d+:\d+\)?$|^(?:\w*\.)*\w*(?:Error|Exception)\b.*:|^(?:diff --git |@@ -|--- \S|\+\+\+ \S)/mu;

/** A line that only a program has. Prose begins otherwise, and results have neither declarations nor blocks. */
const STATEMENT = new RegExp(
  [
    String.raw`^#!`,
    String.raw`^\s*(?:async\s+)?(?:def|class)\s+\w+.*:\s*(?:#.*)?$`,
    String.raw`^\s*(?:from\s+[\w.]+\s+import\s+[\w*(]|import\s+[\w.]+(?:\s+as\s+\w+)?(?:\s*,\s*[\w. ]+)*\s*;?$|import\s.*['"];?$)`,
    String.raw`^\s*(?:for\s+\w+(?:\s*,\s*\w+)*\s+in\s.*|(?:if|elif|while)\s.*(?:[=<>!]=?|\bin\b|\bnot\b|\().*|(?:try|else|finally)|with\s.*\sas\s\w+):\s*(?:#.*)?$`,
    String.raw`^\s*(?:export\s+)?(?:const|let|var)\s+[\w{[].*=`,
    String.raw`^\s*(?:export\s+)?(?:async\s+)?function\b.*\(`,
    String.raw`^\s*local\s+(?:function\s|\w+\s*=)`,
    String.raw`^\s*(?:for|while|if)\s*\(.*\)\s*\{`,
    String.raw`^\s*(?:print|printf|println|console\.log|echo|puts)\s*\(.*\)\s*;?$`,
    String.raw`^\s*#include\s*[<"]`,
    String.raw`^\s*(?:SELECT\s.*\sFROM\s|INSERT\s+INTO\s|CREATE\s+TABLE\s)`,
    String.raw`^\s*\(module\b`,
  ].join('|'),
  'mu',
);

/** What a program is, its begin tells. */
const ENOUGH_UTF16 = 4_000;

const COMMAND =
  /^\s*(?:\$\s+)?(?:sudo|apt-get|apt|npm|npx|pnpm|yarn|pip3?|git|cd|mkdir|curl|wget|docker|chmod|brew|cargo|conda|ls|echo|grep|sed|awk|tar|ssh|scp|export|python3?|node)(?:\s+[-\w./"'$~@=*{(]|\s*$)/u;

/** Every line is a command of a shell, goes on with one, or is a remark. */
function isShell(text: string): boolean {
  let goesOn = false;
  let commands = 0;
  for (const line of text.split('\n')) {
    const isCommand = COMMAND.test(line);
    if (!goesOn && !isCommand && line.trim() !== '' && !line.trimStart().startsWith('#')) return false;
    commands += Number(isCommand);
    goesOn = line.endsWith('\\');
  }
  return commands > 0;
}

/**
 * Whether a text without a language is a program rather than what one printed, a tree of files or prose: a Run button belongs
 * under programs alone. Which language it is, the analysis says when it is pressed.
 */
export function looksLikeCode(whole: string): boolean {
  const text = whole.slice(0, ENOUGH_UTF16);
  if (OUTPUT.test(text)) return false;
  return STATEMENT.test(text) || isShell(text);
}
