import { readdirSync, readFileSync } from 'node:fs';

/** Of the clock in Linux's own counts of processor time. */
const TICKS_A_SECOND = 100;

/** Text of a file of /proc; null where its process has ended, or may not be read. */
function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** A browser's process and all below it, each with its ticks of processor time. */
function familyOf(browserPid: number): readonly { readonly pid: number; readonly ticks: number }[] {
  const stats = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const text = textOf(`/proc/${name}/stat`);
      if (text === null) return [];
      const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
      return [{ pid: Number(name), above: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) }];
    });
  const family = new Set([browserPid]);
  for (let depth = 0; depth < 4; depth += 1) for (const { pid, above } of stats) if (family.has(above)) family.add(pid);
  return stats.filter(({ pid }) => family.has(pid));
}

/** Seconds of processor time that a browser and all below it have used. */
export const processorSeconds = (browserPid: number): number =>
  familyOf(browserPid).reduce((sum, { ticks }) => sum + ticks, 0) / TICKS_A_SECOND;

/** Memory in MB of a browser and all below it; what several of them share counts once (Pss). */
export function browserMegabytes(browserPid: number): number {
  const kilobytes = familyOf(browserPid).map(({ pid }) => {
    const pss = /^Pss:\s+(\d+) kB$/m.exec(textOf(`/proc/${pid}/smaps_rollup`) ?? '');
    return Number(pss?.[1] ?? 0);
  });
  return kilobytes.reduce((sum, one) => sum + one, 0) / 1024;
}
