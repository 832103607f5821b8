import { expect, it } from 'vitest';
import { hitStyleFor } from './hit-style.ts';

const OWN = 'companion@example';
const NAME = 'c-01234567-89ab-4cde-8f01-23456789abcd';
const FROM = { id: OWN, frameId: 0, tab: { id: 7 } };

it('is a style for the tab that asks', () => {
  const asked = hitStyleFor({ 'companion-hit-style': [NAME, NAME] }, FROM, OWN);
  expect(asked?.tabId).toBe(7);
  expect(asked?.css).toContain(`:is([${NAME}],[${NAME}]) *::before`);
});

it('is made of nothing but names, for nobody but our scripts in a top frame', () => {
  for (const names of [['c-1'], [`${NAME}]{}*{`], [7], NAME, null, Array.from({ length: 17 }, () => NAME)])
    expect(hitStyleFor({ 'companion-hit-style': names }, FROM, OWN)).toBeNull();
  for (const sender of [
    { ...FROM, id: 'other' },
    { ...FROM, frameId: 3 },
    { id: OWN, frameId: 0 },
    { ...FROM, tab: {} },
  ])
    expect(hitStyleFor({ 'companion-hit-style': [NAME] }, sender, OWN)).toBeNull();
  for (const message of [null, undefined, 'companion-hit-style', {}])
    expect(hitStyleFor(message, FROM, OWN)).toBeNull();
});
