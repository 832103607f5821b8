/** How often a beginning of the last statement is looked for: statements longer than this many lines show no value. */
const LINES_TRIED = 30;

/** True where the text can be compiled as a chunk. */
export type Compiles = (text: string) => boolean;

/** What follows calls a function and gives back what it gives: not `return f(x)`, which would hide the caller's frame. */
const opened = 'return (function(...) return ... end)(';

const shown = (expression: string): string => `${opened}${expression.replace(/[;\s]+$/u, '')}\n)`;

/** Words that begin a statement, or end a block: no value begins with them. */
const STATEMENT = /^(?:local|return|if|for|while|repeat|until|do|end|else|elseif|goto|break|::)(?![\w])/u;
/** An expression that cannot be read as the end of the line before it. */
const STANDS_ALONE = /^(?:[A-Za-z_]|\d)/u;

/**
 * The chunk that gives the value of the code's last line, as Lua's prompt would: the code itself where it is an expression,
 * or with its last statement made into a value. Lines stay what they are. Null where the last statement has no value.
 */
export function withLastValue(code: string, compiles: Compiles): string | null {
  if (!STATEMENT.test(code.trimStart()) && compiles(`return ${code}`)) return shown(code);
  const lines = code.split('\n');
  const isWhole = compiles(code);
  // Where the code is right as it is, a line that may continue the one before it has to stay there.
  const mayBegin = (line: string): boolean => !STATEMENT.test(line) && (!isWhole || STANDS_ALONE.test(line));
  let tried = 0;
  for (let at = lines.length - 1; at > 0 && tried < LINES_TRIED; at -= 1) {
    const start = (lines[at] ?? '').trimStart();
    if (start === '' || start.startsWith('--')) continue;
    tried += 1;
    if (!mayBegin(start)) continue;
    const last = lines.slice(at).join('\n');
    const before = lines.slice(0, at).join('\n');
    if (!compiles(`return ${last}`) || !compiles(before)) continue;
    const chunk = `${before}\n${shown(last)}`;
    return compiles(chunk) ? chunk : null;
  }
  return null;
}
