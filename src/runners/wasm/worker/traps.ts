/** What browsers call a trap, and what it means. First match counts. */
const TRAPS: readonly (readonly [pattern: RegExp, title: string, meaning: string])[] = [
  [
    /unreachable/u,
    'unreachable',
    'The program came to an "unreachable" instruction: it gave up on purpose, as after a failed check.',
  ],
  [/divide by zero|division by zero|remainder by zero/u, 'divide by zero', 'An integer was divided by zero.'],
  [
    /unrepresentable in integer|invalid conversion to integer/u,
    'invalid conversion',
    'A number that is NaN or too large was converted to an integer.',
  ],
  [
    /integer overflow|divide result unrepresentable/u,
    'integer overflow',
    'The result of an integer division does not fit.',
  ],
  [
    /memory access out of bounds|index out of bounds|out of bounds memory/u,
    'out of bounds',
    'The program used an address (or a table entry) outside of its memory.',
  ],
  [
    /table index is out of bounds|table access out of bounds|out of bounds table/u,
    'out of bounds',
    'The program used a table entry that does not exist.',
  ],
  [
    /signature mismatch|null function|indirect call to null|uninitialized element/u,
    'bad indirect call',
    'The program called a table entry that is empty or a function of another type.',
  ],
  [/call stack|too much recursion|stack overflow/u, 'stack overflow', 'The program called itself too deeply.'],
];

export interface Trap {
  readonly title: string;
  readonly message: string;
}

/** What ended a program; null for an error that is no trap. */
export function trapOf(thrown: unknown): Trap | null {
  if (thrown instanceof WebAssembly.Exception) {
    return { title: 'uncaught exception', message: 'The program threw an exception that it did not catch.' };
  }
  const isStack = thrown instanceof Error && (thrown.name === 'RangeError' || thrown.name === 'InternalError');
  if (!(thrown instanceof WebAssembly.RuntimeError) && !isStack) return null;
  const found = TRAPS.find(([pattern]) => pattern.test(thrown.message));
  if (!found) return isStack ? null : { title: 'trap', message: thrown.message };
  return { title: found[1], message: found[2] };
}

const FRAME = /(?:at )?(?:\w+\.)?([^\s@()]*)\s*[@(]?[^\s]*wasm-function\[(\d+)\]/u;
const FRAMES_SHOWN = 50;

/** The program's own calls, innermost first; null where the browser tells none. `exported` names functions by their number. */
export function traceOf(thrown: unknown, exported: ReadonlyMap<number, string>): string | null {
  const stack = thrown instanceof Error ? (thrown.stack ?? '') : '';
  const frames = stack.split('\n').flatMap((line) => {
    const found = FRAME.exec(line.trim());
    if (!found) return [];
    const [, name = '', number = ''] = found;
    const isName = name !== '' && !name.startsWith('wasm') && !name.includes('/');
    return [`  at ${isName ? name : (exported.get(Number(number)) ?? `function ${number}`)}`];
  });
  if (frames.length === 0) return null;
  const more = frames.length - FRAMES_SHOWN;
  return [...frames.slice(0, FRAMES_SHOWN), ...(more > 0 ? [`  and ${more} more`] : [])].join('\n');
}
