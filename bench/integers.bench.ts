import { dirname, join } from 'node:path';
import { withDefaultIntegers } from '../tools/vendor/integers/index.ts';
import { loadPyodideFrom, type NodePyodide } from '../tools/vendor/heap/node-pyodide.ts';
import { gatherPackages, type GatheredPackage } from '../tools/vendor/packages/gather.ts';
import { readPackagePins, readSpecs } from '../tools/vendor/packages/spec.ts';
import { PYODIDE, SITE_PACKAGES } from '../tools/vendor/paths.ts';
import { type BenchGroup, benchRow } from './bench-row.ts';

const PACKAGES = new Set(['numpy', 'pandas', 'python-dateutil', 'pytz', 'six']);
const TIMES = 31;
const PEER = 'packages as published, by turns';

const PREPARE = `
import time
import numpy as np, pandas as pd
random = np.random.default_rng(0)
count = 100_000
table = pd.DataFrame({"k": random.integers(0, 500, count), "v": random.random(count)})
floats = random.random(500_000)
whole = np.array(random.integers(0, 10**6, 200_000).tolist())
matrix = random.random((300, 300))
work = {
    "groupby 100k rows": lambda: table.groupby("k").v.agg(["sum", "mean"]),
    "sort": lambda: np.sort(floats),
    "sort of whole numbers": lambda: np.sort(whole),
    "matmul": lambda: matrix @ matrix,
    "histogram": lambda: np.histogram(floats, bins=50),
    "histogram of whole numbers": lambda: np.histogram(whole, bins=50),
}
def once(name):
    began = time.perf_counter()
    work[name]()
    return (time.perf_counter() - began) * 1000
`;

/** What default integers of 64 bits cost (decision 0190): the same work with and without them, in Node, by turns. */
export const run: BenchGroup = async function* () {
  const specs = (await readSpecs()).filter(({ name }) => PACKAGES.has(name));
  const published = await gatherPackages(specs, await readPackagePins(), new Map(), () => undefined);
  const before = await open(published);
  const wide = await open(await withDefaultIntegers(published));
  const names = (wide.runPython('"|".join(work)') as string).split('|');
  for (const name of names) {
    const [ours, theirs]: [number[], number[]] = [[], []];
    for (let time = 0; time < TIMES; time += 1) {
      const turns = [() => ours.push(timed(wide, name)), () => theirs.push(timed(before, name))];
      for (const turn of time % 2 === 0 ? turns : turns.reverse()) turn();
    }
    const peer = { name: PEER, samples: theirs.slice(1) };
    yield benchRow({ name: `integers: ${name}`, unit: 'ms', samples: ours.slice(1), peer, budget: { ratio: 1.1 } });
  }
};

const timed = (python: NodePyodide, name: string): number =>
  python.runPython(`once(${JSON.stringify(name)})`) as number;

/** An interpreter with these packages and the work at hand. */
async function open(packages: readonly GatheredPackage[]): Promise<NodePyodide> {
  const python = await loadPyodideFrom(PYODIDE);
  const { FS } = python as NodePyodide & {
    readonly FS: { mkdirTree(path: string): void; writeFile(path: string, contents: Uint8Array): void };
  };
  for (const [path, contents] of packages.flatMap(({ tree }) => [...tree])) {
    FS.mkdirTree(dirname(join(SITE_PACKAGES, path)));
    FS.writeFile(join(SITE_PACKAGES, path), contents);
  }
  python.runPython(`import importlib\nimportlib.invalidate_caches()\n${PREPARE}`);
  return python;
}
