import type { Sighting } from '../../contracts/capture.ts';
import { isPythonTool } from '../../wire/message/index.ts';
import { PAGE_TEXTS } from './page-texts.ts';

const T = PAGE_TEXTS;

function named(sightings: readonly Sighting[]): string {
  return sightings
    .map(({ kind, name, count }) => T.sighting(T.kinds[kind] + (name === 'other' ? T.others : name), count))
    .join(', ');
}

/** Names that are not known, first those which say why no call was seen. */
export function sentencesOf(sightings: readonly Sighting[]): readonly string[] {
  const tools = sightings.filter(({ kind }) => kind === 'python-like');
  const unknown = tools.filter(({ name }) => !isPythonTool(name));
  const rare = tools.filter(({ name }) => isPythonTool(name));
  const rest = sightings.filter(({ kind }) => kind !== 'python-like');
  return [
    ...(unknown.length === 0 ? [] : [T.unknownTools(unknown.length, named(unknown))]),
    ...(rest.length === 0 ? [] : [T.unread(named(rest))]),
    ...(rare.length === 0 ? [] : [T.rareTools(named(rare))]),
  ];
}
