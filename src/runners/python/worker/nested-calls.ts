/** Words of a thread state that say how deep calls may still nest (CPython 3.13, which numbers them alike on every start). */
const THREAD_STATE = { pythonLimit: 8, cCallsLeft: 9 } as const;
/** What CPython starts with, between two calls. Where it reads otherwise, this is another build. */
const AT_REST = { pythonLimit: 1_000, cCallsLeft: 10_000 } as const;

/**
 * How many calls of C may nest, each of which CPython counts. Measured in Chromium and Firefox (decision 0098): the stack of a
 * call that can be suspended ends at 2,100 to 4,800, a worker's own at 1,200 to 3,400. What is not counted needs the rest.
 */
export const NESTED_C_CALLS = { suspendable: 1_500, plain: 850 } as const;

/**
 * Makes the interpreter stop nesting before the browser's stack ends, which would end the session: deeper calls are a
 * RecursionError, deeper objects are freed one after another. Call it between two calls into the interpreter. False, with nothing
 * changed, where the thread state is not as in the build that this was written for.
 */
export function limitNestedCalls(memory: Uint8Array, threadState: number, most: number): boolean {
  const words = new DataView(memory.buffer, memory.byteOffset + threadState);
  const at = (word: number): number => words.getInt32(word * Int32Array.BYTES_PER_ELEMENT, true);
  if (at(THREAD_STATE.pythonLimit) !== AT_REST.pythonLimit || at(THREAD_STATE.cCallsLeft) !== AT_REST.cCallsLeft)
    return false;
  words.setInt32(THREAD_STATE.cCallsLeft * Int32Array.BYTES_PER_ELEMENT, most, true);
  return true;
}
