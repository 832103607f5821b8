/**
 * What host and worker of a runner say to each other, version 1. The worker runs strangers' code, which can forge
 * every message: the host takes nothing that `fromWorkerSchema` refuses, bounded in number and size by `LIMITS`.
 */
import { z } from 'zod';
import { APP_ERROR_CODES } from './errors.ts';
import { LIMITS } from './limits.ts';
import type { FileStat } from './files.ts';
import type { MachineSpec } from './machine-spec.ts';
import { MEDIA_TYPE } from './media-type.ts';
import type { Language } from './run.ts';
import type { SavedEngine } from './runner.ts';
import type { TerminalRequest } from './terminal.ts';
import { RUNNER_PROTOCOL } from './runner-version.ts';
import { type WebRequest, webNewsSchema } from './web-protocol.ts';

export { RUNNER_PROTOCOL } from './runner-version.ts';

/** How the engine starts: from a saved heap (named), or `cold`. */
export type EngineStart = 'science' | 'base' | 'cold';

export interface CopiedFile {
  readonly stat: FileStat;
  /** Null for directories, and for files that the worker has from an earlier run and that have not changed since. */
  readonly bytes: Uint8Array | null;
}

/** Of its own, and of the size that it has: one that may grow takes room for all that it may. */
const isPlain = (buffer: ArrayBufferLike): boolean => buffer instanceof ArrayBuffer && !buffer.resizable;

/** Host to worker. The first message is the box's `EngineDelivery`; these follow. */
export type ToWorker =
  | {
      readonly kind: 'initialize';
      readonly protocol: typeof RUNNER_PROTOCOL;
      readonly start: EngineStart;
      readonly mountPath: string;
      /** What the person of the session asked its machine to be; absent for the usual one. */
      readonly machine?: MachineSpec | undefined;
    }
  | {
      readonly kind: 'execute';
      /** Counts from 1 in a session. */
      readonly run: number;
      readonly language: Language;
      readonly code: string;
      readonly stdin: readonly string[] | null;
      readonly timeMs: number;
      readonly memoryMB: number;
      /** The whole tree as it is now; null where files are live. */
      readonly files: readonly CopiedFile[] | null;
    }
  /** The session's files for an engine that asks for them by itself (decision 0067); before the first run. */
  | {
      readonly kind: 'files';
      readonly port: MessagePort;
      /** What an earlier engine of the session gave to keep; null where there is nothing. */
      readonly saved: SavedEngine | null;
    }
  /** Nobody waits for this engine yet: it may get done what its first use costs, in pieces, until the first run comes. */
  | { readonly kind: 'warmUp' }
  | { readonly kind: 'validate'; readonly id: number; readonly language: Language; readonly code: string }
  /** Sent by the box: ends a wait where there is no shared memory; a busy program cannot see it. */
  | { readonly kind: 'interrupt' }
  | { readonly kind: 'inputAnswer'; readonly run: number; readonly text: string | null }
  /** Answer to `network`: JSON of a `NetworkAnswer`. */
  | { readonly kind: 'network'; readonly id: number; readonly answer: string }
  /** Answer to `filesSent`. */
  | { readonly kind: 'filesTaken'; readonly id: number }
  /** Answer to `needImage`; null where there is no such package. */
  | { readonly kind: 'image'; readonly name: string; readonly bytes: Uint8Array | null }
  /** The engine is to be saved as it is now; `isWanted`: also where it was not used since the last time. */
  | { readonly kind: 'save'; readonly id: number; readonly isWanted: boolean }
  /** For the terminal of this number; beside runs and apart from them. */
  | { readonly kind: 'terminal'; readonly id: number; readonly request: TerminalRequest }
  /** For the request, websocket or watch of this number. */
  | { readonly kind: 'web'; readonly id: number; readonly request: WebRequest };

const count = z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER);
const text = (most: number) => z.string().max(most);
const path = text(LIMITS.filePathUtf16.standard);
const code = z.enum(APP_ERROR_CODES);
const mime = z.string().max(200).regex(MEDIA_TYPE);

/** `waiting`: until `working` the program waits, for a timer or for an answer of the host that is no line of input. */
export const PROGRESS_STAGES = ['started', 'waiting', 'working', 'interrupting', 'saving'] as const;

