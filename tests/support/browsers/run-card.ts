import type { Page } from 'puppeteer-core';

/** What a card shows of a run, read from its shadow root. */
export interface CardReading {
  readonly callKey: string;
  /** The text of the status line. */
  readonly status: string;
  /** `completed`, `crashed`, `timedOut`, `cancelled`, `refused`; empty while it runs. */
  readonly outcome: string;
  readonly stdout: string;
  readonly artifacts: readonly { readonly name: string; readonly byteCount: number }[];
  /** Call seen until first output, in milliseconds, where the card says so. */
  readonly firstOutputMs: number | null;
  /** All text of the card. */
  readonly text: string;
}

export const cardSelector = 'chatgpt-companion-card[data-call-key]';

export async function readCards(page: Page): Promise<CardReading[]> {
  return await page.$$eval(cardSelector, (hosts) =>
    hosts.map((host) => {
      const root = host.shadowRoot;
      const status = root?.querySelector('[data-part="status"]') ?? null;
      const firstOutput = host.getAttribute('data-timing-first-output-ms');
      return {
        callKey: host.getAttribute('data-call-key') ?? '',
        status: status?.textContent ?? '',
        outcome: status?.getAttribute('data-outcome') ?? '',
        stdout: root?.querySelector('[data-part="stdout"]')?.textContent ?? '',
        artifacts: [...(root?.querySelectorAll('[data-part="artifact"]') ?? [])].map((part) => ({
          name: part.getAttribute('data-name') ?? '',
          byteCount: Number(part.getAttribute('data-bytes') ?? 0),
        })),
        firstOutputMs: firstOutput === null ? null : Number(firstOutput),
        text: root?.textContent ?? '',
      };
    }),
  );
}

/** Waits until a card has an outcome and answers with it. `index` counts the cards of the page from 0. */
export async function finishedCard(page: Page, index = 0, timeoutMs = 60_000): Promise<CardReading> {
  await page.waitForFunction(
    (selector, wanted) => {
      const host = document.querySelectorAll(selector)[wanted];
      const outcome = host?.shadowRoot?.querySelector('[data-part="status"]')?.getAttribute('data-outcome') ?? '';
      return outcome !== '';
    },
    { timeout: timeoutMs },
    cardSelector,
    index,
  );
  const card = (await readCards(page))[index];
  if (card === undefined) throw new Error(`the card ${String(index)} went away while it was being read`);
  return card;
}

/** Presses a button of a card by its `data-action`, with a real click. */
export async function pressInCard(page: Page, action: string, index = 0): Promise<void> {
  const host = (await page.$$(cardSelector))[index];
  if (host === undefined) throw new Error(`there is no card ${String(index)}`);
  const button = await host.waitForSelector(`>>> [data-action="${action}"]`);
  if (button === null) throw new Error(`the card has no button ${action}`);
  await button.click();
}

/** The bytes of an artifact, fetched through the link that the card offers. */
export async function artifactBytes(page: Page, name: string, index = 0): Promise<Buffer> {
  const base64 = await page.evaluate(
    async (selector, wanted, artifactName) => {
      const root = document.querySelectorAll(selector)[wanted]?.shadowRoot;
      const parts = [...(root?.querySelectorAll('[data-part="artifact"]') ?? [])];
      const part = parts.find((entry) => entry.getAttribute('data-name') === artifactName);
      const link = part instanceof HTMLAnchorElement ? part : part?.querySelector('a[href]');
      const address = link?.getAttribute('href') ?? part?.querySelector('img')?.src ?? '';
      if (address === '') return '';
      const blob = await new Promise<Blob>((resolve, reject) => {
        const request = new XMLHttpRequest();
        request.open('GET', address);
        request.responseType = 'blob';
        request.onload = () => {
          resolve(request.response as Blob);
        };
        request.onerror = () => {
          reject(new Error(`the artifact's address cannot be read: ${address}`));
        };
        request.send();
      });
      const bytes = new Uint8Array(await blob.arrayBuffer());
      let binary = '';
      for (const byte of bytes) binary += String.fromCharCode(byte);
      return btoa(binary);
    },
    cardSelector,
    index,
    name,
  );
  return Buffer.from(base64, 'base64');
}
