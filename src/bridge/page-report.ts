import * as v from 'valibot';
import { fail, ok, type Result } from '../base/index.ts';
import type { PageDoor } from '../contracts/doors/page-report.ts';
import { type AppError, appError } from '../contracts/errors.ts';
import { askActiveTab, askTab } from '../platform/index.ts';

/**
 * A content script lives in a process of the site, so what it says is checked like any other message. Made on use: the
 * content script shares this folder's face and must not carry the schema.
 */
function answerSchema() {
  const count = v.pipe(v.number(), v.finite(), v.minValue(0));
  const name = v.pipe(v.string(), v.maxLength(200));
  const report = v.strictObject({
    sessionId: name,
    conversationId: v.nullable(name),
    health: v.strictObject({
      streamsSeen: count,
      decoded: count,
      unknownShapes: count,
      problems: v.record(name, count),
      drift: v.picklist(['none', 'suspected']),
      sampleShape: v.nullable(v.pipe(v.string(), v.maxLength(100_000))),
      sightings: v.exactOptional(
        v.pipe(
          v.array(
            v.strictObject({
              kind: v.picklist(['python-like', 'route', 'item-event', 'content-type', 'side-band']),
              name,
              count,
            }),
          ),
          v.maxLength(100),
        ),
      ),
      frames: v.strictObject({ processed: count, blocked: count, failed: count, size: count, canvases: count }),
      log: v.pipe(v.array(name), v.maxLength(200)),
    }),
    callsSeen: count,
    design: v.nullable(name),
    missingLandmarks: v.pipe(v.array(name), v.maxLength(50)),
  });
  return v.union([v.literal('loading'), report]);
}

/** The popup's way to the tab in front, or to one tab for good. */
export function connectPageDoor(tabId: number | null = null): PageDoor {
  const ask = async <Output>(
    request: 'report' | 'recording',
    schema: v.GenericSchema<unknown, Output>,
  ): Promise<Result<Output, AppError>> => {
    const answer = await (tabId === null ? askActiveTab(request) : askTab(tabId, request));
    if (answer === null) return fail(appError('host/unavailable'));
    const parsed = v.safeParse(schema, answer);
    return parsed.success ? ok(parsed.output) : fail(appError('door/bad-message', undefined, parsed.issues));
  };
  return {
    report: () => ask('report', answerSchema()),
    // Asked for seldom: no part of the first load.
    recording: async () => ask('recording', (await import('./recording-schema.ts')).recordingSchema()),
  };
}
