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

  const inner = (id: string) =>
    zipSync({ 'conversations-000.json': strToU8(`["${id}"]`), 'user.json': strToU8('private') });
  const names = (zip: Uint8Array, most = MB) => {
    const result = unpackExport(zip, most);
    return result.ok ? result.value.map(({ name, text }) => `${name} ${text}`) : result.error;
  };

  it('opens the archives within an archive that has no conversations itself', () => {
    const folder = 'User Online Activity/Conversations__invented-chatgpt-000';
    const zip = zipSync({
      'report.html': strToU8('<html></html>'),
      [`${folder}1.zip`]: inner('a'),
      [`${folder}2.ZIP`]: inner('b'),
      'other/more.zip': zipSync({ 'folder/deep.zip': inner('c') }),
      '__MACOSX/junk.zip': inner('junk'),
    });
    expect(names(zip)).toStrictEqual([
      `${folder}1.zip/conversations-000.json ["a"]`,
      `${folder}2.ZIP/conversations-000.json ["b"]`,
      'other/more.zip/folder/deep.zip/conversations-000.json ["c"]',
    ]);
  });

  it('leaves other archives alone where the conversations stand beside them', () => {
    expect(names(zipSync({ 'conversations.json': strToU8('[]'), 'attached.zip': inner('x') }))).toStrictEqual([
      'conversations.json []',
    ]);
  });

  it('goes no deeper than two archives, and opens a bounded number of them', () => {
    const deep = zipSync({ 'a.zip': zipSync({ 'b.zip': zipSync({ 'c.zip': inner('too deep') }) }) });
    expect(names(deep)).toStrictEqual([]);
    const many = Object.fromEntries(Array.from({ length: 90 }, (_, at) => [`${String(at)}.zip`, inner(String(at))]));
    expect(names(zipSync(many))).toHaveLength(64);
  });

  it('counts all archives together against the limit', () => {
    const bomb = zipSync({ 'conversations.json': new Uint8Array(6 * MB).fill(32) });
    expect(names(zipSync({ '1.zip': bomb }), 10 * MB)).toHaveLength(1);
    expect(names(zipSync({ '1.zip': bomb, '2.zip': bomb }), 10 * MB)).toBe('archive_too_large');
    const stored = zipSync({ 'large.zip': new Uint8Array(20 * MB) });
    expect(names(stored, 10 * MB)).toBe('archive_too_large');
  });

  it('makes a broken archive of conversations one that its reader counts', () => {
    const zip = zipSync({
      'Conversations-1.zip': strToU8('not a zip'),
      'picture.zip': strToU8('nor this'),
      '2.zip': inner('b'),
    });
    expect(names(zip)).toStrictEqual(
      ['2.zip/conversations-000.json ["b"]', 'Conversations-1.zip/conversations.json '].reverse(),
    );
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
