import * as v from 'valibot';

/** What a tab may hand out as its recording; members that are not read are left behind. */
export function recordingSchema() {
  const count = v.pipe(v.number(), v.finite(), v.minValue(0));
  const name = v.pipe(v.string(), v.maxLength(10_000));
  const content = v.string();
  const stream = { atMs: count, stream: count };
  const socket = { atMs: count, kind: v.literal('socket'), direction: v.picklist(['in', 'out']) };
  const envelope = v.union([
    v.object({ ...stream, kind: v.literal('chunk'), base64: content }),
    v.object({ ...socket, text: content }),
    v.object({ ...socket, base64: content }),
    v.object({ ...stream, kind: v.literal('end'), how: v.picklist(['complete', 'cancelled', 'failed']) }),
    v.object({
      ...stream,
      kind: v.literal('open'),
      method: name,
      url: name,
      status: count,
      contentType: name,
      retryAfter: v.nullable(name),
      request: v.nullable(content),
    }),
  ]);
  return v.pipe(v.array(envelope), v.maxLength(50_000));
}
