import type { MachineLoss } from '../../../container/machine/index.ts';

const KINDS: Readonly<Record<MachineLoss['kind'], string>> = {
  hung: 'hung',
  panicked: 'panicked',
  faulted: 'faulted',
  hostile: 'broke the rules of its channel',
};

/** What a machine did, and what is known of it. */
export const wordsOfLoss = ({ kind, detail }: MachineLoss): string => `${KINDS[kind]}\n${detail}`;

/** Why a machine, or what its session kept in it, is gone; the first word counts. */
export class Loss {
  readonly #why = Promise.withResolvers<string>();
  readonly #tell: (detail: string) => void;
  #isKnown = false;

  /** `tell` is for whoever must hear of it though no program runs. */
  constructor(tell: (detail: string) => void) {
    this.#tell = tell;
  }

  get isKnown(): boolean {
    return this.#isKnown;
  }

  /** Waits for the reason. */
  async error(): Promise<Error> {
    return new Error(`the machine ${await this.#why.promise}`);
  }

  note(why: string): void {
    this.#isKnown = true;
    this.#why.resolve(why);
  }

  /** The same, told at once. */
  tell(why: string): void {
    this.note(why);
    this.#tell(`the machine ${why}`);
  }
}
