import { APP_SHELL } from './app-shell.ts';
import type { PageDesign } from './landmark.ts';
import { LEGACY } from './legacy.ts';

export type { PageDesign } from './landmark.ts';

/** Order does not matter: each recognises only its own page. */
export const DESIGNS: readonly PageDesign[] = [APP_SHELL, LEGACY];

/** The design on screen, or null while nothing of it is there yet. */
export function findDesign(document: Document): PageDesign | null {
  return DESIGNS.find((design) => design.recognise(document)) ?? null;
}

/** Names of landmarks that should be here and are not. `hasTurns` is known from the wire, not from the page. */
export function missingLandmarks(document: Document, design: PageDesign | null, hasTurns: boolean): readonly string[] {
  if (design === null) return hasTurns ? ['design'] : [];
  const page = design.pageOf(document);
  return Object.values(design.landmarks)
    .filter(({ expected }) => expected === 'always' || (expected === 'conversation' && hasTurns))
    .filter(({ name, selector }) => (name === 'page' ? page === null : page?.querySelector(selector) == null))
    .map(({ name }) => name);
}
