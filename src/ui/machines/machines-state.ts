import { type Signal, signal } from '@preact/signals';
import type { Result } from '../../base/index.ts';
import type { EngineDoor } from '../../contracts/doors/engine.ts';
import type { AppError } from '../../contracts/errors.ts';
import type { SessionId } from '../../contracts/ids.ts';
import { type MachineSpec, PROFILES, type SessionMachines } from '../../contracts/machine-spec.ts';
import { shownOrigin } from '../../contracts/network-origins.ts';
import { jsonOf, type MachineForm } from './machine-form.ts';
import { MACHINE_TEXTS } from './texts.ts';
import { type ToolPackEngine, ToolPackState } from './tool-pack-state.ts';

const T = MACHINE_TEXTS;

export type MachinesEngine = Pick<
  EngineDoor,
  | 'machines'
  | 'createMachine'
  | 'chooseMachine'
  | 'stopMachine'
  | 'restartMachine'
  | 'removeMachine'
  | 'network'
  | 'allowHosts'
> &
  ToolPackEngine;

/** Hosts that a new machine asks for and its conversation may not reach. */
interface Unallowed {
  readonly hosts: readonly string[];
  readonly origins: readonly string[];
}

/** The machines of one conversation as a page shows them, and what is done with them. */
export class MachinesState {
  readonly isOpen: Signal<boolean> = signal(false);
  readonly known: Signal<SessionMachines | null> = signal(null);
  readonly failure: Signal<AppError | null> = signal(null);
  /** What is being done that takes a while. */
  readonly working: Signal<string | null> = signal(null);
  /** What became of the last action. */
  readonly said: Signal<readonly string[]> = signal([]);
  readonly unallowed: Signal<Unallowed | null> = signal(null);
  /** The machine that was to be stopped and could not be saved. */
  readonly unsaved: Signal<{ readonly name: string | null } | null> = signal(null);
  readonly tools: ToolPackState;
  readonly #engine: MachinesEngine;
  readonly #sessionId: SessionId;
  readonly #askBrowser: (origins: readonly string[]) => void;

  /** `askBrowser`: called within the press by which hosts are allowed. */
  constructor(engine: MachinesEngine, sessionId: SessionId, askBrowser: (origins: readonly string[]) => void) {
    this.#engine = engine;
    this.tools = new ToolPackState(engine);
    this.#sessionId = sessionId;
    this.#askBrowser = askBrowser;
  }

  /** Looks anew; what failed before is still said. */
  async read(): Promise<void> {
    const answer = await this.#engine.machines({ sessionId: this.#sessionId });
    if (answer.ok) this.known.value = answer.value;
    else this.failure.value = answer.error;
  }

  /** True once it is there. */
  async create(form: MachineForm): Promise<boolean> {
    const request = { sessionId: this.#sessionId, json: jsonOf(form) };
    const made = await this.#act(T.working.create, () => this.#engine.createMachine(request));
    if (made === null) return false;
    const { spec, notes } = made.done;
    this.said.value = [...notes, T.said.created(spec.name, spec.memoryMB !== PROFILES[spec.image].memoryMB)];
    await this.#lookAtHosts(spec);
    return true;
  }

  async choose(name: string | null): Promise<void> {
    const request = { sessionId: this.#sessionId, name };
    const done = await this.#act(null, () => this.#engine.chooseMachine(request));
    if (done !== null) this.said.value = [T.said.chosen(name ?? T.usual)];
  }

  async stop(name: string | null): Promise<void> {
    const shown = name ?? T.usual;
    const request = { sessionId: this.#sessionId, name };
    const done = await this.#act(T.working.stop(shown), () => this.#engine.stopMachine(request));
    if (done !== null) this.said.value = [T.said.stopped(shown)];
    else if (this.failure.value?.code === 'runner/not-saved') this.unsaved.value = { name };
  }

  /** Once its person knows that it cannot be saved. */
  async stopUnsaved(name: string | null): Promise<void> {
    const request = { sessionId: this.#sessionId, name, isUnsaved: true } as const;
    const done = await this.#act(null, () => this.#engine.stopMachine(request));
    if (done !== null) this.said.value = [T.said.stoppedUnsaved(name ?? T.usual)];
  }

  /** True once it has ended: it goes on with the next program or terminal. */
  async restart(name: string | null, keepsSaved: boolean): Promise<boolean> {
    const request = { sessionId: this.#sessionId, name, keepsSaved };
    const done = await this.#act(null, () => this.#engine.restartMachine(request));
    if (done !== null) this.said.value = [T.said.restarted(name ?? T.usual, keepsSaved)];
    return done !== null;
  }

  async remove(name: string): Promise<void> {
    const request = { sessionId: this.#sessionId, name };
    const done = await this.#act(null, () => this.#engine.removeMachine(request));
    if (done !== null) this.said.value = [T.said.removed(name)];
  }

  /** In a press: a browser asks only while it lasts. */
  async allow({ origins }: Unallowed): Promise<void> {
    this.#askBrowser(origins);
    const sessionId = this.#sessionId;
    const known = await this.#engine.network({ sessionId });
    if (!known.ok) return this.#fail(known.error);
    const hosts = [...new Set([...known.value.origins, ...origins])];
    const allowed = await this.#engine.allowHosts({ sessionId, hosts });
    if (!allowed.ok) return this.#fail(allowed.error);
    this.unallowed.value = null;
  }

  async #lookAtHosts(spec: MachineSpec): Promise<void> {
    const known = await this.#engine.network({ sessionId: this.#sessionId });
    if (!known.ok) return this.#fail(known.error);
    const origins = spec.network.origins.filter((origin) => !known.value.origins.includes(origin));
    const hosts = origins.map((origin) => shownOrigin(origin).text);
    this.unallowed.value = origins.length === 0 ? null : { hosts, origins };
  }

  #fail(error: AppError): void {
    this.failure.value = error;
  }

  /** What was answered where it went well; what is known is read again after it. */
  async #act<T>(words: string | null, ask: () => Promise<Result<T, AppError>>): Promise<{ readonly done: T } | null> {
    this.failure.value = null;
    this.said.value = [];
    this.unallowed.value = null;
    this.unsaved.value = null;
    this.working.value = words;
    const answer = await ask();
    this.working.value = null;
    if (!answer.ok) this.#fail(answer.error);
    await this.read();
    return answer.ok ? { done: answer.value } : null;
  }
}
