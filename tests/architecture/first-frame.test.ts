import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const text = (path: string): string => readFileSync(join(root, path), 'utf8');

test('the frame that the host document comes with has the attributes of every other box', () => {
  const frames = [...text('entrypoints/offscreen/index.html').matchAll(/<iframe\s([^>]*)>/gu)].map(
    ([, all]) => all ?? '',
  );
  expect(frames).toHaveLength(1);
  const written = [...(frames[0] ?? '').matchAll(/([a-z-]+)="([^"]*)"/gu)].map(([, name, value]) => [name, value]);
  const made = [...text('src/box/frame.ts').matchAll(/setAttribute\('([a-z-]+)', '([^']*)'\)/gu)].map(
    ([, name, value]) => [name, value],
  );
  expect(made).toContainEqual(['sandbox', 'allow-scripts']);
  expect(written.sort()).toEqual([...made, ['src', '/box.html']].sort());
  expect(frames[0]).toMatch(/\shidden$/u);
});
