export interface ByteHandler {
  /** The request is the handler's; the answer's whole buffer is handed over. Never rejects. */
  readonly handle: (request: Uint8Array) => Promise<Uint8Array<ArrayBuffer>>;
  readonly mostBytes: number;
  readonly mostWaiting: number;
  /** The other end sent what it must not; the port is closed. Called once. */
  readonly onBroken: () => void;
}

/** Answers buffers with buffers, in the order they came. A closed port stays closed. */
export function serveBytes(port: MessagePort, handler: ByteHandler): { close(): void } {
  let waiting = 0;
  let posted: Promise<void> = Promise.resolve();
  let isOpen = true;
  const close = () => {
    isOpen = false;
    port.onmessage = null;
    port.close();
  };
  const breakOff = () => {
    if (!isOpen) return;
    close();
    handler.onBroken();
  };
  port.onmessage = ({ data }: MessageEvent<unknown>) => {
    const isRequest = data instanceof ArrayBuffer && data.byteLength <= handler.mostBytes;
    if (!isRequest || waiting >= handler.mostWaiting) return breakOff();
    waiting += 1;
    const answering = handler.handle(new Uint8Array(data));
    // The other end knows an answer by its place alone.
    posted = posted.then(async () => {
      const answer = await answering;
      waiting -= 1;
      port.postMessage(answer.buffer, [answer.buffer]);
    });
    // Whoever waits for it would wait for good, and so would all after.
    posted.catch((error: unknown) => {
      if (isOpen) console.error('a request was not answered', error);
      breakOff();
    });
  };
  return { close };
}

/** Asks an end that answers in order. The request's buffer is handed over if nothing else lies in it. */
export function askBytes(port: MessagePort): (request: Uint8Array, reply: (bytes: Uint8Array) => void) => void {
  const waiting: ((bytes: Uint8Array) => void)[] = [];
  port.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => waiting.shift()?.(new Uint8Array(data));
  return (request, reply) => {
    waiting.push(reply);
    const isWhole = request.byteLength === request.buffer.byteLength;
    const bytes = isWhole ? request.buffer : request.slice().buffer;
    port.postMessage(bytes, [bytes]);
  };
}
