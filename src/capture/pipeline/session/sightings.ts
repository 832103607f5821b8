import type { Sighting, SightingKind } from '../../../contracts/capture.ts';

const NAMES_KEPT_PER_KIND = 12;
const OTHER = 'other';
// Names that the site gives to its tools and shapes. What looks like an id, or like words, may be a person's.
const NAME = /^(?!.*[0-9a-f]{8})[a-z0-9_.*/-]{1,40}$/;
/** In the order in which they are told. */
const KINDS: readonly SightingKind[] = ['python-like', 'route', 'item-event', 'content-type', 'side-band'];

export type Sightings = ReturnType<typeof createSightings>;

/** Counts by name what the site said that is not read, or read on little evidence; bounded, and never with a value. */
export function createSightings() {
  const counts = new Map<SightingKind, Map<string, number>>();

  return {
    note(kind: SightingKind, name: string): void {
      let names = counts.get(kind);
      if (!names) counts.set(kind, (names = new Map<string, number>()));
      const isKept = NAME.test(name) && (names.has(name) || names.size < NAMES_KEPT_PER_KIND);
      const kept = isKept ? name : OTHER;
      names.set(kept, (names.get(kept) ?? 0) + 1);
    },
    /** What looks like Python comes first, and of each kind the most frequent. */
    read(): readonly Sighting[] {
      return KINDS.flatMap((kind) =>
        [...(counts.get(kind) ?? [])].map(([name, count]) => ({ kind, name, count })).sort((a, b) => b.count - a.count),
      );
    },
  };
}

/** The path of a request as a name: of its segments only plain words. */
export function routeName(path: string): string {
  return path
    .split('/')
    .filter((segment) => segment !== '')
    .map((segment) => (/^[a-z_-]{1,16}$/.test(segment) ? segment : '*'))
    .join('/');
}
