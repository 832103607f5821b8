import type { CellResult } from '../../kit/worker/index.ts';

type ProgramError = NonNullable<CellResult['error']>;

const NONE = { traceback: null, line: null, column: null };

/** What `bash -n` said of a program that it could not read: `bash: -c: line 3: syntax error near …`. */
export function syntaxErrorOf(said: string): ProgramError {
  const [first = ''] = said.split('\n');
  const found = /\bline (\d+): (.*)$/u.exec(first);
  return {
    ...NONE,
    suggestions: [],
    code: 'shell/syntax-error',
    title: '',
    message: (found?.[2] ?? first).slice(0, 1_000),
    traceback: said.slice(0, 10_000),
    line: found ? Number(found[1]) : null,
  };
}

/** Linux, or the watch beside it, ended what it could because the program's memory was at its end. */
export const memoryError = (memoryMB: number): ProgramError => ({
  ...NONE,
  suggestions: [],
  code: 'shell/memory',
  title: '',
  message: `The program may use ${memoryMB} MB, and wanted more.`,
});
