import type { CellResult } from '../../kit/worker/index.ts';
import type { MemoryBound } from './plan.ts';

type ProgramError = NonNullable<CellResult['error']>;

/** Title and suggestions are those of the code. */
const NONE = { title: '', suggestions: [], traceback: null, line: null, column: null };

/** What `bash -n` said of a program that it could not read: `bash: -c: line 3: syntax error near …`. */
export function syntaxErrorOf(said: string): ProgramError {
  const [first = ''] = said.split('\n');
  const found = /\bline (\d+): (.*)$/u.exec(first);
  return {
    ...NONE,
    code: 'shell/syntax-error',
    message: (found?.[2] ?? first).slice(0, 1_000),
    traceback: said.slice(0, 10_000),
    line: found ? Number(found[1]) : null,
  };
}

/** A program deleted what every later one needs. */
export const ownFilesError: ProgramError = {
  ...NONE,
  code: 'linux/own-files',
  message: 'The shell itself is no longer there: /bin/bash was deleted.',
};

/** Linux, or the watch beside it, ended what it could because the program's memory was at its end. */
export const memoryError = ({ memoryMB, isMachines }: MemoryBound): ProgramError =>
  isMachines
    ? {
        ...NONE,
        code: 'linux/memory',
        message: `This machine gives a program ${memoryMB} MB at most, and it wanted more.`,
      }
    : { ...NONE, code: 'shell/memory', message: `The program may use ${memoryMB} MB, and wanted more.` };
