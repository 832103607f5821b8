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
  const close = () => {
    port.onmessage = null;
    port.close();
  };
  port.onmessage = ({ data }: MessageEvent<unknown>) => {
    const isRequest = data instanceof ArrayBuffer && data.byteLength <= handler.mostBytes;
    if (!isRequest || waiting >= handler.mostWaiting) {
      close();
      return handler.onBroken();
    }
    waiting += 1;
    const answering = handler.handle(new Uint8Array(data));
    // The other end knows an answer by its place alone.
    posted = posted.then(async () => {
      const answer = await answering;
      waiting -= 1;
      port.postMessage(answer.buffer, [answer.buffer]);
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
