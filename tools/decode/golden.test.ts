import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { WireLimits } from '../../src/wire/index.ts';
import { decodeInput, kindOf } from './decode-input.ts';
import type { Cutting } from './cutting.ts';

const FOLDER = fileURLToPath(new URL('../../tests/fixtures/wire/', import.meta.url));
const CUTTINGS: readonly Cutting[] = [null, 1, 2, 3, 7, 64, 4096, 'line-ends', { seed: 12_345 }, { seed: 987_654_321 }];
const ABOUT: ReadonlySet<string> = new Set(['about', 'rules', 'options']);

const optionsSchema = z.strictObject({ maxEventChars: z.number().optional(), maxCodeChars: z.number().optional() });
const names = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.out.json'))
  .map((file) => file.slice(0, -'.out.json'.length));

function limitsOf(options: unknown): Partial<WireLimits> {
  const { maxEventChars, maxCodeChars } = optionsSchema.parse(options ?? {});
  return {
    ...(maxEventChars === undefined ? {} : { eventUtf16: maxEventChars }),
    ...(maxCodeChars === undefined ? {} : { codeUtf16: maxCodeChars }),
  };
}

describe('golden pairs', () => {
  it('are all there', () => {
    expect(names).toHaveLength(271);
  });

  it.each(names)('%s comes out the same however it is cut', (name) => {
    const file = ['.in.sse', '.in.ws.jsonl', '.in.json']
      .map((end) => name + end)
      .find((each) => existsSync(FOLDER + each));
    if (file === undefined) throw new Error('no input');
    const bytes = new Uint8Array(readFileSync(FOLDER + file));
    const kind = kindOf(file, bytes);
    if (!kind) throw new Error('no kind');
    const wanted = z
      .record(z.string(), z.unknown())
      .parse(JSON.parse(readFileSync(`${FOLDER}${name}.out.json`, 'utf8')));
    const fields = Object.keys(wanted).filter((field) => !ABOUT.has(field));
    const expected = Object.fromEntries(fields.map((field) => [field, wanted[field]]));
    for (const cutting of CUTTINGS) {
      const result: unknown = JSON.parse(
        JSON.stringify(decodeInput(kind, bytes, { limits: limitsOf(wanted['options']), cutting })),
      );
      const got = z.record(z.string(), z.unknown()).parse(result);
      const compared = Object.fromEntries(fields.map((field) => [field, got[field]]));
      expect(compared, `cut ${JSON.stringify(cutting)}`).toStrictEqual(expected);
    }
  });
});