const artifactSchema = z.strictObject({
  kind: z.enum(['figure', 'table', 'file']),
  name: text(300),
  path: path.nullable(),
  mime,
  bytes: count,
});

const tableSchema = z.strictObject({
  title: text(1_000).nullable(),
  columns: z.array(text(1_000)).max(LIMITS.tableColumnsShown.standard),
  types: z.array(text(200)).max(LIMITS.tableColumnsShown.standard),
  rows: z
    .array(z.array(z.union([text(4_000), z.number(), z.boolean(), z.null()])).max(LIMITS.tableColumnsShown.standard))
    .max(LIMITS.tableRowsShown.standard),
  index: z.array(text(1_000)).max(LIMITS.tableRowsShown.standard).nullable(),
  totalRows: count,
  totalColumns: count,
});

const programErrorSchema = z.strictObject({
  code,
  title: text(300),
  message: text(4_000),
  traceback: text(500_000).nullable(),
  line: count.nullable(),
  column: count.nullable(),
  suggestions: z.array(text(1_000)).max(20),
});

/** Below the tree's root and never out of it; the workspace checks again. */
const treePath = path.refine((value) => value !== '' && !value.startsWith('/') && !value.split('/').includes('..'));
const bytes = z.instanceof(Uint8Array).refine((value) => value.byteLength <= LIMITS.messageBytes.standard);

const fileChangeSchema = z.discriminatedUnion('op', [
  z.strictObject({
    op: z.literal('write'),
    path: treePath,
    position: count,
    bytes: bytes.nullable(),
    truncateTo: count.nullable(),
  }),
  z.strictObject({ op: z.literal('rename'), path: treePath, to: treePath }),
  z.strictObject({ op: z.literal('mkdir'), path: treePath }),
  z.strictObject({ op: z.literal('remove'), path: treePath }),
]);

const data = z
  .record(mime, text(LIMITS.displayBytes.standard))
  .refine(
    (bundle) => Object.values(bundle).reduce((sum, part) => sum + part.length, 0) <= LIMITS.displayBytes.standard,
  );

const workerEventSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('progress'), stage: z.enum(PROGRESS_STAGES) }),
  z.strictObject({
    kind: z.literal('output'),
    stream: z.enum(['stdout', 'stderr']),
    text: text(LIMITS.outputForgedUtf16.standard),
  }),
  z.strictObject({ kind: z.literal('truncated'), shownBytes: count, path: path.nullable() }),
  z.strictObject({
    kind: z.literal('display'),
    data,
    table: tableSchema.nullable(),
    artifact: artifactSchema.nullable(),
  }),
  z.strictObject({ kind: z.literal('artifact'), artifact: artifactSchema }),
  z.strictObject({ kind: z.literal('input'), prompt: text(10_000), isSecret: z.boolean() }),
  z.strictObject({ kind: z.literal('notice'), text: text(4_000) }),
  /** Packages that an import brings in, of those that it needs and that were not here yet. */
  z.strictObject({ kind: z.literal('packages'), done: count, total: count }),
  /** While it works: what the engine holds (of a machine, the program), and the share of the time in which it did not wait. */
  z.strictObject({ kind: z.literal('usage'), memoryBytes: count, cpuShare: z.number().min(0).max(1) }),
  /** A change of the tree, in order; where files are live only for what the runner itself keeps (`.output`). */
  z.strictObject({ kind: z.literal('fileOut'), change: fileChangeSchema }),
  /** A limit was passed; the program is being unwound. */
  z.strictObject({ kind: z.literal('limit'), code }),
  z.strictObject({ kind: z.literal('error'), error: programErrorSchema }),
  z.strictObject({ kind: z.literal('completed'), exitCode: z.number().int() }),
]);

/** What a terminal of this worker tells. */
const terminalNewsSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('opened'), notice: text(4_000).nullable() }),
  z.strictObject({ kind: z.literal('output'), text: text(LIMITS.terminalAheadUtf16.standard) }),
  z.strictObject({ kind: z.literal('exited'), code: z.number().int() }),
  z.strictObject({ kind: z.literal('signalled'), signal: count }),
  z.strictObject({ kind: z.literal('failed'), detail: text(4_000) }),
  z.strictObject({ kind: z.literal('lost') }),
]);

