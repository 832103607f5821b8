import type { ElementHandle, Page } from 'puppeteer-core';

/** What a card shows of a run, read from its shadow root. */
export interface CardReading {
  readonly callKey: string;
  /** The text of the status line. */
  readonly status: string;
  /** `waiting`, `starting`, `running`, `input` or `ended`. */
  readonly state: string;
  /** `completed`, `crashed`, `timedOut`, `cancelled`, `refused`; empty while it runs. */
  readonly outcome: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly figures: readonly CardFile[];
  readonly artifacts: readonly CardFile[];
  /** Call seen until first output, first figure and end, in milliseconds, where the card says so. */
  readonly firstOutputMs: number | null;
  readonly figureMs: number | null;
  readonly endedMs: number | null;
  /** All text of the card but its styles. */
  readonly text: string;
}

export interface CardFile {
  readonly name: string;
  readonly byteCount: number;
}

export const cardSelector = 'chatgpt-companion-card[data-call-key]';

export async function readCards(page: Page): Promise<CardReading[]> {
  return await page.$$eval(cardSelector, (hosts) =>
    hosts.map((host) => {
      const all = (part: string): Element[] => [...(host.shadowRoot?.querySelectorAll(`[data-part="${part}"]`) ?? [])];
      const time = (name: string): number | null => {
        const value = host.getAttribute(name);
        return value === null ? null : Number(value);
      };
      const join = (part: string): string =>
        all(part)
          .map((entry) => entry.textContent)
          .join('');
      const files = (part: string): CardFile[] =>
        all(part).map((entry) => ({
          name: entry.getAttribute('data-name') ?? '',
          byteCount: Number(entry.getAttribute('data-bytes') ?? 0),
        }));
      const visible = [...(host.shadowRoot?.children ?? [])].filter(
        (child): child is HTMLElement => child instanceof HTMLElement && child.tagName !== 'STYLE',
      );
      return {
        callKey: host.getAttribute('data-call-key') ?? '',
        status: join('status'),
        state: all('status')[0]?.getAttribute('data-state') ?? '',
        outcome: all('status')[0]?.getAttribute('data-outcome') ?? '',
        stdout: join('stdout'),
        stderr: join('stderr'),
        figures: files('figure'),
        artifacts: files('artifact'),
        firstOutputMs: time('data-first-output-ms'),
        figureMs: time('data-figure-ms'),
        endedMs: time('data-ended-ms'),
        text: visible.map((child) => child.innerText).join('\n'),
      };
    }),
  );
}

/** Waits until a card has an outcome and its figures are drawn. `index` counts the cards of the page from 0. */
export async function finishedCard(page: Page, index = 0, timeoutMs = 60_000): Promise<CardReading> {
  await page.waitForFunction(
    (selector, wanted) => {
      const host = document.querySelectorAll(selector)[wanted];
      const root = host?.shadowRoot;
      const outcome = root?.querySelector('[data-part="status"]')?.getAttribute('data-outcome') ?? '';
      const isDrawn =
        root?.querySelector('[data-part="figure"]') == null || host?.getAttribute('data-figure-ms') !== null;
      return outcome !== '' && isDrawn;
    },
    { timeout: timeoutMs },
    cardSelector,
    index,
  );
  const card = (await readCards(page))[index];
  if (card === undefined) throw new Error(`the card ${String(index)} went away while it was being read`);
  return card;
}

/** Waits until a card is in a state such as `running` or `input`. */
export async function cardInState(page: Page, state: string, index = 0, timeoutMs = 60_000): Promise<void> {
  await page.waitForFunction(
    (selector, wanted, wantedState) => {
      const root = document.querySelectorAll(selector)[wanted]?.shadowRoot;
      return root?.querySelector('[data-part="status"]')?.getAttribute('data-state') === wantedState;
    },
    { timeout: timeoutMs },
    cardSelector,
    index,
    state,
  );
}

/** Something inside a card, by a selector that holds within its shadow root; waits for it. */
export async function withinCard(page: Page, selector: string, index = 0): Promise<ElementHandle> {
  await page.waitForSelector(cardSelector);
  const host = (await page.$$(cardSelector))[index];
  if (host === undefined) throw new Error(`there is no card ${String(index)}`);
  const found = await host.waitForSelector(`>>> ${selector}`, { timeout: 10_000 });
  if (found === null) throw new Error(`the card has no ${selector}`);
  return found;
}

/** Presses a button of a card by its `data-action`, with a real click. */
export async function pressInCard(page: Page, action: string, index = 0): Promise<void> {
  const button = await withinCard(page, `[data-action="${action}"]`, index);
  await button.click();
}

/** Types a line into the field of a run that asks for input, sends it and waits until the program has taken it. */
export async function answerInput(page: Page, line: string, index = 0): Promise<void> {
  const field = await withinCard(page, '[data-part="input"]', index);
  const prompt = await withinCard(page, '[data-part="prompt"]', index);
  const asked = await prompt.evaluate((node) => node.textContent);
  await field.type(line);
  await field.press('Enter');
  await page.waitForFunction(
    (selector, wanted, before) => {
      const root = document.querySelectorAll(selector)[wanted]?.shadowRoot;
      const state = root?.querySelector('[data-part="status"]')?.getAttribute('data-state');
      return state !== 'input' || root?.querySelector('[data-part="prompt"]')?.textContent !== before;
    },
    {},
    cardSelector,
    index,
    asked,
  );
}
