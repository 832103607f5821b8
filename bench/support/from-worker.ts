import type { Page } from 'puppeteer-core';
import { z } from 'zod';

/** Chromium's browser process is asked for a worker; the first of the host's boxes has its own from a `blob:` of an opaque origin. */
const ASKED = 'DedicatedWorkerHostFactoryImpl::CreateWorkerHostAndStartScriptLoad';
/** The client's mark (`tests/support/runs-client`). */
const OUTPUT = 'first output';

const TRACE = z.object({
  traceEvents: z.array(
    z.object({ name: z.string(), ts: z.number(), args: z.looseObject({ script_url: z.string().optional() }) }),
  ),
});

/**
 * Milliseconds from the moment at which Chromium is asked for the worker of the first box, until the page of the client has the first
 * output of `run`; both read from one trace. The browser was just started, and `run` has the host started. Throws where the trace
 * does not show both.
 */
export async function fromFirstWorker(page: Page, run: () => Promise<unknown>): Promise<number> {
  await page.tracing.start({ categories: ['loading', 'blink.user_timing'] });
  await run();
  const trace = await page.tracing.stop();
  if (!trace) throw new Error('no trace');
  const { traceEvents } = TRACE.parse(JSON.parse(new TextDecoder().decode(trace)));
  const first = (name: string, address: string): number =>
    Math.min(
      ...traceEvents
        .filter((each) => each.name === name && (each.args.script_url ?? '').startsWith(address))
        .map(({ ts }) => ts),
    );
  const tookMs = (first(OUTPUT, '') - first(ASKED, 'blob:null/')) / 1000;
  if (!Number.isFinite(tookMs) || tookMs <= 0) throw new Error(`the trace has no worker before an output: ${tookMs}`);
  return tookMs;
}
