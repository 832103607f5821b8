/** Runs one program in an engine that has started. */
type Run = (code: string) => unknown;

export type ToPeer = { readonly wasm: ArrayBuffer } | { readonly code: string };
export type FromPeer = { readonly line: string } | { readonly ended: true } | { readonly failed: string };

/** Serves one engine in its worker: the first message holds its module, each other one a program. */
export function servePeer(start: (wasm: ArrayBuffer, print: (line: string) => void) => Promise<Run>): void {
  const send = (message: FromPeer): void => postMessage(message);
  let engine: Promise<Run> | null = null;
  globalThis.onmessage = async ({ data }: MessageEvent<ToPeer>) => {
    try {
      if ('wasm' in data) {
        engine = start(data.wasm, (line) => send({ line }));
        return;
      }
      await (await engine)?.(data.code);
      send({ ended: true });
    } catch (error) {
      send({ failed: String(error) });
    }
  };
}
