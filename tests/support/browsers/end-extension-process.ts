import { execFileSync } from 'node:child_process';
import type { FirefoxUnderTest } from './launch-firefox.ts';

/** Ends the process that boxes, host and pages of an extension have in Firefox, as want of memory does. */
export function endExtensionProcess({ browser }: FirefoxUnderTest): void {
  const processes = execFileSync('ps', ['-eo', 'pid=,ppid=,comm='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
  const family = new Set([String(browser.process()?.pid)]);
  for (let depth = 0; depth < 4; depth += 1)
    for (const [pid = '', above = ''] of processes) if (family.has(above)) family.add(pid);
  const own = processes.flatMap(([pid = '', , name]) => (family.has(pid) && name === 'WebExtensions' ? [pid] : []));
  if (own.length !== 1) throw new Error(`${own.length} processes of extensions, not one`);
  process.kill(Number(own[0]), 'SIGKILL');
}
