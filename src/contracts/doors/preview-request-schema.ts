import * as v from 'valibot';
import { listWithin, numberWithin, textWithin } from '../bounded.ts';
import { LIMITS } from '../limits.ts';
import type { HeaderList } from '../preview.ts';

// What a page may ask of its server: the same for its frame, which is told so first, and for the door, where it counts.

const METHOD = /^[A-Z]{1,20}$/;
/** Of visible ASCII, without a fragment. */
const PATH = /^\/[!-"$-~]*$/;
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const NAME = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/;
/** Latin-1 without what ends a line. */
const VALUE = /^[^\0\r\n\u0100-\uffff]*$/;

const matching = (pattern: RegExp, most: number) =>
  v.custom<string>((value) => typeof value === 'string' && value.length <= most && pattern.test(value));
export const bytesWithin = (most: number) =>
  v.custom<Uint8Array<ArrayBuffer>>((value) => value instanceof Uint8Array && value.byteLength <= most);
const isHeader = (value: unknown): value is HeaderList[number] =>
  Array.isArray(value) &&
  value.length === 2 &&
  value.every((part) => typeof part === 'string') &&
  NAME.test(String(value[0])) &&
  VALUE.test(String(value[1]));

export const pathSchema = matching(PATH, LIMITS.previewPathUtf16.standard);
export const bodySchema = bytesWithin(LIMITS.previewBodyBytes.standard);

export const requestEntries = {
  method: matching(METHOD, 20),
  path: pathSchema,
  headers: v.pipe(
    listWithin(LIMITS.previewHeaders.standard, isHeader),
    v.check((lines) => lines.flat().reduce((sum, { length }) => sum + length, 0) <= LIMITS.previewHeadBytes.standard),
  ),
  body: v.nullable(bodySchema),
};

export const protocolsSchema = listWithin(
  20,
  (value): value is string => typeof value === 'string' && value.length <= 100 && TOKEN.test(value),
);

/** A message of a websocket. */
export const messageSchema = v.union([
  textWithin(0, LIMITS.previewMessageBytes.standard),
  bytesWithin(LIMITS.previewMessageBytes.standard),
]);

/** How a page ends one. */
export const closingEntries = {
  code: v.nullable(v.pipe(numberWithin(1_000, 4_999), v.integer())),
  reason: textWithin(0, 123),
};
