import { fail, ok, type Result } from '../../base/index.ts';
import { type AppError, appError } from '../../contracts/errors.ts';
import type { SessionId } from '../../contracts/ids.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { MACHINE_SPEC_VERSION, type MachineSpec } from '../../contracts/machine-spec.ts';
import type { Runner } from '../../contracts/runner.ts';
import type { MachineRecords } from '../../database/index.ts';
import { machineNameOf, machineSession, ownerOfFiles } from '../../execution/index.ts';

interface OwnMachines {
  readonly specs: readonly MachineSpec[];
  readonly chosen: string | null;
}

const NONE: OwnMachines = { specs: [], chosen: null };

/**
 * The machines that people made for conversations, and which one each uses. Each is a session of its own with the files of its
 * conversation: so it has its own engine, its own variables and its own saved state. Decision 0139.
 */
export class MachineBook {
  readonly #records: MachineRecords;
  readonly #now: () => number;
  readonly #known = new Map<SessionId, OwnMachines>();
  #reading: Promise<void> | null = null;
  /** One change after the other: each begins with what the last one left. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(records: MachineRecords, now: () => number) {
    this.#records = records;
    this.#now = now;
  }

  /** Settles once what was kept is known; rejects where it cannot be read, and is tried again with the next call. */
  ready(): Promise<void> {
    this.#reading ??= this.#read().catch((cause: unknown) => {
      this.#reading = null;
      throw cause;
    });
    return this.#reading;
  }

  /** Known once `ready`; none before. */
  of(sessionId: SessionId): OwnMachines {
    return this.#known.get(sessionId) ?? NONE;
  }

  /** The session in which the engine of a conversation is; to be asked once `ready`. */
  engineSession({ manifest }: Pick<Runner, 'manifest'>, sessionId: SessionId): SessionId {
    const { chosen } = this.of(sessionId);
    return chosen === null || !isMachine(manifest) ? sessionId : machineSession(chosen, sessionId);
  }

  /** What the machine of an engine's session was asked to be; null of the usual one. Rejects where that cannot be known. */
  async specOf(engineSession: SessionId): Promise<MachineSpec | null> {
    await this.ready();
    const name = machineNameOf(engineSession);
    if (name === null) return null;
    const spec = this.#find(ownerOfFiles(engineSession), name);
    // Removed since: the usual machine would do what this one was not to do.
    if (spec === null) throw new Error(`the machine ${name} was removed`);
    return spec;
  }

  /**
   * The origins to which the spec of the machine in an engine's session narrows it; null where it does not. One that was
   * removed since reaches nothing.
   */
  narrowed(engineSession: SessionId): readonly string[] | null {
    const name = machineNameOf(engineSession);
    if (name === null) return null;
    const spec = this.#find(ownerOfFiles(engineSession), name);
    if (!spec?.network.isEnabled) return [];
    const { origins } = spec.network;
    return origins.length === 0 ? null : origins;
  }

  /** The ports that the machine in an engine's session was made to show in a preview; none: all of them. */
  shownPorts(engineSession: SessionId): readonly number[] {
    const name = machineNameOf(engineSession);
    if (name === null) return [];
    return this.#find(ownerOfFiles(engineSession), name)?.network.ports ?? [];
  }

  create(sessionId: SessionId, spec: MachineSpec): Promise<Result<null, AppError>> {
    return this.#change(sessionId, ({ specs, chosen }) => {
      if (specs.some(({ name }) => name === spec.name)) return fail(appError('machine/taken', spec.name));
      if (specs.length >= LIMITS.machinesPerSession.standard) return fail(appError('machine/too-many'));
      return ok({ specs: [...specs, spec], chosen });
    });
  }

  choose(sessionId: SessionId, name: string | null): Promise<Result<null, AppError>> {
    return this.#change(sessionId, ({ specs }) =>
      name === null || specs.some((spec) => spec.name === name)
        ? ok({ specs, chosen: name })
        : fail(appError('machine/not-found', name)),
    );
  }

  remove(sessionId: SessionId, name: string): Promise<Result<null, AppError>> {
    return this.#change(sessionId, ({ specs, chosen }) =>
      specs.some((spec) => spec.name === name)
        ? ok({ specs: specs.filter((spec) => spec.name !== name), chosen: chosen === name ? null : chosen })
        : fail(appError('machine/not-found', name)),
    );
  }

  #find(sessionId: SessionId, wanted: string): MachineSpec | null {
    return this.of(sessionId).specs.find(({ name }) => name === wanted) ?? null;
  }

  async #read(): Promise<void> {
    for (const { sessionId, machines, chosen } of await this.#records.all()) {
      const specs = machines.filter(({ version }) => version === MACHINE_SPEC_VERSION);
      const isThere = specs.some(({ name }) => name === chosen);
      this.#known.set(sessionId as SessionId, { specs, chosen: isThere ? chosen : null });
    }
  }

  /** What is answered is on the disk by then. Rejects where it cannot be written: then nothing has changed. */
  #change(
    sessionId: SessionId,
    change: (before: OwnMachines) => Result<OwnMachines, AppError>,
  ): Promise<Result<null, AppError>> {
    const changed = this.#turn.then(async () => {
      await this.ready();
      const after = change(this.of(sessionId));
      if (!after.ok) return after;
      const { specs, chosen } = after.value;
      if (specs.length === 0) await this.#records.remove(sessionId);
      else await this.#records.put({ sessionId, machines: specs, chosen, atMs: this.#now() });
      this.#known.set(sessionId, after.value);
      return ok(null);
    });
    this.#turn = changed.catch(() => undefined); // whoever asked hears of it
    return changed;
  }
}

const isMachine = ({ languages }: Runner['manifest']): boolean => languages.includes('shell');
