import type { Result } from '../../base/index.ts';
import type { AppError } from '../errors.ts';
import type { SessionId } from '../ids.ts';
import type { ReadMachineSpec, SessionMachines } from '../machine-spec.ts';

type Answer<T> = Promise<Result<T, AppError>>;

interface NamedMachine {
  readonly sessionId: SessionId;
  readonly name: string;
}

/** The machines that a person made for a conversation, a part of the engine door. */
export interface MachinesDoor {
  machines(request: { readonly sessionId: SessionId }): Answer<SessionMachines>;
  /**
   * Keeps a machine as JSON asks for it (contracts/read-machine-spec.ts); it starts with the first program or terminal in it.
   * `machine/bad-spec` with the sentence, `machine/taken`, `machine/too-many`.
   */
  createMachine(request: { readonly sessionId: SessionId; readonly json: string }): Answer<ReadMachineSpec>;
  /** Programs of the shell and new terminals are in this one from now on; null is the usual one. `machine/not-found`. */
  chooseMachine(request: { readonly sessionId: SessionId; readonly name: string | null }): Answer<null>;
  /** Saves the machine and ends it. `machine/in-use`, `runner/not-saved`: then it stands as before. Null: the usual one. */
  stopMachine(request: {
    readonly sessionId: SessionId;
    readonly name: string | null;
    /** Ends it as it is: it goes on as it was saved before. */
    readonly isUnsaved?: true | undefined;
  }): Answer<null>;
  /**
   * Ends the machine with all that runs in it, however it is. With `keepsSaved` it goes on from what was saved of it, else that is
   * forgotten and it begins as new; files in /mnt/data stay. `machine/not-found`.
   */
  restartMachine(request: {
    readonly sessionId: SessionId;
    readonly name: string | null;
    readonly keepsSaved: boolean;
  }): Answer<null>;
  /** Ends the machine and forgets it with all that was saved of it; files in /mnt/data stay. `machine/in-use`, `machine/not-found`. */
  removeMachine(request: NamedMachine): Answer<null>;
}
