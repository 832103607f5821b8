import { copyFileSync, mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'puppeteer-core';
import {
  answerInput,
  type CardReading,
  cardInState,
  cardSelector,
  type ChromiumUnderTest,
  clickPart,
  finishedCard,
  sendMessage,
  shownText,
  turnEnded,
  watchDownloads,
} from '../../tests/support/browsers/index.ts';
import { findScene, type Site } from '../../tests/support/site/index.ts';
import { createTemporaryFolder } from '../../tests/support/temporary-folder.ts';

/** The last line of `npm start` without a display, after the word RESULT. */
export interface SceneResult {
  readonly scene: string;
  /** The run's outcome; null where the scene has no call that could be seen. */
  readonly status: string | null;
  readonly stdout: string;
  readonly artifacts: readonly { readonly name: string; readonly path: string; readonly bytes: number }[];
  readonly screenshot: string;
  /** Call seen until first output, in milliseconds. */
  readonly coldMs: number | null;
}

export interface Played {
  readonly text: string;
  readonly result: SceneResult;
}

const answers = ['Ada', '42'];

/** Plays a scene as a person would, waits for its cards and saves what they hold into `folder`. */
export async function playScene(
  chrome: ChromiumUnderTest,
  site: Site,
  sceneName: string,
  folder: string,
): Promise<Played> {
  mkdirSync(folder, { recursive: true });
  const scene = findScene(sceneName);
  const page = await chrome.newChatPage();
  await sendMessage(page, site, scene.prompt);
  await turnEnded(page);
  const calls = scene.shape === 'drifted' ? [] : scene.steps.filter((step) => step.kind === 'call');
  const count = calls.length;
  if (calls.some((step) => step.thinkingMarks !== undefined)) await runThinkingCalls(page);
  if (scene.name === 'input') for (const line of answers) await answer(page, line);
  const cards: CardReading[] = [];
  for (let index = 0; index < count; index += 1) cards.push(await finishedCard(page, index, 120_000));
  if (count > 0) {
    const first = await page.$(cardSelector);
    await first?.evaluate((card) => {
      card.scrollIntoView({ block: 'center' });
    });
  }
  const screenshot = path.join(folder, `${scene.name.replaceAll(' ', '-')}.png`);
  await page.screenshot({ path: screenshot });
  const result: SceneResult = {
    scene: scene.name,
    status: cards.find((card) => card.outcome !== 'completed')?.outcome ?? cards[0]?.outcome ?? null,
    stdout: cards.map((card) => card.stdout).join(''),
    artifacts: await saveFiles(chrome, page, cards, folder),
    screenshot,
    coldMs: cards.map((card) => card.firstOutputMs).find((ms) => ms !== null) ?? null,
  };
  return { text: cards.length > 0 ? cards.map((card) => card.text).join('\n\n') : await shownText(page), result };
}

/** Calls made while thinking are folded away, and the first time the card asks whether they may run. */
async function runThinkingCalls(page: Page): Promise<void> {
  for (const action of ['thinking-always', 'fold']) {
    await clickPart(page, `[data-action="${action}"]`, { host: 'chatgpt-companion-thinking' });
  }
}

async function answer(page: Page, line: string): Promise<void> {
  await cardInState(page, 'input');
  await answerInput(page, line);
}

async function saveFiles(
  chrome: ChromiumUnderTest,
  page: Page,
  cards: readonly CardReading[],
  folder: string,
): Promise<SceneResult['artifacts']> {
  await using taken = createTemporaryFolder('downloads');
  const downloads = await watchDownloads(chrome.browser, taken.path);
  const saved: SceneResult['artifacts'][number][] = [];
  for (const [index, card] of cards.entries()) {
    for (const part of ['figure', 'artifact'] as const) {
      for (const { name } of part === 'figure' ? card.figures : card.artifacts) {
        const button = `[data-part="${part}"][data-name="${name}"] [data-action="save"]`;
        const file = await downloads.during(() => clickPart(page, button, { index }));
        const kept = path.join(folder, freeName(path.basename(name), saved));
        copyFileSync(file, kept);
        saved.push({ name, path: kept, bytes: statSync(kept).size });
      }
    }
  }
  return saved;
}

/** Two cards may each have a figure-1.png. */
function freeName(name: string, saved: SceneResult['artifacts']): string {
  const isTaken = (one: string) => saved.some(({ path: file }) => path.basename(file) === one);
  const { name: stem, ext } = path.parse(name);
  let free = name;
  for (let count = 2; isTaken(free); count += 1) free = `${stem}-${count}${ext}`;
  return free;
}
