/** A thing of the code with a name; null where that is computed. */
export interface Named {
  readonly name: string | null;
}

const saidIn = new WeakMap<readonly Named[], ReadonlySet<string>>();

/** The names in a list, each once: code says the same ones again and again, and whoever asks for names asks for these first. */
export function saidNames(list: readonly Named[]): ReadonlySet<string> {
  const before = saidIn.get(list);
  if (before) return before;
  const said = new Set<string>();
  for (const { name } of list) if (name !== null) said.add(name);
  saidIn.set(list, said);
  return said;
}

const NONE: readonly never[] = [];

/** The members of a list whose name is one of those that fit, in the order of the list; each name is looked at once. */
export function withNames<T extends Named>(list: readonly T[], fits: (name: string) => boolean): readonly T[] {
  let found: Set<string> | null = null;
  for (const name of saidNames(list)) if (fits(name)) (found ??= new Set()).add(name);
  const names = found;
  return names === null ? NONE : list.filter(({ name }) => name !== null && names.has(name));
}