export const fromWorkerSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('initialized'),
    protocol: z.literal(RUNNER_PROTOCOL),
    version: text(200),
    start: z.enum(['science', 'base', 'cold']),
    /** Why a saved heap was not used; null where it was, or none was asked for. */
    fallback: text(2_000).nullable(),
    memoryBytes: count,
    /** Names that should have been removed from the worker's global object and are still there. */
    left: z.array(text(200)).max(200),
    /** Milliseconds since the worker began, by stage. */
    marks: z.record(text(50), z.number()),
  }),
  z.strictObject({ kind: z.literal('startFailed'), detail: text(4_000) }),
  /** No more comes of `warmUp`: all is done, a run came, or a piece failed, with why. */
  z.strictObject({ kind: z.literal('warmedUp'), pieces: count, failed: text(4_000).nullable() }),
  z.strictObject({ kind: z.literal('event'), run: count, event: workerEventSchema }),
  z.strictObject({
    kind: z.literal('result'),
    run: count,
    result: text(2_000_000).nullable(),
    /** An interrupt came before the program's end, or its time was up by then. */
    isStopped: z.boolean(),
    limit: code.nullable(),
    memoryBytes: count,
    /** True where the engine ended this run well but can run no more: its variables are lost. */
    isSpent: z.boolean().optional(),
  }),
  /** The interpreter itself died; nothing more runs in this worker. */
  z.strictObject({ kind: z.literal('fatal'), run: count, detail: text(4_000) }),
  z.strictObject({ kind: z.literal('validation'), id: count, error: programErrorSchema.nullable() }),
  /** A package's files are wanted, where there is no shared memory to read them by. */
  z.strictObject({ kind: z.literal('needImage'), name: text(300) }),
  /** Asks for `filesTaken`, once every `fileOut` so far is in the tree or refused. */
  z.strictObject({ kind: z.literal('filesSent'), id: count }),
  /** A program asks for something of the network: JSON of a `NetworkRequest`, which the gate checks. */
  z.strictObject({
    kind: z.literal('network'),
    run: count,
    id: count,
    request: text(LIMITS.networkRequestUtf16.standard),
  }),
  /** The program wants the answer to that `network` no more. */
  z.strictObject({ kind: z.literal('networkEnd'), run: count, id: count }),
  z.strictObject({ kind: z.literal('terminal'), id: count, news: terminalNewsSchema }),
  z.strictObject({ kind: z.literal('web'), id: count, news: webNewsSchema }),
  /** The engine as it is now, for a later one of its session; null: what was kept is of no use. */
  z.strictObject({
    kind: z.literal('saved'),
    state: z
      .instanceof(Uint8Array)
      // A view is cloned, and stored, with all the memory behind it.
      .refine(({ buffer, byteLength }) => isPlain(buffer) && buffer.byteLength === byteLength)
      .refine((value) => value.byteLength <= LIMITS.savedEngineBytes.standard)
      .nullable(),
  }),
  /** What became of that `save`; what was saved came before. */
  z.strictObject({
    kind: z.literal('saveEnded'),
    id: count,
    end: z.enum(['saved', 'unchanged', 'inUse', 'failed']),
    detail: text(4_000).nullable(),
  }),
  /** The engine stands still because nobody uses it, or goes on. */
  z.strictObject({ kind: z.literal('resting'), isResting: z.boolean() }),
  /** What the machine that is the engine uses, now and then while it does not stand still: a `MachineUsage`. */
  z.strictObject({
    kind: z.literal('machineUsage'),
    usage: z.strictObject({
      memoryBytes: count,
      memoryMostBytes: count,
      cpuShare: z.number().min(0).max(1),
      load: z.number().min(0).max(1_000_000),
      storageBytes: count,
      storageMostBytes: count,
    }),
  }),
]);

export type FromWorker = z.infer<typeof fromWorkerSchema>;
export type WorkerEvent = z.infer<typeof workerEventSchema>;
export type SaveEnd = Pick<Extract<FromWorker, { kind: 'saveEnded' }>, 'end' | 'detail'>;
export type TerminalNews = z.infer<typeof terminalNewsSchema>;
export type FileChange = z.infer<typeof fileChangeSchema>;
export type WorkerProgramError = z.infer<typeof programErrorSchema>;
