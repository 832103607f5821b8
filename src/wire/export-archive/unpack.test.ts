import { strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { unpackExport } from './unpack.ts';

const MB = 1024 * 1024;

/** Writes another uncompressed size into every header that states it. */
function stateSize(zip: Uint8Array, from: number, to: number): Uint8Array {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
  for (let at = 0; at + 4 <= zip.length; at += 1) if (view.getUint32(at, true) === from) view.setUint32(at, to, true);
  return zip;
}

describe('unpackExport', () => {
  it('unpacks conversations and nothing else', () => {
    const zip = zipSync({
      'conversations.json': strToU8('[1]'),
      'a/conversations-012.json': strToU8('[2]'),
      '__MACOSX/conversations.json': strToU8('junk'),
      'old-conversations.json': strToU8('junk'),
      'user.json': strToU8('private'),
    });
    expect(unpackExport(zip, MB)).toStrictEqual({
      ok: true,
      value: [
        { name: 'conversations.json', text: '[1]' },
        { name: 'a/conversations-012.json', text: '[2]' },
      ],
    });
  });

  it('refuses what would unpack to more than the limit, without unpacking it', () => {
    const zip = zipSync({ 'conversations.json': new Uint8Array(20 * MB) });
    expect(zip.length).toBeLessThan(MB);
    expect(unpackExport(zip, 10 * MB)).toStrictEqual({ ok: false, error: 'archive_too_large' });
  });

  it('never writes more than what an archive states', () => {
    const zip = stateSize(zipSync({ 'conversations.json': new Uint8Array(20 * MB).fill(32) }), 20 * MB, 1_000);
    const result = unpackExport(zip, 10 * MB);
    const unpacked = result.ok ? result.value.reduce((sum, { text }) => sum + text.length, 0) : 0;
    expect(unpacked).toBeLessThanOrEqual(1_000);
  });

  it('refuses what is no archive', () => {
    for (const bytes of [
      new Uint8Array(0),
      strToU8('PK'),
      strToU8('not a zip at all, but long enough to look for one'),
    ]) {
      expect(unpackExport(bytes, MB)).toStrictEqual({ ok: false, error: 'bad_document' });
    }
  });
});
