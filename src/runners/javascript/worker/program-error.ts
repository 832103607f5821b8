import type { AppErrorCode } from '../../../contracts/errors.ts';
import type { WorkerProgramError } from '../../../contracts/runner-protocol.ts';
import type { GuestError } from '../guest/host-calls.ts';
import type { Position } from './strip-types.ts';

const MESSAGE_UTF16 = 4_000;
const STACK_UTF16 = 100_000;
const PLACE = /\b(main\.[jt]s):(\d+):(\d+)/u;
/** In a file of the conversation, by its path below the mount. */
const FILE_PLACE = /\bat \/mnt\/data\/(.+):(\d+):\d+/u;

export interface ErrorContext {
  /** From places in what was run to places in what the person wrote. */
  readonly placeOf: (place: Position) => Position;
  readonly code?: AppErrorCode;
  readonly suggestions?: readonly string[];
}

/** What a page would have, or another Node; said because programs from a chat expect them. */
const ABSENT: Readonly<Record<string, string>> = {
  document: 'A program here has no web page: print or return the result instead of changing a document.',
  window: 'A program here has no web page: use globalThis instead of window.',
  localStorage: 'A program here has no browser storage: write a file with fs.writeFileSync instead.',
  XMLHttpRequest: 'Use fetch, where the network is allowed.',
  WebSocket: 'A program here cannot open sockets.',
  Worker: 'A program here is one thread.',
  Deno: 'This is neither Deno nor Node; fs, path and process work as in Node.',
  Bun: 'This is neither Bun nor Node; fs, path and process work as in Node.',
  WebAssembly: 'WebAssembly runs here as a language of its own, not from JavaScript.',
  SharedArrayBuffer: 'A program here is one thread and has no shared memory.',
  Atomics: 'A program here is one thread and has no shared memory.',
  Temporal: 'Use Date, or dayjs or date-fns, which are bundled.',
};

function codeOf({ name, message, code }: GuestError): AppErrorCode {
  if (name === 'SyntaxError') return 'js/syntax-error';
  if (/^out of memory$/u.test(message) && /^(?:Internal|Range)Error$/u.test(name)) return 'js/memory';
  if (/Maximum call stack size exceeded|^stack overflow$/u.test(message)) return 'js/stack';
  if (code === 'ERR_MODULE_NOT_FOUND' || /^Cannot find (?:module|package) '/u.test(message))
    return 'js/module-not-found';
  if (code === 'ERR_NETWORK_OFF') return 'run/network-off';
  if (/^Too many timers/u.test(message)) return 'js/too-many-timers';
  return 'js/exception';
}

function suggestionsFor(error: GuestError): string[] {
  const absent = /^'?(\w+)'? is not defined/u.exec(error.message)?.[1];
  const said = absent !== undefined && Object.hasOwn(ABSENT, absent) ? ABSENT[absent] : undefined;
  return said === undefined ? [] : [said];
}

/** The error as a person reads it, with the place in their own code. */
export function programErrorOf(error: GuestError, context: ErrorContext): WorkerProgramError {
  const stack = error.stack.replace(new RegExp(PLACE, 'gu'), (_, file: string, line: string, column: string) => {
    const place = context.placeOf({ line: Number(line), column: Number(column) });
    return `${file}:${place.line}:${place.column}`;
  });
  const place = PLACE.exec(stack);
  const elsewhere = place || error.name !== 'SyntaxError' ? null : FILE_PLACE.exec(stack);
  return {
    code: context.code ?? codeOf(error),
    title: error.name.slice(0, 300),
    message: `${error.message}${elsewhere ? ` (${elsewhere[1] ?? ''}, line ${elsewhere[2] ?? ''})` : ''}`.slice(
      0,
      MESSAGE_UTF16,
    ),
    traceback: stack.slice(0, STACK_UTF16),
    line: place ? Number(place[2]) : null,
    column: place ? Number(place[3]) : null,
    suggestions: [...(context.suggestions ?? suggestionsFor(error))],
  };
}
