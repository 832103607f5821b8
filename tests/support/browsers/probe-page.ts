import { fileURLToPath } from 'node:url';
import type { Page } from 'puppeteer-core';

/** The add-on of the tests that reads closed shadow roots; installed beside ours. */
export const probeFolder = fileURLToPath(new URL('./probe', import.meta.url));

interface Place {
  /** Selector of the element of ours that holds the shadow root. */
  readonly host: string;
  readonly index: number;
  readonly selector: string;
}
export type ProbeRequest =
  /** `states` is what of `cards` costs little to read. */
  | { readonly kind: 'cards' | 'outside' | 'states'; readonly host: string }
  | ({ readonly kind: 'parts' } & Place)
  /** `isScrolled`: brought to the middle of the window first. */
  | ({ readonly kind: 'place'; readonly nth: number; readonly isScrolled: boolean } & Place);

/** Of an answer, in what a failed wait says. */
const LAST_CHARACTERS = 4_000;

/** As source, so that a waiting predicate can be put around it. */
const ASK = `((request) => {
  let answer = null;
  const take = (event) => (answer = JSON.parse(event.detail));
  document.addEventListener('card-probe-answer', take, { once: true });
  document.dispatchEvent(new CustomEvent('card-probe-ask', { detail: JSON.stringify(request) }));
  document.removeEventListener('card-probe-answer', take);
  return answer;
})`;

/** What the probe answers now; null where no probe is installed. */
export async function askProbe<T>(page: Page, request: ProbeRequest): Promise<T> {
  return (await page.evaluate(`${ASK}(${JSON.stringify(request)})`)) as T;
}

/**
 * Asks until `holds` is true of the answer, and gives that answer, or what is `then` answered in the same moment. `holds` runs
 * in the page: it may use nothing but its two arguments.
 */
export async function probeUntil<T, A = null, R = T>(
  page: Page,
  request: ProbeRequest,
  holds: string | ((answer: T, argument: A) => unknown),
  argument: A,
  { timeoutMs = 60_000, then = null }: { readonly timeoutMs?: number; readonly then?: ProbeRequest | null } = {},
): Promise<R> {
  const source = `(() => {
    const ask = ${ASK};
    const then = ${JSON.stringify(then)};
    const answer = ask(${JSON.stringify(request)});
    if (!(${holds.toString()})(answer, ${JSON.stringify(argument)})) return false;
    return { answer: then === null ? answer : ask(then) };
  })()`;
  const handle = await page
    .waitForFunction(source, { timeout: timeoutMs, polling: 50 })
    .catch(async (cause: unknown) => {
      const last = JSON.stringify(await askProbe(page, request).catch(String)).slice(0, LAST_CHARACTERS);
      throw new Error(`${String(cause)}; the last answer was ${last}`, { cause });
    });
  return ((await handle.jsonValue()) as { readonly answer: R }).answer;
}
