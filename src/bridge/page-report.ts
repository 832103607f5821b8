import { fail, ok, z } from '../base/index.ts';
import type { PageDoor } from '../contracts/doors/page-report.ts';
import { appError } from '../contracts/errors.ts';
import { askActiveTab } from '../platform/index.ts';

const count = z.number().check(z.gte(0));
const name = z.string().check(z.maxLength(200));

/** A content script lives in a process of the site, so what it says is checked like any other message. */
const reportSchema = z.strictObject({
  sessionId: name,
  conversationId: z.nullable(name),
  health: z.strictObject({
    streamsSeen: count,
    decoded: count,
    unknownShapes: count,
    problems: z.record(name, count),
    drift: z.enum(['none', 'suspected']),
    sampleShape: z.nullable(z.string().check(z.maxLength(100_000))),
  }),
  callsSeen: count,
  design: z.nullable(name),
  missingLandmarks: z.array(name).check(z.maxLength(50)),
});

/** The popup's way to the tab in front. */
export function connectPageDoor(): PageDoor {
  return {
    async report() {
      const answer = await askActiveTab('report');
      if (answer === null) return fail(appError('host/unavailable'));
      const parsed = reportSchema.safeParse(answer);
      return parsed.success ? ok(parsed.data) : fail(appError('door/bad-message', undefined, parsed.error));
    },
  };
}
