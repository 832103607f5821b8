import type { NetworkUse } from '../../contracts/analysis.ts';
import type { LanguageCapabilities } from '../../contracts/doors/engine.ts';
import { isAllowed, shownOrigin } from '../../contracts/network-origins.ts';
import type { SelectionEstimate } from '../../contracts/selection.ts';
import type { SelectInput } from './inputs.ts';
import { packages } from './packages.ts';
import type { Weighed } from './weighed.ts';
import { inWords, named, nameOf } from './words.ts';

const ALLOW_HOST = "Allow the host under Network in this extension's popup, then run it here.";

/** Everything that speaks for or against this device, in the order in which it is said. */
export function weigh(input: SelectInput, engine: LanguageCapabilities, estimate: SelectionEstimate): Weighed[] {
  return [
    { name: 'language', speaksFor: 'onDevice', text: `${nameOf(input.language)} runs on this device.` },
    ...syntax(input),
    ...packages(input),
    ...network(input, engine),
    ...files(input),
    ...system(input),
    ...asking(input, engine),
    ...cost(input, estimate),
    ...security(input),
  ];
}

function syntax({ analysis }: SelectInput): Weighed[] {
  const [first] = analysis.syntaxErrors;
  if (first === undefined) return [];
  const text = `Line ${first.at.line} is no valid code: ${first.message}`;
  return [{ name: 'syntax', speaksFor: null, text, limits: true }];
}

function network(
  { analysis, language, surroundings: { origins } }: SelectInput,
  engine: LanguageCapabilities,
): Weighed[] {
  if (analysis.network.length === 0) return [];
  const isOpen = (use: NetworkUse): boolean => engine.network && isAllowedUse(origins, use);
  const shut = namesOf(analysis.network.filter((use) => !isOpen(use)));
  const open = namesOf(analysis.network.filter(isOpen));
  const isUnwritten = analysis.network.some(({ host }) => host === null);
  const where = shut.length === 0 ? 'the network' : named(shut);
  if (!engine.network) {
    const text = `It needs ${where}; ${nameOf(language)} has no network here.`;
    return [{ name: 'network', speaksFor: 'remote', text }];
  }
  if (origins.length === 0) {
    const text = `It needs ${where}; programs here have no network.`;
    return [{ name: 'network', speaksFor: 'remote', text, allow: ALLOW_HOST }];
  }
  const rows: Weighed[] = [];
  if (shut.length > 0) {
    rows.push({
      name: 'network',
      speaksFor: 'remote',
      text: `It needs ${where}, which you did not allow.`,
      allow: ALLOW_HOST,
    });
  }
  if (open.length > 0) {
    rows.push({ name: 'network', speaksFor: 'onDevice', text: `It reaches ${named(open)}, which you allowed.` });
  }
  if (isUnwritten) {
    const allowed = named(origins.map((origin) => shownOrigin(origin).text));
    const text = `It reaches addresses that are not written out; of those only ${allowed} may be reached here.`;
    rows.push({ name: 'network', speaksFor: null, text });
  }
  return rows;
}

/** Of an address without scheme nobody knows the origin: then its host decides. */
function isAllowedUse(origins: readonly string[], { host, origin }: NetworkUse): boolean {
  if (origin !== null) return isAllowed(origins, new URL(origin));
  return host !== null && ['https', 'http'].some((scheme) => hasHost(origins, `${scheme}://${host}`));
}

const hasHost = (origins: readonly string[], address: string): boolean =>
  URL.canParse(address) && isAllowed(origins, new URL(address));

/** Each place that is written out once, as the popup names it. */
const namesOf = (uses: readonly NetworkUse[]): string[] => [
  ...new Set(uses.flatMap(({ host, origin }) => (origin === null ? (host ?? []) : shownOrigin(origin).text))),
];

