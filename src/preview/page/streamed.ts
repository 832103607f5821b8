import type { PreviewRequest } from '../../contracts/preview.ts';
import type { StreamedEvent } from '../messages.ts';
import type { Desk } from './desk.ts';

export interface Streamed {
  readonly head: StreamedEvent & { readonly kind: 'head' };
  readonly body: ReadableStream<Uint8Array<ArrayBuffer>>;
}

/** An answer as soon as its head is there, the body as it comes. Rejects as `fetch` does; so does the body where it breaks off. */
export function streamed(desk: Desk, request: PreviewRequest, signal: AbortSignal): Promise<Streamed> {
  return new Promise((settle, refuse) => {
    if (signal.aborted) return refuse(signal.reason as Error);
    let body: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>> | null = null;
    let isOver = false;
    const abort = (): void => {
      close();
      fail(signal.reason as Error);
    };
    // A page may have one signal for all that it asks for.
    const end = (): void => {
      isOver = true;
      signal.removeEventListener('abort', abort);
    };
    const fail = (error: Error): void => {
      if (isOver) return;
      end();
      body?.error(error);
      refuse(error); // nothing where the head was there
    };
    const close = desk.stream(request, (event) => {
      if (isOver) return;
      if (event.kind === 'bytes') return body?.enqueue(event.bytes);
      if (event.kind === 'closed') {
        if (!event.wasClean) return fail(new TypeError(`Failed to fetch: ${event.reason}`));
        end();
        return body?.close();
      }
      const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
        start: (controller) => void (body = controller),
        cancel: () => {
          end();
          close();
        },
      });
      settle({ head: event, body: stream });
    });
    signal.addEventListener('abort', abort, { once: true });
  });
}
