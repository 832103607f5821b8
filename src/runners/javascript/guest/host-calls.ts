/**
 * What the guest may ask of its worker. Only strings, numbers, bytes and the guest's own values cross; an answer that can
 * fail says so in its text, so that no error of the worker's own world ever reaches a program.
 */
export interface HostCalls {
  /** 1 is standard output, 2 standard error. */
  write(stream: 1 | 2, text: string): void;
  /** Asks for `fire(id)` after so many milliseconds; false when there are too many timers. */
  setTimer(id: number, ms: number): boolean;
  clearTimer(id: number): void;
  /** Whether a run waits for this timer before it ends. */
  holdTimer(id: number, isHeld: boolean): void;
  /** 0 pending, 1 fulfilled, 2 rejected. */
  promiseState(promise: object): number;
  promiseResult(promise: object): unknown;
  /** Whether it is a proxy; its target is then `proxyTarget`, read without running a trap. */
  isProxy(value: object): boolean;
  /** Null for a revoked one. */
  proxyTarget(proxy: object): object | null;
  /** A file operation as JSON; bytes only for writing. JSON back, or bytes for reading. */
  file(request: string, bytes?: Uint8Array): string | Uint8Array;
  /** Where an import leads: JSON of `Located`. */
  locate(specifier: string, from: string): string;
  /** A CommonJS file or package as a function of `exports, require, module, __filename, __dirname`. */
  compile(id: string): unknown;
  /** Runs an ES module and gives its namespace to `keepNamespace`; its error, described, or an empty string. */
  importNow(path: string): string;
  /** The browser's reader of URLs: JSON in, JSON of its parts or of null out. */
  url(request: string): string;
  /** The browser's own Intl: JSON in and out. */
  intl(request: string): string;
  /** Minutes west of UTC that the engine was last told of the zone here, NaN where it asked for none since this was last called. */
  zoneTold(): number;
  /** A line of input: JSON of `{text}`, or `{error}`. */
  readLine(prompt: string): string;
  /** The same without waiting: `lineRead(id, json)` follows. */
  readLineLater(id: number, prompt: string): void;
  /** Rich output: JSON of `{data, table}`. */
  display(request: string): void;
  /** A function of the host by name: JSON of the arguments; `{value}` or `{error}` back. */
  callHost(name: string, args: string): string;
  /** Asks for a file of the network: JSON; `fetched(id, json)` follows. */
  fetch(id: number, request: string): void;
  /** The answer to that `fetch` is wanted no more; `fetched` follows all the same. */
  endFetch(id: number): void;
  /** What may have been called at a place of a stack: JSON of `Frame` with its file in, JSON of `Callee[]` out. */
  callees(request: string): string;
  /** What Node's crypto and zlib do, in the worker (`native/`): JSON and bytes in, bytes or JSON of `{value}` or `{error}` out. */
  native(request: string, first: Uint8Array, second: Uint8Array): Uint8Array | string;
  /** Asks for `runTicks` after the work at hand. */
  wantTicks(): void;
  /** JSON of bytes that the engine may have, that it has, and that values take. */
  memory(): string;
  /** Ends the run. */
  exit(code: number): void;
  /** Milliseconds with fractions since the session began. */
  now(): number;
}

/** Where an import leads. */
export type Located =
  | { readonly kind: 'builtin'; readonly id: string }
  | { readonly kind: 'package'; readonly id: string; readonly property: string | null }
  | { readonly kind: 'json'; readonly id: string; readonly text: string }
  | { readonly kind: 'commonjs' | 'module'; readonly id: string }
  | { readonly kind: 'error'; readonly code: string; readonly message: string };

/** What the worker asks of the guest; strings and numbers only. */
export interface GuestCalls {
  fire(id: number): void;
  runTicks(): void;
  /** 1 where the program takes care of an error that nothing caught; the second argument is 1 for a promise's. */
  uncaught(error: unknown, isRejection: number): number;
  /** `process.on('beforeExit')`: 1 where somebody heard it, and may have left more to be done. */
  beforeExit(): number;
  /** The value as Node's prompt prints it. */
  show(value: unknown): string;
  /** JSON of the rich form of a value, or an empty string where text says it all. */
  rich(value: unknown): string;
  /** JSON of `GuestError`. */
  describeError(error: unknown): string;
  /** Names that a CommonJS module or a package exports, as JSON. */
  exportNames(id: string): string;
  lineRead(id: number, answer: string): void;
  fetched(id: number, answer: string): void;
  /** Forgets what belongs to a run: timers, groups, pending questions. */
  beginRun(facts: string): void;
  /** After a program's own end: `process.on('exit')`. The exit code it chose. */
  endRun(code: number): number;
  /** Why a module of Node cannot be here; empty where it is not refused. */
  refusal(name: string): string;
}

export interface GuestError {
  readonly name: string;
  readonly message: string;
  /** With its first line, as Node prints it; the person's frames only. */
  readonly stack: string;
  readonly code: string | null;
}

const scope = globalThis as unknown as { __host?: HostCalls };

/** Taken once; programs never see it. */
export const host: HostCalls = scope.__host as HostCalls;
delete scope.__host;
