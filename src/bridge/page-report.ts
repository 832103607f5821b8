import { z } from 'zod';
import { fail, ok } from '../base/index.ts';
import type { PageDoor } from '../contracts/doors/page-report.ts';
import { appError } from '../contracts/errors.ts';
import { askActiveTab } from '../platform/index.ts';

/**
 * A content script lives in a process of the site, so what it says is checked like any other message. Made on use: the
 * content script shares this folder's face and must not carry the schema.
 */
function reportSchema() {
  const count = z.number().int().min(0);
  const name = z.string().max(200);
  return z.strictObject({
    sessionId: name,
    conversationId: name.nullable(),
    health: z.strictObject({
      streamsSeen: count,
      decoded: count,
      unknownShapes: count,
      problems: z.record(name, count),
      drift: z.enum(['none', 'suspected']),
      sampleShape: z.string().max(100_000).nullable(),
    }),
    callsSeen: count,
    design: name.nullable(),
    missingLandmarks: z.array(name).max(50),
  });
}

/** The popup's way to the tab in front. */
export function connectPageDoor(): PageDoor {
  return {
    async report() {
      const answer = await askActiveTab('report');
      if (answer === null) return fail(appError('host/unavailable'));
      const parsed = reportSchema().safeParse(answer);
      return parsed.success ? ok(parsed.data) : fail(appError('door/bad-message', undefined, parsed.error));
    },
  };
}
