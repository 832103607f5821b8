import { APP_SHELL } from './app-shell.ts';
import type { Acquaintance, PageDesign } from './landmark.ts';
import { LEGACY } from './legacy.ts';

export type { Acquaintance, PageDesign } from './landmark.ts';

/** Order does not matter: each recognises only its own page. */
export const DESIGNS: readonly PageDesign[] = [APP_SHELL, LEGACY];

/** The design on screen, or null while nothing of it is there yet. */
export function findDesign(document: Document): PageDesign | null {
  return DESIGNS.find((design) => design.recognise(document)) ?? null;
}

/**
 * Names of landmarks that should be here and are not; a page that is still being drawn may lack some for a moment. `shown` is
 * the conversation that the address names: a new chat, a shared conversation and a page without a chat lack nothing.
 */
export function missingLandmarks(
  document: Document,
  design: PageDesign | null,
  shown: Acquaintance,
): readonly string[] {
  if (design === null) return shown === null ? [] : ['design'];
  const page = design.pageOf(document);
  return Object.values(design.landmarks)
    .filter(({ expected }) => expected === 'always' || expected === shown || (expected === 'known' && shown !== null))
    .filter(({ name, selector }) => (name === 'page' ? page === null : page?.querySelector(selector) == null))
    .map(({ name }) => name);
}
