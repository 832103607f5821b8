import type { Exec, ExecSpec, Machine } from '../../../container/machine/index.ts';
import type { ReadGuestFile } from './stdin.ts';

/** What is used of a machine that runs. */
export interface Guest {
  exec(spec: ExecSpec): Exec;
  readonly readFile: ReadGuestFile;
  /** True while something that an exec has started still runs; `waiting` names one that does not count. */
  isBusy(waiting: number | null): Promise<boolean>;
}

/** `env` is in the environment of each program, below what it is given itself. */
export function openGuest(machine: Pick<Machine, 'exec' | 'readFile'>, env: Readonly<Record<string, string>>): Guest {
  const execs = new Set<number>();
  // What is asked for is gone as often as not: processes end.
  const readFile: ReadGuestFile = (path) =>
    machine.readFile(path).then(
      (bytes) => new TextDecoder().decode(bytes),
      () => null,
    );
  return {
    readFile,
    exec(spec) {
      const exec = machine.exec({ ...spec, env: { ...env, ...spec.env } });
      execs.add(exec.id);
      return exec;
    },
    async isBusy(waiting) {
      for (const id of execs) {
        if (id === waiting) continue;
        if (await readFile(`/sys/fs/cgroup/x${id}/cgroup.procs`)) return true;
        execs.delete(id);
      }
      return false;
    },
  };
}