function files({ analysis, language }: SelectInput): Weighed[] {
  if (analysis.fileAccess === 'none') return [];
  // A shell has a whole system of its own around them.
  const outside = analysis.files.filter(({ path }) => path !== null && language !== 'shell' && isOutside(path));
  const rows: Weighed[] = [
    {
      name: 'files',
      speaksFor: 'onDevice',
      text: `It ${USES[analysis.fileAccess]} files; those of this chat are here.`,
    },
  ];
  if (outside.length > 0) {
    const text = `${named(outside.map(({ path }) => path ?? ''))} cannot be reached: a program sees only the files of its chat.`;
    rows.push({ name: 'files', speaksFor: null, text, limits: true });
  }
  return rows;
}

const USES = { read: 'reads', write: 'writes', both: 'reads and writes' } as const;

/** Places that exist in every engine are the program's own; the rest of a disk is not there. */
function isOutside(path: string): boolean {
  if (/^[A-Za-z]:[\\/]/.test(path) || path.startsWith('~') || path.startsWith('\\\\')) return true;
  return path.startsWith('/') && !/^\/(mnt\/data|tmp|home\/pyodide)(\/|$)/.test(path);
}

function system({ analysis, language }: SelectInput): Weighed[] {
  const rows: Weighed[] = [];
  if (analysis.usesProcesses && language !== 'shell') {
    rows.push({ name: 'system', speaksFor: 'remote', text: 'It starts other programs, which is not possible here.' });
  }
  if (analysis.usesThreads) {
    const text = 'Threads do not work at the same time here.';
    rows.push({ name: 'system', speaksFor: null, text, limits: true });
  }
  if (analysis.usesScreen) {
    const text = 'It opens windows or reads keys and mouse; there is no screen here.';
    rows.push({ name: 'system', speaksFor: null, text, limits: true });
  }
  return rows;
}

function asking({ analysis }: SelectInput, engine: LanguageCapabilities): Weighed[] {
  if (!analysis.readsInput) return [];
  if (engine.readsInput)
    return [{ name: 'input', speaksFor: 'onDevice', text: 'It asks questions, which you can answer.' }];
  return [{ name: 'input', speaksFor: null, text: 'It asks questions, which cannot be answered here.', limits: true }];
}

function cost({ analysis, bounds }: SelectInput, estimate: SelectionEstimate): Weighed[] {
  const rows: Weighed[] = [];
  const { timeMs, memoryMB } = estimate;
  if (analysis.endlessLoops.length > 0) {
    const line = analysis.endlessLoops[0]?.line ?? 1;
    const text = `The loop in line ${line} may never end; the time limit ends it.`;
    rows.push({ name: 'time', speaksFor: null, text, limits: true });
  } else {
    rows.push(
      timeMs > bounds.timeMs
        ? {
            name: 'time',
            speaksFor: 'remote',
            text: `It will take about ${inWords.time(timeMs)}, more than the ${inWords.time(bounds.timeMs)} set for this device.`,
          }
        : { name: 'time', speaksFor: 'onDevice', text: `It will take about ${inWords.time(timeMs)}.` },
    );
  }
  rows.push(
    memoryMB > bounds.memoryMB
      ? {
          name: 'memory',
          speaksFor: 'remote',
          text: `It will need about ${inWords.memory(memoryMB)}, more than the ${inWords.memory(bounds.memoryMB)} set for this device.`,
        }
      : { name: 'memory', speaksFor: 'onDevice', text: `It will need about ${inWords.memory(memoryMB)}.` },
  );
  return rows;
}

/** Never a reason to run elsewhere: the box is the wall. */
function security({ analysis }: SelectInput): Weighed[] {
  if (analysis.band === 'low') return [];
  const first = analysis.reasons[0]?.text;
  const text = `Risk ${Math.round(analysis.risk)} of 100${first === undefined ? '' : `: ${first}`}`;
  return [{ name: 'security', speaksFor: null, text: /[.!?]$/.test(text) ? text : `${text}.` }];
}
