import type { WorkerProgramError } from '../../../contracts/runner-protocol.ts';
import type { LuaEnd } from './lua-end.ts';
import { CHUNK_NAME } from './machine.ts';
import { adviceOfOtherVersions } from './other-versions.ts';

const MESSAGE_UTF16 = 4_000;
const TRACEBACK_UTF16 = 400_000;

/** What helps with messages that Lua words without saying what to do. First match counts. */
const ADVICE: readonly (readonly [pattern: RegExp, advice: string])[] = [
  [
    /^[^\n]*module '[^']+' not found/u,
    'Only modules that are files of the workspace can be required; packages from LuaRocks are not here.',
  ],
  [
    /attempt to call a nil value \((?:global|field|method) '/u,
    'No function of this name exists here: check its spelling, or define it first.',
  ],
  [
    /attempt to index a nil value/u,
    'The value before the dot or bracket is nil here: give it a value first, or test it with "if x then".',
  ],
  [
    /attempt to perform arithmetic on a nil value/u,
    'A number is missing: the variable was never set, or its name is spelt in another way.',
  ],
  [
    /attempt to concatenate a (?:nil|table|boolean|function) value/u,
    'Put it into tostring(…) before joining it with "..".',
  ],
  [/attempt to compare/u, 'Both sides must be numbers, or both strings: tonumber(…) and tostring(…) convert.'],
  [/stack overflow/u, 'A function calls itself without end: check the condition that ends the recursion.'],
  [/unexpected symbol near '!'|near '!='/u, 'Lua writes "not equal" as ~= and "not" as a word.'],
  [/unexpected symbol near '\+'|unexpected symbol near '-='|near '\+='/u, 'Lua has no += and ++: write x = x + 1.'],
  [
    /number has no integer representation/u,
    'Lua 5.4 keeps integers and floats apart: round with math.floor(…) or divide with //, or print with %.0f.',
  ],
  [/'popen' not supported/u, 'require("lfs").dir lists a folder; other commands run in a shell block of their own.'],
  [/__gc is not available here/u, 'Close what must be closed by hand, or with a <close> variable.'],
];

/** An error that nobody caught, as a person reads it. */
export function programErrorOf(end: Extract<LuaEnd, { kind: 'error' }>): WorkerProgramError {
  const message = end.message.slice(0, MESSAGE_UTF16);
  const advice = adviceOfOtherVersions(message) ?? ADVICE.find(([pattern]) => pattern.test(message))?.[1];
  const isSyntax = end.stage === 'syntax' && !end.isMemory;
  return {
    code: end.isMemory ? 'lua/memory' : isSyntax ? 'lua/syntax-error' : 'lua/error',
    // Errors of Lua have no names.
    title: '',
    message,
    traceback: end.traceback === null ? null : `${message}\n${end.traceback}`.slice(0, TRACEBACK_UTF16),
    line: lineIn(message) ?? lineIn(end.traceback ?? ''),
    column: null,
    suggestions: advice === undefined ? [] : [advice],
  };
}

const PLACE = `${CHUNK_NAME.replace('.', '\\.')}:(\\d+):`;

/** The line of the person's own code that is named; of several at the beginning (a coroutine's error gets another) the last. */
function lineIn(text: string): number | null {
  const leading = new RegExp(`^(?:${PLACE} )+`, 'u').exec(text)?.[1];
  const found = leading ?? new RegExp(`\\s${PLACE}`, 'u').exec(text)?.[1];
  return found === undefined ? null : Number(found);
}
