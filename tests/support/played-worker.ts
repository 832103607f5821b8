/** What Node does not have: a worker of the browser, which starts or fails to. */
export interface PlayedWorker<Request, Reply> {
  onmessage: ((event: { readonly data: Reply }) => void) | null;
  onerror: ((event: { readonly message: string }) => void) | null;
  /** What it was sent, in order. */
  readonly asked: Request[];
  isEnded: boolean;
}

/** A class to stand for `Worker`, and the workers that were made of it, in order. */
export function playWorkers<Request, Reply>() {
  const made: PlayedWorker<Request, Reply>[] = [];
  class Played implements PlayedWorker<Request, Reply> {
    onmessage: ((event: { readonly data: Reply }) => void) | null = null;
    onerror: ((event: { readonly message: string }) => void) | null = null;
    readonly asked: Request[] = [];
    isEnded = false;
    constructor() {
      made.push(this);
    }
    postMessage(request: Request): void {
      this.asked.push(request);
    }
    terminate(): void {
      this.isEnded = true;
    }
  }
  return { Played, made };
}
