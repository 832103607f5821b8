const KEPT_CHARACTERS = 16_384;
/** A line longer than this is looked at in pieces. */
const LINE_CHARACTERS = 4_096;

/** The kernel's console: its last lines for diagnostics, and a look at each for the words of a panic. */
export class ConsoleText {
  readonly #decoder = new TextDecoder('latin1');
  readonly #onText: (text: string) => void;
  readonly #onPanic: () => void;
  #kept = '';
  #line = '';

  constructor(onText: (text: string) => void, onPanic: () => void) {
    this.#onText = onText;
    this.#onPanic = onPanic;
  }

  add(bytes: Uint8Array): void {
    const text = this.#decoder.decode(bytes);
    this.#kept = (this.#kept + text).slice(-KEPT_CHARACTERS);
    this.#onText(text);
    const lines = (this.#line + text).split('\n');
    this.#line = (lines.at(-1) ?? '').slice(-LINE_CHARACTERS);
    // The words come at the front of the kernel's own lines, which begin with a time where there is one.
    if (lines.some((line) => /^(\[ *[\d.]+\] )?Kernel panic - not syncing/.test(line))) {
      this.#line = '';
      this.#onPanic();
    }
  }

  /** The last of what was shown. */
  tail(): string {
    return this.#kept;
  }
}
