/**
 * Runs the same programs in a cold interpreter and in ones restored from each heap; any difference ends with exit code 1.
 * Every package is mounted on demand first, as the runner does for what a program imports.
 * Arguments: folder of the vendored files, folder of Pyodide. Prints one line of JSON with timings.
 */
import { CHECKS } from './checks.ts';
import { mountImages, readVendored, startVendored } from './node-restore.ts';

const [folder = '', pyodide = ''] = process.argv.slice(2);
const vendored = await readVendored(folder, pyodide);
const answers: Record<string, Record<string, string>> = {};
const startMs: Record<string, number> = {};

for (const heap of ['cold', 'base', 'science', 'science'] as const) {
  const began = performance.now();
  const interpreter = await startVendored(vendored, heap);
  startMs[heap] = Math.round(performance.now() - began);
  const mounted = new Set(vendored.manifest.heaps[heap === 'cold' ? 'base' : heap].images);
  // With the science heap the code that it holds stays away, as in the product.
  if (heap === 'science') mounted.add('science-code.image');
  mountImages(
    vendored,
    interpreter,
    [...vendored.images.keys()].filter((name) => !mounted.has(name)),
  );
  for (const [name, program] of Object.entries(CHECKS)) {
    // Stack switching is frozen into a heap at its making, so it is checked in the restored ones.
    const answer = await interpreter
      .runPythonAsync(program)
      .catch((error: unknown) => `failed: ${String(error).slice(-600)}`);
    (answers[name] ??= {})[heap] = String(answer);
  }
}

const different = Object.entries(answers).filter(([, byHeap]) => new Set(Object.values(byHeap)).size > 1);
const failed = Object.entries(answers).filter(([, byHeap]) =>
  Object.values(byHeap).some((answer) => answer.startsWith('failed:')),
);
for (const [name, byHeap] of [...different, ...failed])
  console.error(`${name} differs or fails: ${JSON.stringify(byHeap, null, 1)}`);
console.log(JSON.stringify({ startMs, checks: Object.keys(answers).length }));
process.exitCode = different.length + failed.length > 0 ? 1 : 0;
