import { z } from 'zod';
import { createCapture, createHistoryImport } from '../../src/capture/pipeline/index.ts';
import { redact, unpackExport, WIRE_LIMITS, type ArchiveMember, type WireLimits } from '../../src/wire/index.ts';
import type { Cutting } from './cutting.ts';
import { GoldenCollector, type GoldenResult } from './golden.ts';
import { StepPlayer, stepSchema, type Step } from './steps.ts';

export const INPUT_KINDS = ['sse', 'ws', 'session', 'document', 'export', 'redact'] as const;
export type InputKind = (typeof INPUT_KINDS)[number];

export interface DecodeOptions {
  readonly limits: Partial<WireLimits>;
  readonly cutting: Cutting;
}

const lineSchema = z.object({ dir: z.enum(['in', 'out']), text: z.string().optional(), b64: z.string().optional() });
const caseSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('session'), steps: z.array(stepSchema) }),
  z.object({ kind: z.literal('document'), document: z.unknown() }),
  z.object({ kind: z.literal('export'), files: z.record(z.string(), z.string()) }),
  z.object({ kind: z.literal('redact'), inputs: z.array(z.string()) }),
]);

/** Decodes one input of the golden pairs' formats. Throws an Error with one clear sentence on input that is none. */
export function decodeInput(kind: InputKind, bytes: Uint8Array, options: DecodeOptions): GoldenResult | RedactedResult {
  if (kind === 'sse') return decodeSteps([bodyStep(bytes)], options);
  if (kind === 'ws') return decodeSteps(socketSteps(textOf(bytes)), options);
  if (kind === 'export' && isZip(bytes)) return decodeArchive(unpack(bytes), options);
  const value = parseJson(textOf(bytes));
  if (kind === 'document' && !hasKind(value)) return decodeDocument(value, options);
  const parsed = caseSchema.safeParse(hasKind(value) ? value : { kind, ...asObject(value) });
  if (!parsed.success) throw new Error(`is not a ${kind} case: ${parsed.error.issues[0]?.message ?? 'unknown shape'}`);
  const input = parsed.data;
  switch (input.kind) {
    case 'session':
      return decodeSteps(input.steps, options);
    case 'document':
      return decodeDocument(input.document, options);
    case 'export':
      return decodeArchive(
        Object.entries(input.files).map(([name, text]) => ({ name, text })),
        options,
      );
    case 'redact':
      return { redacted: input.inputs.map(redact) };
  }
}

export interface RedactedResult {
  readonly redacted: readonly string[];
}

/**
 * The steps of a live input as one page would see them; null for inputs of other kinds.
 * @internal
 */
export function stepsOf(kind: InputKind, bytes: Uint8Array): readonly Step[] | null {
  if (kind === 'sse') return [bodyStep(bytes)];
  if (kind === 'ws') return socketSteps(textOf(bytes));
  const parsed = kind === 'session' ? caseSchema.parse(parseJson(textOf(bytes))) : null;
  return parsed?.kind === 'session' ? parsed.steps : null;
}

/** The kind of a file by its name and its first bytes; null when they do not say. */
export function kindOf(name: string, bytes: Uint8Array): InputKind | null {
  if (name.endsWith('.sse')) return 'sse';
  if (name.endsWith('.ws.jsonl')) return 'ws';
  if (isZip(bytes)) return 'export';
  if (!name.endsWith('.json')) return null;
  const value = parseJson(textOf(bytes));
  const stated = hasKind(value) ? INPUT_KINDS.find((kind) => kind === value.kind) : undefined;
  return stated ?? 'document';
}

function decodeSteps(steps: readonly Step[], { limits, cutting }: DecodeOptions): GoldenResult {
  const golden = new GoldenCollector();
  const capture = createCapture({
    limits: { ...limits, envelopesPerSecond: Number.POSITIVE_INFINITY },
    now: () => 0,
    onEvent: golden.onEvent,
    onWireEvent: golden.onWireEvent,
  });
  const player = new StepPlayer(capture, cutting);
  for (const step of steps) player.play(step);
  return golden.result(capture.health().problems, player.sourceNames);
}

function decodeDocument(value: unknown, { limits }: DecodeOptions): GoldenResult {
  const golden = new GoldenCollector();
  const history = createHistoryImport({ limits, onEvent: golden.onEvent, onWireEvent: golden.onWireEvent });
  history.readDocument(value, null);
  return golden.result(history.problems());
}

function decodeArchive(members: Iterable<ArchiveMember>, { limits }: DecodeOptions): GoldenResult {
  const golden = new GoldenCollector();
  const history = createHistoryImport({ limits, onEvent: golden.onEvent, onWireEvent: golden.onWireEvent });
  history.readArchive(members);
  return golden.result(history.problems());
}

function bodyStep(bytes: Uint8Array): Step {
  return {
    step: 'http',
    id: 'http',
    method: 'POST',
    url: '/backend-api/f/conversation',
    status: 200,
    type: 'text/event-stream',
    headers: {},
    b64: Buffer.from(bytes).toString('base64'),
  };
}

function socketSteps(text: string): readonly Step[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const parsed = lineSchema.safeParse(parseJson(line));
      if (!parsed.success) throw new Error('holds a line that is not a socket frame');
      return { step: 'ws', ...parsed.data };
    });
}

function unpack(bytes: Uint8Array): readonly ArchiveMember[] {
  const members = unpackExport(bytes, WIRE_LIMITS.archiveBytes);
  if (!members.ok) throw new Error(`cannot be unpacked: ${members.error}`);
  return members.value;
}

function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b;
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error('is not JSON', { cause: error });
  }
}

function asObject(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {};
}

function hasKind(value: unknown): value is { kind: string } {
  return typeof value === 'object' && value !== null && 'kind' in value && typeof value.kind === 'string';
}
