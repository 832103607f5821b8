import { join } from 'node:path';
import { runStep } from './run-step.ts';

const bin = (name: string): string => join(import.meta.dirname, '..', 'node_modules', '.bin', name);
const tsc = join(import.meta.dirname, '..', 'node_modules', 'typescript7', 'bin', 'tsc');

interface Check {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

const types = (project: string): Check => ({
  name: `types of ${project}`,
  command: process.execPath,
  args: [tsc, '--noEmit', '-p', project],
});

/**
 * What holds without a browser and without the built extension, in the order that fails fastest. Those of a row run at once:
 * each uses one processor, and says something only when it has ended.
 */
const STATIC_CHECKS: readonly (readonly Check[])[] = [
  [{ name: 'format', command: bin('biome'), args: ['format', '.'] }],
  [types('tsconfig.json')],
  [types('tsconfig.worker.json')],
  [types('tsconfig.node.json')],
  [
    { name: 'lint', command: bin('eslint'), args: ['.', '--max-warnings', '0'] },
    { name: 'rings', command: bin('depcruise'), args: ['--config', '.dependency-cruiser.mjs', 'src', 'entrypoints'] },
    { name: 'dead code', command: bin('knip'), args: ['--no-progress'] },
    { name: 'code for tests alone', command: bin('knip'), args: ['--no-progress', '--production'] },
  ],
];

/** Runs every check; returns the names of those that failed. */
export async function runStaticChecks(output: 'stderr' | 'stdout'): Promise<{ passed: number; failed: string[] }> {
  const failed: string[] = [];
  const perform = async ({ name, command, args }: Check): Promise<void> => {
    try {
      await runStep(name, command, args, output);
    } catch (error) {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      failed.push(name);
    }
  };
  for (const row of STATIC_CHECKS) await Promise.all(row.map(perform));
  return { passed: STATIC_CHECKS.flat().length - failed.length, failed };
}
