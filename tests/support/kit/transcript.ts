import { ok } from '../../../src/base/index.ts';
import type { BoxOpener, BoxWorker, PostOptions } from '../../../src/contracts/box.ts';

/** One message of host (`to`) or worker (`from`); `interrupt` is what the box does when a run is stopped. */
export type Line = { readonly to: unknown } | { readonly from: unknown } | { readonly interrupt: true };

interface Output {
  readonly kind: 'event';
  readonly run: number;
  readonly event: { readonly kind: 'output'; readonly stream: string; readonly text: string };
}

const isOutput = (message: unknown): message is Output =>
  (message as { kind?: unknown } | null)?.kind === 'event' && (message as Partial<Output>).event?.kind === 'output';

/** Boxes that note what is said to their workers and by them, in `lines`; `onWaiting` hears of a program that waits. */
export function recordingBoxes(boxes: BoxOpener, lines: Line[], onWaiting = (): void => undefined): BoxOpener {
  return {
    ...boxes,
    async open(engine, options) {
      const opened = await boxes.open(engine, options);
      return opened.ok ? ok(recording(opened.value, lines, onWaiting)) : opened;
    },
  };
}

function recording(worker: BoxWorker, lines: Line[], onWaiting: () => void): BoxWorker {
  // By prototype: a box's fields are getters and promises of its own.
  const wrapped = Object.create(worker) as BoxWorker;
  return Object.defineProperties(wrapped, {
    post: {
      value: (message: unknown, options?: PostOptions) => {
        lines.push({ to: steady(message) });
        worker.post(message, options);
      },
    },
    interrupt: {
      value: () => {
        lines.push({ interrupt: true });
        worker.interrupt();
      },
    },
    settle: { value: () => worker.settle() },
    serveFiles: { value: worker.serveFiles.bind(worker) },
    close: { value: () => worker.close() },
    hasSharedMemory: { value: worker.hasSharedMemory },
    closed: { value: worker.closed },
    crashReason: { get: () => worker.crashReason },
    onMessage: {
      value: (listener: (message: unknown) => void, options: { readonly signal: AbortSignal }) =>
        worker.onMessage((message) => {
          note(lines, message);
          if (stageOf(message) === 'waiting') onWaiting();
          listener(message);
        }, options),
    },
  });
}

const stageOf = (message: unknown): string | undefined =>
  (message as { event?: { stage?: string } } | null)?.event?.stage;

/** Whether a program came to its wait before Stop came is the clock's. */
const isOfWaiting = (message: unknown): boolean => ['waiting', 'working'].includes(stageOf(message) ?? '');

/** A program that works for a second tells what it uses: whether it took so long is the clock's. */
const isUsage = (message: unknown): boolean =>
  (message as { event?: { kind?: unknown } } | null)?.event?.kind === 'usage';

const noted = new WeakSet<object>();

/** Each message once, however many listen; a run's output is one piece a stream, as the borders are the clock's. Waits and usage are left out. */
function note(lines: Line[], message: unknown): void {
  if (typeof message === 'object' && message !== null) {
    if (noted.has(message)) return;
    noted.add(message);
  }
  if (isOfWaiting(message) || isUsage(message)) return;
  if (isOutput(message)) {
    for (const [at, line] of lines.entries()) {
      const before = 'from' in line ? line.from : null;
      if (!isOutput(before) || before.run !== message.run || before.event.stream !== message.event.stream) continue;
      const text = before.event.text + message.event.text;
      lines[at] = { from: { ...before, event: { ...before.event, text } } };
      return;
    }
  }
  lines.push({ from: steady(message) });
}

/** What differs from one machine or moment to the next, named instead of shown. */
const UNSTEADY = new Set(['marks', 'memoryBytes', 'modifiedAtMs', 'packages', 'version']);

/** A message as JSON can hold it: bytes as text, and nothing of the clock. */
function steady(value: unknown, key = ''): unknown {
  if (UNSTEADY.has(key))
    return Array.isArray(value) || typeof value === 'object' ? {} : typeof value === 'number' ? 0 : '';
  if (value instanceof Uint8Array) return { $bytes: new TextDecoder().decode(value) };
  if (Array.isArray(value)) return value.map((item) => steady(item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, steady(inner, name)]));
}

/** A message of the golden file as it was sent. */
export function asSent(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asSent);
  if (typeof value !== 'object' || value === null) return value;
  if ('$bytes' in value) return new TextEncoder().encode(String(value.$bytes));
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, asSent(inner)]));
}
