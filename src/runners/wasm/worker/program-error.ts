import type { WorkerProgramError } from '../../../contracts/runner-protocol.ts';
import { ProgramProblem } from './program.ts';
import { ProgramAborted } from './run-ends.ts';
import { BadModule } from './sections.ts';
import { traceOf, trapOf } from './traps.ts';
import { BadCall } from './values.ts';
import { WatProblem } from './wat.ts';

const MESSAGE_UTF16 = 4_000;

const errorOf = (
  code: WorkerProgramError['code'],
  title: string,
  message: string,
  more: Partial<Pick<WorkerProgramError, 'traceback' | 'line' | 'column' | 'suggestions'>> = {},
): WorkerProgramError => ({
  code,
  title,
  message: message.slice(0, MESSAGE_UTF16),
  traceback: null,
  line: null,
  column: null,
  suggestions: [],
  ...more,
});

/** What was thrown while a program was read, made or run, as a person reads it; null for a fault of ours. */
export function programErrorOf(
  thrown: unknown,
  exported: ReadonlyMap<number, string> = new Map(),
): WorkerProgramError | null {
  if (thrown instanceof ProgramProblem) {
    return errorOf('wasm/bad-module', 'no module', thrown.message, { line: thrown.line });
  }
  if (thrown instanceof WatProblem) {
    const { line, column, excerpt } = thrown;
    return errorOf('wasm/bad-module', 'syntax error', thrown.message, { line, column, traceback: excerpt });
  }
  if (thrown instanceof BadModule) {
    return errorOf(
      thrown.isMemory ? 'wasm/memory' : 'wasm/bad-module',
      thrown.isMemory ? 'too much memory' : 'bad module',
      thrown.message,
    );
  }
  if (thrown instanceof BadCall) return errorOf('wasm/bad-call', 'bad call', thrown.message);
  if (thrown instanceof WebAssembly.CompileError) {
    return errorOf('wasm/bad-module', 'invalid module', `The browser refuses the module: ${plain(thrown.message)}`);
  }
  if (thrown instanceof WebAssembly.LinkError) {
    return errorOf('wasm/bad-call', 'bad import', `An import does not fit: ${plain(thrown.message)}`);
  }
  if (thrown instanceof ProgramAborted)
    return errorOf('wasm/trap', 'abort', `The program ended itself: ${thrown.message}.`);
  const trap = trapOf(thrown);
  return trap && errorOf('wasm/trap', trap.title, trap.message, { traceback: traceOf(thrown, exported) });
}

/** Without the name of the browser's function in front. */
const plain = (message: string): string => message.replace(/^WebAssembly\.\w+\(\):\s*/u, '');
