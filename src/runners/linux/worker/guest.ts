import type { Exec, ExecSpec, Machine } from '../../../container/machine/index.ts';
import type { ReadGuestFile } from './stdin.ts';

/** What is used of a machine that runs. */
export interface Guest {
  /** What is in the environment of each program, below what it is given itself. */
  readonly env: Readonly<Record<string, string>>;
  exec(spec: ExecSpec): Exec;
  readonly readFile: ReadGuestFile;
  /** The same, as bytes: the first 16 KiB. */
  readonly readBytes: (path: string) => Promise<Uint8Array | null>;
  /** True while something that an exec has started still runs; `waiting` is one that does not count. */
  isBusy(waiting: Exec | null): Promise<boolean>;
}

/** Programs and files of this machine. */
export function openGuest(machine: Pick<Machine, 'exec' | 'readFile'>, env: Readonly<Record<string, string>>): Guest {
  const execs = new Set<Exec>();
  // What is asked for is gone as often as not: processes end.
  const readBytes: Guest['readBytes'] = (path) => machine.readFile(path).catch(() => null);
  const readFile: ReadGuestFile = async (path) => {
    const bytes = await readBytes(path);
    return bytes && new TextDecoder().decode(bytes);
  };
  return {
    env,
    readBytes,
    readFile,
    exec(spec) {
      const exec = machine.exec({ ...spec, env: { ...env, ...spec.env } });
      execs.add(exec);
      return exec;
    },
    async isBusy(waiting) {
      const own = (await waiting?.started)?.group;
      for (const exec of execs) {
        const group = (await exec.started)?.group;
        if (exec === waiting) continue;
        // One whose process stayed has its cgroup still.
        if (group !== undefined && group !== own && (await readFile(`/sys/fs/cgroup/x${group}/cgroup.procs`)))
          return true;
        execs.delete(exec);
      }
      return false;
    },
  };
}
