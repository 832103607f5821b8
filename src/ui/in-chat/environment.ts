import type { CapturedCall } from '../../contracts/capture.ts';
import type { Language } from '../../contracts/run.ts';
import { shellQuoted } from './call-code.ts';

/** Variables that one seed frame may set; more is no environment but an attack on memory. */
const MOST_VARIABLES = 100;
const MOST_UTF16 = 32_768;

/**
 * Code that sets the environment variables which a seed frame asks for; null when it asks for none. It runs before the
 * call in the same session, apart from it, so that line numbers of tracebacks stay those of the person's code.
 */
export function environmentCode(call: Pick<CapturedCall, 'seedFrame'>, language: Language | null): string | null {
  const wanted = Object.entries(call.seedFrame?.environment ?? {}).filter(
    // No operating system has variables with these values; a program's would end with an error that nobody sees.
    (entry): entry is [string, string] => {
      const [name, value] = entry;
      return (
        /^[A-Za-z_][A-Za-z0-9_]{0,127}$/.test(name) &&
        typeof value === 'string' &&
        value.isWellFormed() &&
        !value.includes('\0')
      );
    },
  );
  if (wanted.length === 0 || wanted.length > MOST_VARIABLES) return null;
  const json = JSON.stringify(Object.fromEntries(wanted));
  if (json.length > MOST_UTF16) return null;
  if (language === 'shell') return wanted.map(([name, value]) => `export ${name}=${shellQuoted(value)}\n`).join('');
  // A JSON string literal is a Python string literal as well.
  return `import json as _j, os as _o\n_o.environ.update(_j.loads(${JSON.stringify(json)}))\ndel _j, _o\n`;
}
