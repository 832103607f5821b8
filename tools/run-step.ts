import { spawn } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');

/** The environment for children: this Node first on PATH, so that npm and its tools use it as well. */
export function childEnvironment(): NodeJS.ProcessEnv {
  // A test that builds must get what ships: with NODE_ENV=test the bundler writes JSX for development, paths included.
  // What vitest tells its workers is nothing to a vitest that a test starts.
  const inherited = Object.entries(process.env).filter(([name]) => name !== 'NODE_ENV' && !name.startsWith('VITEST'));
  return { ...Object.fromEntries(inherited), PATH: `${join(process.execPath, '..')}:${process.env['PATH'] ?? ''}` };
}

/**
 * Runs a command from the project's root; its output goes to standard error, so that a tool's own result stays clean,
 * unless `output` says otherwise. Throws with one sentence when it fails.
 */
export async function runStep(
  title: string,
  command: string,
  args: readonly string[],
  output: 'stderr' | 'stdout' = 'stderr',
): Promise<void> {
  process.stderr.write(`· ${title}\n`);
  const child = spawn(command, args, {
    cwd: ROOT,
    env: childEnvironment(),
    stdio: ['ignore', output === 'stdout' ? 'inherit' : 2, 'inherit'],
  });
  const code = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (exitCode) => resolve(exitCode ?? 1));
  });
  if (code !== 0) throw new Error(`${title} failed: ${[command, ...args].join(' ')} ended with ${code}`);
}
