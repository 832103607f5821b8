import * as v from 'valibot';
import { countSchema as count } from '../bounded.ts';
import { type Decision, PLACES, WARNING_KINDS, WAY_KINDS } from '../selection.ts';

const text = v.string();
const texts = v.array(text);
export const placeSchema = v.picklist(PLACES);

export const decisionSchema = v.strictObject({
  place: placeSchema,
  canRunHere: v.boolean(),
  reasons: texts,
  factors: v.array(
    v.strictObject({
      name: v.custom<Decision['factors'][number]['name']>((name) => typeof name === 'string'),
      speaksFor: v.nullable(placeSchema),
      text,
    }),
  ),
  estimate: v.strictObject({
    timeMs: count,
    memoryMB: count,
    confidence: count,
    from: v.picklist(['code', 'alike', 'same']),
  }),
  warnings: v.array(v.strictObject({ kind: v.picklist(WARNING_KINDS), title: text, reasons: texts })),
  ways: v.array(v.strictObject({ kind: v.picklist(WAY_KINDS), text })),
});

export const seenGroupSchema = v.strictObject({
  title: text,
  lines: v.array(v.strictObject({ text, line: v.nullable(count) })),
});
