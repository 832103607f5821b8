import type { BoundingBox, KeyInput, Page } from 'puppeteer-core';
import { askProbe, probeUntil } from './probe-page.ts';

/** What a card shows of a run, read from its closed shadow root. */
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

/** What of a card is read while it is waited for. */
interface CardState extends Pick<CardReading, 'callKey' | 'state' | 'outcome' | 'figureMs' | 'endedMs'> {
  readonly hasFigures: boolean;
}

export interface CardFile {
  readonly name: string;
  readonly byteCount: number;
}

export const cardSelector = 'chatgpt-companion-card[data-call-key]';
/** The Run bar at a code block. */
export const barTag = 'chatgpt-companion-run';

/** An element within one of ours. */
export interface Part {
  readonly text: string;
  /** What a field holds. */
  readonly value: string;
  readonly isChecked: boolean;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Which of our elements on the page; the first card without a word. */
export interface Within {
  readonly host?: string;
  readonly index?: number;
}

const placeOf = (selector: string, { host = cardSelector, index = 0 }: Within) => ({ host, index, selector });

export async function readCards(page: Page): Promise<CardReading[]> {
  return await askProbe(page, { kind: 'cards', host: cardSelector });
}

/** Tags of what sticks out at the sides of our elements of a kind. */
export async function outsideOf(page: Page, host = cardSelector): Promise<string[]> {
  return await askProbe(page, { kind: 'outside', host });
}

/** Waits until a card has an outcome and its figures are drawn. `index` counts the cards of the page from 0. */
export async function finishedCard(page: Page, index = 0, timeoutMs = 60_000): Promise<CardReading> {
  const isFinished = (cards: readonly CardState[] | null, at: number) => {
    const card = cards?.[at];
    return card !== undefined && card.outcome !== '' && (!card.hasFigures || card.figureMs !== null);
  };
  const cards = await probeUntil<readonly CardState[], number, readonly CardReading[]>(
    page,
    { kind: 'states', host: cardSelector },
    isFinished,
    index,
    { timeoutMs, then: { kind: 'cards', host: cardSelector } },
  );
  const card = cards[index];
  if (card === undefined) throw new Error(`the card ${String(index)} went away while it was being read`);
  return card;
}

/** Waits until a card that had ended has ended again. */
export async function finishedAgain(page: Page, before: CardReading): Promise<CardReading> {
  const isAnother = (cards: readonly CardState[] | null, { callKey, endedMs }: CardReading) =>
    cards?.some((card) => card.callKey === callKey && card.endedMs !== null && card.endedMs !== endedMs);
  await probeUntil(page, { kind: 'states', host: cardSelector }, isAnother, before);
  return await finishedCard(
    page,
    (await readCards(page)).findIndex(({ callKey }) => callKey === before.callKey),
  );
}

/** Waits until a card is in a state such as `running` or `input`. */
export async function cardInState(page: Page, state: string, index = 0, timeoutMs = 60_000): Promise<void> {
  const holds = (cards: readonly CardState[] | null, wanted: { index: number; state: string }) =>
    cards?.[wanted.index]?.state === wanted.state;
  await probeUntil(page, { kind: 'states', host: cardSelector }, holds, { index, state }, { timeoutMs });
}

/** Everything that a selector finds within one of our elements, now. */
export async function partsOf(page: Page, selector: string, within: Within = {}): Promise<readonly Part[]> {
  return (await askProbe<Part[] | null>(page, { kind: 'parts', ...placeOf(selector, within) })) ?? [];
}

/** Waits for a part, by default until one is there. `holds` runs in the page and may use nothing but its arguments. */
export async function partWith<A = null>(
  page: Page,
  selector: string,
  holds: (parts: readonly Part[], argument: A) => unknown = (parts) => parts.length > 0,
  argument?: A,
  within: Within = {},
): Promise<Part> {
  const request = { kind: 'parts', ...placeOf(selector, within) } as const;
  const inPage = `(parts, argument) => parts !== null && (${holds.toString()})(parts, argument)`;
  const parts = await probeUntil<readonly Part[], A | null>(page, request, inPage, argument ?? null);
  return parts[0] ?? { text: '', value: '', isChecked: false, attributes: {} };
}

/** The words of a card's note, once it has some. */
export async function noteOf(page: Page, index = 0): Promise<string> {
  return (await partWith(page, '[data-part="note"]', (parts) => parts[0]?.text, null, { index })).text;
}

/**
 * A person needs this long to aim; a press before it is one that the page may have caught. Of it 100 ms may go by until the
 * browser says that a control is seen, and 150 ms from then on; the rest is for frames that come late.
 */
const AIM_MS = 320;
/** So many of them; at their usual pace no longer than that. */
const AIM_FRAMES = 19;

/** What grows for ever moves for ever: a person presses at last. */
const AIMS_MOST = 20;

interface Aim {
  readonly x: number;
  readonly y: number;
  readonly hostX: number;
  readonly hostY: number;
}

const isStill = (a: Aim, b: Aim): boolean =>
  [a.x - b.x, a.y - b.y, a.hostX - b.hostX, a.hostY - b.hostY].every((by) => Math.abs(by) <= 1);

/** Waits as long as a person aims. */
async function aim(page: Page): Promise<void> {
  // In frames too: what is seen is said with a frame, late where those are late.
  await page.evaluate(
    (ms, frames) =>
      new Promise<void>((done) => {
        const from = performance.now();
        let left = frames;
        const step = () => {
          left -= 1;
          if (left <= 0 && performance.now() - from > ms) done();
          else requestAnimationFrame(step);
        };
        requestAnimationFrame(step);
      }),
    AIM_MS,
    AIM_FRAMES,
  );
}

/** Presses what a selector finds within one of our elements, with a real click of the mouse where it is, once that is still. */
export async function clickPart(page: Page, selector: string, within: Within & { nth?: number } = {}): Promise<void> {
  const place = { kind: 'place', nth: within.nth ?? 0, ...placeOf(selector, within) } as const;
  // The page replaces a turn when it ends: what stood there comes back a moment later, perhaps a little elsewhere.
  const find = (isScrolled: boolean) =>
    probeUntil<Aim>(page, { ...place, isScrolled }, '(place) => place !== null', null);
  let at = await find(true);
  for (let aims = 1; ; aims += 1) {
    await page.mouse.move(at.x, at.y);
    await aim(page);
    // Not scrolled: what moves below the pointer just before the press was moved by nobody's hand.
    const now = await find(false);
    if (isStill(at, now) || aims === AIMS_MOST) break;
    at = await find(true);
  }
  await page.mouse.click(at.x, at.y);
  const refused = (await partsOf(page, selector, within))[within.nth ?? 0]?.attributes['data-refused'];
  if (refused !== undefined) throw new Error(`the press of ${selector} was refused: ${refused}`);
}

/** Where an element of the page is, brought into sight, once it is still. */
export async function stillBox(page: Page, selector: string): Promise<BoundingBox> {
  for (let before: BoundingBox | null = null; ; ) {
    const element = await page.waitForSelector(selector);
    await element?.scrollIntoView();
    const box = (await element?.boundingBox()) ?? null;
    if (before !== null && box !== null && Math.abs(box.x - before.x) + Math.abs(box.y - before.y) <= 1) return box;
    before = box;
    await aim(page);
  }
}

/** Presses a button of a card by its `data-action`, with a real click. */
export async function pressInCard(page: Page, action: string, index = 0): Promise<void> {
  await clickPart(page, `[data-action="${action}"]`, { index });
}

/** Clicks into a field and types; `enter` is pressed at the end. */
export async function typeInto(page: Page, selector: string, text: string, within: Within = {}): Promise<void> {
  await clickPart(page, selector, within);
  await page.keyboard.type(text);
}

async function selectAllOf(page: Page, selector: string, within: Within): Promise<void> {
  await clickPart(page, selector, within);
  const selectAll: KeyInput = 'KeyA';
  await page.keyboard.down('Control');
  await page.keyboard.press(selectAll);
  await page.keyboard.up('Control');
}

/** Replaces what a field holds, as a paste of the whole text does. Chromium only. */
export async function replaceText(page: Page, selector: string, text: string, within: Within = {}): Promise<void> {
  await selectAllOf(page, selector, within);
  await page.keyboard.sendCharacter(text);
}

/** Replaces what a field holds, key by key. */
export async function typeOver(page: Page, selector: string, text: string, within: Within = {}): Promise<void> {
  await selectAllOf(page, selector, within);
  await page.keyboard.type(text);
}

/** Types a line into the field of a run that asks for input, sends it and waits until the program has taken it. */
export async function answerInput(page: Page, line: string, index = 0): Promise<void> {
  await typeInto(page, '[data-part="input"]', line, { index });
  const asked = (await partsOf(page, '[data-part="prompt"]', { index }))[0]?.text ?? '';
  await page.keyboard.press('Enter');
  await partWith(page, '[data-part="prompt"]', (parts, before) => parts[0]?.text !== before, asked, { index });
}
