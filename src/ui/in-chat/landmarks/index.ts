// Places on the site's page, found one by one: pages between its designs have some of either.
import type { Acquaintance, PageDesign } from './landmark.ts';
import { createPageDesign, pageOf } from './page-design.ts';
import { LANDMARKS } from './selectors.ts';

export type { Acquaintance, BlockOwner, PageDesign } from './landmark.ts';

/** What there is on a page of the site at all: a turn, an editor, or the field that stands there before it. */
const KNOWN = `${LANDMARKS.turn.selector}, ${LANDMARKS.composer.selector}, #prompt-textarea`;

/** How the page on screen is read, or null while nothing of it is there yet. */
export function findDesign(document: Document): PageDesign | null {
  const page = pageOf(document);
  if (page === null || (page === document.body && page.querySelector(KNOWN) === null)) return null;
  return createPageDesign(page);
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
  if (page === null) return ['page'];
  const { composer, turn } = design.landmarks;
  const lacks = [
    { ...composer, isMissing: () => design.composerOf(page) === null },
    { ...turn, isMissing: () => page.querySelector(turn.selector) === null },
  ];
  return lacks
    .filter(({ expected }) => expected === shown || (expected === 'known' && shown !== null))
    .filter(({ isMissing }) => isMissing())
    .map(({ name }) => name);
}
