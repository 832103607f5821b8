/** JavaScript promise integration, which the types of this TypeScript do not know yet. */
interface Integration {
  readonly Suspending?: new (call: (...given: never[]) => Promise<unknown>) => WebAssembly.ImportValue;
  readonly promising?: (call: unknown) => (...given: readonly (number | bigint)[]) => Promise<unknown>;
}

const integration = WebAssembly as unknown as Integration;

/**
 * Lets a program wait for a promise where its worker must not block. Null where the browser cannot; then a program that
 * wants to wait gets what is there.
 */
export interface Suspender {
  /** An import that the program waits for. */
  waiting(call: (...given: never[]) => Promise<unknown>): WebAssembly.ImportValue;
  /** Calls an export that may wait. */
  call(exported: unknown, given: readonly (number | bigint)[]): Promise<unknown>;
}

export function createSuspender(): Suspender | null {
  const { Suspending, promising } = integration;
  if (!Suspending || !promising) return null;
  return {
    waiting: (call) => new Suspending(call),
    call: (exported, given) => promising(exported)(...given),
  };
}
