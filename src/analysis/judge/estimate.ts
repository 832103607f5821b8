import { groupDigits } from '../../base/index.ts';
import type { CodeEstimate, Complexity } from '../../contracts/analysis.ts';
import type { Survey } from '../survey/survey.ts';

/** Rounds of a loop whose rounds are not written out. */
const UNKNOWN_ROUNDS = 1_000;
/** Rounds a second of a loop with a few operations. Source: fib and sieve of `npm run bench`; the order of size counts. */
const ROUNDS_PER_SECOND: Readonly<Record<string, number>> = {
  python: 3_000_000,
  javascript: 5_000_000,
  typescript: 5_000_000,
  lua: 10_000_000,
  shell: 20_000,
};
/** What starting costs, in seconds and MB, warm. */
const START: Readonly<Record<string, readonly [seconds: number, memoryMB: number]>> = {
  python: [0.05, 40],
  javascript: [0.02, 4],
  typescript: [0.03, 6],
  lua: [0.02, 4],
  shell: [0.3, 64],
};
/** What importing costs, in seconds and MB, from the saved heap where there is one. Source: `npm run bench -- python`. */
const IMPORTS: Readonly<Record<string, readonly [seconds: number, memoryMB: number]>> = {
  numpy: [0.05, 20],
  pandas: [0.1, 45],
  matplotlib: [0.15, 35],
  seaborn: [0.3, 25],
  sympy: [0.6, 40],
  networkx: [0.3, 20],
  PIL: [0.05, 8],
  lxml: [0.1, 8],
  openpyxl: [0.15, 10],
  faker: [0.3, 15],
};
/** A file whose size is not known: so much as it is read, and so long. */
const FILE_MB = 10;
const FILE_SECONDS = 0.1;
const NETWORK_SECONDS = 1;
/** How fast memory is filled. */
const ALLOCATED_MB_PER_SECOND = 2_000;
const MB = 1024 * 1024;
/** Longest that is told; above it is "endless" or "as long as it may". */
const LONGEST_SECONDS = 86_400;

const round = (value: number): number => Math.round(value * 100) / 100;

/** Imports that lie in the saved heap of Python's engine. */
const IN_HEAP = new Set(['numpy', 'pandas', 'matplotlib']);

interface Cost {
  readonly seconds: number;
  readonly memoryMB: number;
  readonly text: string;
}

function importCosts(survey: Survey): Cost[] {
  const tops = new Set(survey.imports.map(({ module }) => module.split('.')[0] ?? module));
  return [...tops].flatMap((top) => {
    const cost = survey.language === 'python' && Object.hasOwn(IMPORTS, top) ? IMPORTS[top] : undefined;
    return cost ? [{ seconds: cost[0], memoryMB: cost[1], text: `Importing ${top}` }] : [];
  });
}

/** Memory that is the engine's before the program begins. */
function engineMB(survey: Survey, startMB: number): number {
  const tops = new Set(survey.imports.map(({ module }) => module.split('.')[0] ?? module));
  const held = survey.language === 'python' ? [...tops].filter((top) => IN_HEAP.has(top)) : [];
  return held.reduce((sum, top) => sum + (IMPORTS[top]?.[1] ?? 0), startMB);
}

/** The dearest nest of loops: the product of its rounds. Nests beside each other are less than the dearest one. */
function loopCost(survey: Survey): Cost | null {
  const speed = ROUNDS_PER_SECOND[survey.language] ?? 1_000_000;
  const loops = survey.tree?.facts.loops ?? [];
  const byNode = new Map(loops.map((loop) => [loop.node, loop.rounds ?? UNKNOWN_ROUNDS]));
  let most = 0;
  for (const loop of loops) {
    const product = [loop.node, ...loop.outer].reduce((all, node) => all * (byNode.get(node) ?? 1), 1);
    most = Math.max(most, Math.min(product, 1e15));
  }
  for (const { depth, rounds } of survey.shell?.loops ?? [])
    most = Math.max(most, (rounds ?? 100) * 100 ** Math.min(depth - 1, 3));
  if (most === 0) return null;
  return { seconds: most / speed, memoryMB: 0, text: `Loops of about ${groupDigits(most)} rounds` };
}

/** Arrays whose size is written out, the largest of them. */
function arrayCost(survey: Survey): Cost | null {
  const memoryMB = survey.allocatedBytes / MB;
  if (memoryMB < 1) return null;
  return { seconds: memoryMB / ALLOCATED_MB_PER_SECOND, memoryMB, text: `Arrays of about ${Math.round(memoryMB)} MB` };
}

function filesCost(survey: Survey): Cost | null {
  const reads = new Set(survey.files.filter(({ access }) => access === 'read').map(({ path, at }) => path ?? at.from));
  if (reads.size === 0) return null;
  const times = survey.imports.some(({ module }) => module.startsWith('pandas')) ? 3 : 1;
  return {
    seconds: FILE_SECONDS * reads.size,
    memoryMB: FILE_MB * times * Math.min(reads.size, 10),
    text: 'Files of unknown size',
  };
}

const MEMORY_CLASSES = [
  [64, 'small'],
  [256, 'medium'],
  [1024, 'large'],
] as const;
const TIME_CLASSES = [
  [1, 'instant'],
  [30, 'short'],
] as const;

/** Guesses from the text alone; formulas and classes in docs/analysis.md. */
export function judgeEstimate(survey: Survey, complexity: Complexity): CodeEstimate {
  const [startSeconds, startMB] = START[survey.language] ?? [0.05, 16];
  const costs = [...importCosts(survey), loopCost(survey), arrayCost(survey), filesCost(survey)].filter(
    (cost) => cost !== null,
  );
  if (survey.network.length > 0)
    costs.push({
      seconds: NETWORK_SECONDS * Math.min(survey.network.length, 10),
      memoryMB: 1,
      text: 'Waiting for the network',
    });
  const isEndless = complexity.growth === 'endless';
  const isExponential = complexity.growth === 'exponential';
  const seconds = costs.reduce((sum, cost) => sum + cost.seconds, startSeconds + (isExponential ? 1 : 0));
  const memoryMB = Math.round(costs.reduce((sum, cost) => sum + cost.memoryMB, startMB));
  const shown = isEndless ? LONGEST_SECONDS : Math.min(round(seconds), LONGEST_SECONDS);
  return {
    memoryMB,
    engineMB: engineMB(survey, startMB),
    memoryClass: MEMORY_CLASSES.find(([bound]) => memoryMB <= bound)?.[1] ?? 'huge',
    seconds: shown,
    timeClass: isEndless ? 'endless' : (TIME_CLASSES.find(([bound]) => shown <= bound)?.[1] ?? 'long'),
    basis: costs
      .sort((a, b) => b.seconds + b.memoryMB / 100 - (a.seconds + a.memoryMB / 100))
      .slice(0, 5)
      .map(({ text }) => text),
  };
}
