import type { Image } from './image.ts';
import { isSavedOf, unpackMachine } from './saved-machine.ts';

type Base = Pick<Image, 'id' | 'otherId' | 'state' | 'memoryMB'>;

/** Which state a machine is restored from: what its session saved, or the image's own where there is none or it is of no use. */
export class StartState {
  readonly #image: Base;
  #saved: Uint8Array | null = null;
  #last: 'saved' | 'image' = 'image';
  #isDoubted = false;
  #shortage: RangeError | null = null;

  constructor(image: Base) {
    this.#image = image;
  }

  /** What the session saved has come. */
  offer(saved: Uint8Array | null): void {
    this.#saved = saved;
  }

  /** The state to restore. One that was asked for again before `confirm` did not work, and the image's own is the answer. */
  readonly next = async (): Promise<Uint8Array> => {
    if (this.#shortage !== null) throw this.#shortage;
    if (this.#saved !== null && !this.#isDoubted) {
      this.#isDoubted = true;
      try {
        const state = await unpackMachine(this.#image, this.#saved);
        this.#last = 'saved';
        return state;
      } catch (error) {
        // Memory that is short now says nothing about what was saved: no machine, and nothing let go for it.
        if (error instanceof RangeError) this.#shortage = error;
        if (this.#shortage !== null) throw this.#shortage;
        // Of the other image, of another version of the package, or damaged: the person is told which.
      }
    }
    this.#last = 'image';
    return this.#image.state();
  };

  /** Whether the machine that stands was not yet tried with what its session saved. */
  get isWaiting(): boolean {
    return this.#saved !== null && this.#last === 'image' && !this.#isDoubted;
  }

  /** Whether something was saved and could not be used. */
  get isUseless(): boolean {
    return this.#saved !== null && this.#last === 'image' && this.#shortage === null;
  }

  /** Whether what was saved is good, but of the other image of the package: with that one it goes on. */
  get isOfOtherImage(): boolean {
    return this.#saved !== null && isSavedOf(this.#image.otherId, this.#saved);
  }

  /** Whether what was saved is being tried. */
  get isTrying(): boolean {
    return this.#isDoubted;
  }

  /** The machine that was restored last works. What was of no use is not tried again. */
  confirm(): void {
    if (this.#last === 'image') this.#saved = null;
    this.#isDoubted = false;
  }
}
