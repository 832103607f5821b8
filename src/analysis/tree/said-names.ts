/** A thing of the code with a name; null where that is computed. */
export interface Named {
  readonly name: string | null;
}

/** What a list says: its names, each once, and where each stands in it. */
interface Said {
  readonly names: ReadonlySet<string>;
  readonly places: ReadonlyMap<string, readonly number[]>;
}

const saidIn = new WeakMap<readonly Named[], Said>();

function readSaid(list: readonly Named[]): Said {
  const before = saidIn.get(list);
  if (before) return before;
  const places = new Map<string, number[]>();
  for (const [at, { name }] of list.entries()) {
    if (name === null) continue;
    const same = places.get(name);
    if (same) same.push(at);
    else places.set(name, [at]);
  }
  const said = { names: new Set(places.keys()), places };
  saidIn.set(list, said);
  return said;
}

/** The names in a list, each once: code says the same ones again and again, and whoever asks for names asks for these first. */
export const saidNames = (list: readonly Named[]): ReadonlySet<string> => readSaid(list).names;

const NONE: readonly never[] = [];

function membersAt<T extends Named>(list: readonly T[], found: readonly (readonly number[])[]): readonly T[] {
  const [only, another] = found;
  if (only === undefined) return NONE;
  const places = another === undefined ? only : found.flat().sort((a, b) => a - b);
  return places.flatMap((at) => list[at] ?? []);
}

/** The members of a list whose name is one of those that fit, in the order of the list; each name is looked at once. */
export function withNames<T extends Named>(list: readonly T[], fits: (name: string) => boolean): readonly T[] {
  const { names, places } = readSaid(list);
  const found: (readonly number[])[] = [];
  for (const name of names) if (fits(name)) found.push(places.get(name) ?? NONE);
  return membersAt(list, found);
}

/** The same for names that are known: only these are looked for. */
export function withAnyOf<T extends Named>(list: readonly T[], wanted: ReadonlySet<string>): readonly T[] {
  const { places } = readSaid(list);
  const found: (readonly number[])[] = [];
  for (const name of wanted) {
    const own = places.get(name);
    if (own !== undefined) found.push(own);
  }
  return membersAt(list, found);
}
