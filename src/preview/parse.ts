import * as v from 'valibot';
import { countSchema, numberWithin, textWithin } from '../contracts/bounded.ts';
import { oneOfKinds } from '../contracts/kinds.ts';
import { LIMITS } from '../contracts/limits.ts';
import type { FromPreview } from './messages.ts';

const path = v.custom<string>(
  (value) =>
    typeof value === 'string' && value.length <= LIMITS.previewPathUtf16.standard && /^\/[!-"$-~]*$/.test(value),
);
const bytes = v.custom<Uint8Array<ArrayBuffer>>(
  (value) => value instanceof Uint8Array && value.byteLength <= LIMITS.previewBodyBytes.standard,
);
const header = v.strictTuple([textWithin(1, 256), textWithin(0, LIMITS.previewPathUtf16.standard)]);
const request = v.strictObject({
  method: v.pipe(v.string(), v.regex(/^[A-Z]{1,20}$/)),
  path,
  headers: v.pipe(v.array(header), v.maxLength(LIMITS.previewHeaders.standard)),
  body: v.nullable(bytes),
});
const data = v.custom<string | Uint8Array<ArrayBuffer>>(
  (value) =>
    (typeof value === 'string' && value.length <= LIMITS.previewMessageBytes.standard) ||
    (value instanceof Uint8Array && value.byteLength <= LIMITS.previewMessageBytes.standard),
);

const message = oneOfKinds('op', {
  ask: { id: countSchema, request },
  go: { request },
  outside: { address: textWithin(1, LIMITS.previewPathUtf16.standard) },
  address: { path },
  shown: { title: textWithin(0, 300) },
  'socket-open': { id: countSchema, path, protocols: v.pipe(v.array(textWithin(1, 100)), v.maxLength(20)) },
  'socket-send': { id: countSchema, data },
  'socket-close': { id: countSchema, code: v.nullable(numberWithin(1000, 4999)), reason: textWithin(0, 123) },
});

/** Null for whatever our own script in the frame would not send. */
export function parseFromPreview(value: unknown): FromPreview | null {
  const parsed = v.safeParse(message, value);
  return parsed.success ? parsed.output : null;
}
