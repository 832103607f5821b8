import { spawn } from 'node:child_process';
import { VendorError } from './fatal.ts';

/** Runs a program to its end and gives what it printed; its messages pass through. Throws when it fails. */
export function run(
  program: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      env: { ...process.env, ...options.env },
    });
    const printed: Buffer[] = [];
    const complaints: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => printed.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => complaints.push(chunk));
    child.on('error', (cause) => {
      reject(new VendorError(`cannot start ${program}: ${cause.message}`));
    });
    child.on('close', (code) => {
      const text = Buffer.concat(printed).toString();
      if (code === 0) resolve(text);
      else
        reject(
          new VendorError(
            `${program} ${args[0] ?? ''} failed (${String(code)}):\n${tail(text)}${tail(Buffer.concat(complaints).toString())}`,
          ),
        );
    });
  });
}

/**
 * Runs a script of ours under this very node. Stack switching must be on: whether it exists is frozen into a saved heap
 * (decision 0020).
 */
export function runScript(script: string, args: readonly string[]): Promise<string> {
  const flags = ['--experimental-wasm-jspi', '--no-warnings', '--max-old-space-size=4096'];
  return run(process.execPath, [...flags, script, ...args]);
}

function tail(text: string): string {
  // A traceback out of minified code quotes lines of a megabyte.
  return text
    .split('\n')
    .slice(-40)
    .map((line) => line.slice(0, 300))
    .join('\n');
}
