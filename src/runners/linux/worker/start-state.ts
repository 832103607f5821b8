import type { MachineState } from '../../../container/machine/index.ts';
import type { Image } from './image.ts';
import { isSavedOf, unpackMachine } from './saved-machine.ts';

type Base = Pick<Image, 'id' | 'otherId' | 'state' | 'packedState' | 'memoryMB'>;

/** What was saved may fail once for want of time or memory: it is tried again before it is passed over. */
const TRIES = 2;

/** Which state a machine is restored from: what its session saved, or the image's own where there is none or it is of no use. */
export class StartState {
  readonly #image: Base;
  #saved: Uint8Array | null = null;
  #last: 'saved' | 'image' = 'image';
  #tries = 0;
  #isUnreadable = false;
  #shortage: RangeError | null = null;
  readonly #boots: boolean;

  /** `boots`: the image's own state does not fit the machine, which boots where nothing else is there. */
  constructor(image: Base, { boots = false }: { readonly boots?: boolean } = {}) {
    this.#image = image;
    this.#boots = boots;
  }

  /** What the session saved has come. */
  offer(saved: Uint8Array | null): void {
    this.#saved = saved;
  }

  /** The state to restore. What was saved and is asked for again before `confirm` did not work; at last the image's own is the answer. */
  readonly next = async (): Promise<MachineState> => {
    if (this.#shortage !== null) throw this.#shortage;
    if (this.#saved !== null && !this.#isUnreadable && this.#tries < TRIES) {
      this.#tries += 1;
      try {
        const state = await unpackMachine(this.#image, this.#saved);
        this.#last = 'saved';
        return state;
      } catch (error) {
        // Memory that is short now says nothing about what was saved: no machine, and nothing let go for it.
        if (error instanceof RangeError) {
          this.#shortage = error;
          this.#last = 'image';
          throw error;
        }
        // Of the other image, of another version of the package, or damaged: the person is told which.
        this.#isUnreadable = true;
      }
    }
    this.#last = 'image';
    if (this.#boots) throw new Error('nothing that was saved can be used, and the state of the image does not fit');
    return this.#image.packedState();
  };

  /** Nothing that was saved is used: the machine booted. */
  booted(): void {
    this.#last = 'image';
    this.#tries = TRIES;
  }

  /** Whether memory is too short for what was saved. */
  get isShort(): boolean {
    return this.#shortage !== null;
  }

  /** Whether the machine that stands was not yet tried with what its session saved. */
  get isWaiting(): boolean {
    return this.#saved !== null && this.#last === 'image' && !this.isTrying;
  }

  /** Of what was saved and is not used: whether nothing can ever be made of it, or it may work another time. */
  get passedOver(): 'unreadable' | 'failed' | null {
    if (this.#saved === null || this.#last === 'saved' || this.#shortage !== null) return null;
    return this.#isUnreadable ? 'unreadable' : 'failed';
  }

  /** Whether what was saved is good, but of the other image of the package: with that one it goes on. */
  get isOfOtherImage(): boolean {
    return this.#saved !== null && isSavedOf(this.#image.otherId, this.#saved);
  }

  /** Whether the machine was last put back to what was saved, and not to the image's own state. */
  get isOnSaved(): boolean {
    return this.#last === 'saved';
  }

  /** Whether what was saved is being tried. */
  get isTrying(): boolean {
    return this.#tries > 0;
  }

  /** The machine that was restored last works. What was of no use is not tried again. */
  confirm(): void {
    if (this.#last === 'image') this.#saved = null;
    this.#tries = 0;
  }
}
