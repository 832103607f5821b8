import type { CodeFact, FileUse, NetworkUse } from '../../contracts/analysis.ts';
import type { Positions } from '../positions.ts';
import type { ShellPart } from '../rules/match-rules.ts';
import type { ShellFacts } from '../shell/shell-facts.ts';
import { BUILTINS, filesOfCommand, networkOfCommand } from '../tables/shell-commands.ts';
import { addFact, type Place } from './survey.ts';

const RUNNERS = new Set(['sh', 'bash', 'zsh', 'dash', 'eval', 'source', '.', 'python', 'python3']);

/** What shell code does with files: its redirections and the words of its commands. `at` replaces its own places. */
export function shellFiles(facts: ShellFacts, positions: Positions, at: Place | null): FileUse[] {
  const range = (place: Place) => positions.range((at ?? place).from, (at ?? place).to);
  const redirected = facts.redirects.flatMap((one): FileUse[] =>
    (one.access === 'both' ? (['read', 'write'] as const) : [one.access]).map((access) => ({
      access,
      path: one.path,
      at: range(one),
    })),
  );
  const worded = facts.commands.flatMap((command) =>
    filesOfCommand(command).map(({ access, path }): FileUse => ({ access, path, at: range(command) })),
  );
  return [...redirected, ...worded];
}

/** Bash opens a connection where these are redirected to. */
export const isConnection = (path: string | null): boolean =>
  path !== null && (path.startsWith('/dev/tcp/') || path.startsWith('/dev/udp/'));

export function shellNetwork(facts: ShellFacts, positions: Positions, at: Place | null): NetworkUse[] {
  const range = (place: Place) => positions.range((at ?? place).from, (at ?? place).to);
  const commands = facts.commands.flatMap((command): NetworkUse[] => {
    const use = networkOfCommand(command);
    return use ? [{ ...use, at: range(command) }] : [];
  });
  const devices = facts.redirects.filter(({ path }) => isConnection(path));
  return [
    ...commands,
    ...devices.map((one) => {
      const host = one.path?.split('/')[3] ?? null;
      return { by: '/dev/tcp', host, origin: null, at: range(one) };
    }),
  ];
}

/** Programs that the code starts, without built-ins and its own functions. */
export function programsOf(facts: ShellFacts): string[] {
  const own = new Set(facts.functions);
  const names = facts.commands.flatMap(({ name }) =>
    name === null || own.has(name) || BUILTINS.has(name) ? [] : [name],
  );
  return [...new Set(names)].sort();
}

const EXECUTABLE = new Set(['+x', 'a+x', 'u+x', '755', '700', '777']);

/** `curl -o x …; chmod +x x`, `wget -O x …; sh x`: commands that start what was downloaded into a file. */
function startedDownloads(facts: ShellFacts): Place[] {
  const files = new Set(
    facts.commands
      .filter(({ name }) => name === 'curl' || name === 'wget')
      .flatMap(({ words }) => words.filter((_, index) => /^-\w*[oO]$/u.test(words[index - 1]?.text ?? '')))
      .map(({ text }) => text),
  );
  if (files.size === 0) return [];
  return facts.commands.filter(({ name, words }) => {
    if (!words.some(({ text }) => files.has(text))) return false;
    return RUNNERS.has(name ?? '') || (name === 'chmod' && words.some(({ text }) => EXECUTABLE.has(text)));
  });
}

export function shellFound(part: ShellPart, found: Map<CodeFact, Place[]>): void {
  const { facts, at } = part;
  const placed = (places: readonly Place[]): Place[] => places.map((place) => at ?? place);
  addFact(found, 'endless-loop', placed(facts.loops.filter(({ isEndless }) => isEndless)));
  addFact(found, 'endless-loop', placed(facts.selfSpawning));
  addFact(found, 'self-spawning', placed(facts.selfSpawning));
  const downloads = facts.commands.filter(({ name, takesDownload }) => takesDownload && RUNNERS.has(name ?? ''));
  addFact(found, 'runs-downloaded-code', placed([...downloads, ...startedDownloads(facts)]));
}
