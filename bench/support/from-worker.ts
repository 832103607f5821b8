import type { Page } from 'puppeteer-core';
import { z } from 'zod';

/** The browser is asked for a worker. */
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
 * output of `run`; both read from one trace. Boxes have their workers from a `blob:` of an opaque origin.
 */
export async function fromFirstWorker(page: Page, run: () => Promise<unknown>): Promise<number> {
  await page.tracing.start({ categories: ['loading', 'blink.user_timing'] });
  await run();
  const { traceEvents } = TRACE.parse(JSON.parse(new TextDecoder().decode(await page.tracing.stop())));
  const asked = traceEvents.filter(
    ({ name, args }) => name === ASKED && args.script_url?.startsWith('blob:null/') === true,
  );
  const outputs = traceEvents.filter(({ name }) => name === OUTPUT);
  if (asked.length === 0 || outputs.length !== 1) throw new Error('the trace has no worker, or not one first output');
  return ((outputs[0]?.ts ?? Number.NaN) - Math.min(...asked.map(({ ts }) => ts))) / 1000;
}
