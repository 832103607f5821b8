import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import type { WireLimits } from '../src/wire/index.ts';
import { decodeInput, INPUT_KINDS, kindOf, type DecodeOptions, type InputKind } from './decode/decode-input.ts';

const USAGE = 'usage: npm run -s decode -- FILE… [--kind KIND] [--chunks N] [--limits JSON]';

const limitsSchema = z.strictObject({
  maxEventChars: z.number().int().positive().optional(),
  maxCodeChars: z.number().int().positive().optional(),
});

/** Reads the limits of a golden pair's `options`. Throws an Error with one sentence when they are none. */
function readLimits(text: string): Partial<WireLimits> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error('--limits is not JSON', { cause: error });
  }
  const parsed = limitsSchema.safeParse(value);
  if (!parsed.success) throw new Error('--limits takes maxEventChars and maxCodeChars, whole numbers above zero');
  const { maxEventChars, maxCodeChars } = parsed.data;
  return {
    ...(maxEventChars === undefined ? {} : { eventUtf16: maxEventChars }),
    ...(maxCodeChars === undefined ? {} : { codeUtf16: maxCodeChars }),
  };
}

function readChunks(text: string): number {
  const bytes = Number(text);
  if (!Number.isSafeInteger(bytes) || bytes < 1) throw new Error('--chunks takes a whole number of bytes above zero');
  return bytes;
}

function readKind(text: string): InputKind {
  const kind = INPUT_KINDS.find((known) => known === text);
  if (!kind) throw new Error(`--kind takes one of ${INPUT_KINDS.join(', ')}`);
  return kind;
}

function decodeFile(file: string, stated: InputKind | null, options: DecodeOptions): object {
  try {
    const bytes = new Uint8Array(readFileSync(file));
    const kind = stated ?? kindOf(basename(file), bytes);
    if (!kind) throw new Error('is of no known kind; name it with --kind');
    return decodeInput(kind, bytes, options);
  } catch (error) {
    throw new Error(`${file}: ${error instanceof Error ? error.message : 'cannot be read'}`, { cause: error });
  }
}

function run(): void {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { kind: { type: 'string' }, chunks: { type: 'string' }, limits: { type: 'string' } },
  });
  if (positionals.length === 0) throw new Error(USAGE);
  const stated = values.kind === undefined ? null : readKind(values.kind);
  const options: DecodeOptions = {
    limits: values.limits === undefined ? {} : readLimits(values.limits),
    cutting: values.chunks === undefined ? null : readChunks(values.chunks),
  };
  for (const file of positionals) process.stdout.write(`${JSON.stringify(decodeFile(file, stated, options))}\n`);
}

try {
  run();
} catch (error) {
  process.stderr.write(`decode: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
