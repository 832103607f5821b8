import fc from 'fast-check';
import { expect, test } from 'vitest';
import { holdText, type TextPiece } from './held-text.ts';

type Piece = TextPiece<'stdout' | 'stderr'>;

const textOf = (pieces: readonly Piece[], stream: string): string =>
  pieces.map((piece) => (piece.stream === stream ? piece.text : '')).join('');

test('keeps the order of the streams, and joins what one printed at a time', () => {
  const held = holdText<Piece['stream']>();
  held.add('stdout', 'a');
  held.add('stdout', 'b');
  held.add('stderr', 'c');
  held.add('stdout', 'd');
  expect(held.utf16).toBe(4);
  expect(held.take()).toEqual([
    { stream: 'stdout', text: 'ab' },
    { stream: 'stderr', text: 'c' },
    { stream: 'stdout', text: 'd' },
  ]);
  expect([held.utf16, held.take()]).toEqual([0, []]);
});

test('where the stream changes without end a batch is two pieces', () => {
  const held = holdText<Piece['stream']>();
  for (let n = 0; n < 10_000; n += 1) held.add(n % 2 === 0 ? 'stdout' : 'stderr', `${n}\n`);
  const first = held.take();
  expect(first.length).toBeLessThan(5_000);
  expect(first.slice(0, 3).map(({ text }) => text)).toEqual(['0\n', '1\n', '2\n']);
  for (let n = 0; n < 1_000; n += 1) held.add(n % 2 === 0 ? 'stdout' : 'stderr', `${n}\n`);
  expect(held.take().map(({ stream }) => stream)).toEqual(['stdout', 'stderr']);
});

test('each stream is whole and in order, however it is printed and taken', () => {
  const step = fc.oneof(
    { weight: 5, arbitrary: fc.tuple(fc.constantFrom('stdout' as const, 'stderr' as const), fc.string()) },
    { weight: 1, arbitrary: fc.constant(null) },
  );
  fc.assert(
    fc.property(fc.array(step, { size: 'large' }), fc.integer({ min: 0, max: 5_000 }), (steps, before) => {
      const held = holdText<Piece['stream']>();
      const printed: Piece[] = [];
      const taken: Piece[] = [];
      const print = (stream: Piece['stream'], text: string) => {
        printed.push({ stream, text });
        held.add(stream, text);
      };
      for (let n = 0; n < before; n += 1) print(n % 2 === 0 ? 'stdout' : 'stderr', 'x');
      for (const one of steps) {
        if (one === null) taken.push(...held.take());
        else print(...one);
      }
      taken.push(...held.take());
      for (const stream of ['stdout', 'stderr']) expect(textOf(taken, stream)).toBe(textOf(printed, stream));
    }),
  );
});
