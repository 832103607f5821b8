import type { NumberedPreviewEvent } from '../../contracts/doors/previews-policy.ts';
import type { ItemSource } from '../../contracts/doors/stream.ts';
import { socketMessageSize } from '../../contracts/preview.ts';

/** In one message to a page. */
const BATCH_BYTES = 1024 * 1024;

type Event = NumberedPreviewEvent['event'];

/** What happens on one watch or websocket, on its way to the one page that asked. What was sent to it is not kept. */
export class PreviewEvents implements ItemSource<NumberedPreviewEvent> {
  readonly #onSent: (bytes: number) => void;
  readonly #onLeft: () => void;
  #items: NumberedPreviewEvent[] = [];
  #last = 0;
  #isEnded = false;
  #wake = (): void => undefined;

  /** `onSent`: so many bytes of messages were passed on. `onLeft`: nobody reads any more. */
  constructor(options: { readonly onSent: (bytes: number) => void; readonly onLeft: () => void }) {
    this.#onSent = options.onSent;
    this.#onLeft = options.onLeft;
  }

  add(event: Event): void {
    this.#last += 1;
    this.#items.push({ n: this.#last, event });
    this.#isEnded = event.kind === 'closed';
    this.#wake();
  }

  read(after: number, most: number): readonly NumberedPreviewEvent[] | null {
    const sent = after - (this.#last - this.#items.length);
    if (sent < 0 || after > this.#last) return null;
    const passed = this.#items.splice(0, sent).reduce((sum, { event }) => sum + bytesOf(event), 0);
    if (passed > 0) this.#onSent(passed);
    let bytes = 0;
    const isWithin = ({ event }: NumberedPreviewEvent): boolean => {
      const before = bytes;
      bytes += bytesOf(event);
      return before < BATCH_BYTES;
    };
    const end = this.#items.slice(0, most).findIndex((item) => !isWithin(item));
    return this.#items.slice(0, end === -1 ? most : end);
  }

  isEndAt(n: number): boolean {
    return this.#isEnded && n === this.#last;
  }

  onMore(listener: () => void, { signal }: { readonly signal: AbortSignal }): void {
    this.#wake = listener;
    signal.addEventListener('abort', () => {
      this.#wake = () => undefined;
      this.#onLeft();
    });
  }
}

/** As the engine counts it. */
function bytesOf(event: Event): number {
  if (event.kind === 'text') return socketMessageSize(event.text);
  return event.kind === 'bytes' ? socketMessageSize(event.bytes) : 0;
}
