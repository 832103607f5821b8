import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';

const FIXTURES = join(import.meta.dirname, '../../tests/fixtures');

/** Writes a test suite as one packed file below tests/fixtures; texts in it may be bytes as Latin-1. Returns its size. */
export function writePack(path: string, content: unknown): number {
  const packed = brotliCompressSync(Buffer.from(JSON.stringify(content), 'latin1'), {
    params: { [constants.BROTLI_PARAM_LGWIN]: 24, [constants.BROTLI_PARAM_QUALITY]: 11 },
  });
  writeFileSync(join(FIXTURES, path), packed);
  return packed.length;
}

export function readPack(path: string): unknown {
  return JSON.parse(brotliDecompressSync(readFileSync(join(FIXTURES, path))).toString('latin1'));
}
