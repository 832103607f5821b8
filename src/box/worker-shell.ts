/** What the shell uses of its worker; named here because the same source is checked for the page's world too. */
export interface ShellScope {
  postMessage(message: unknown, transfer?: unknown): void;
  addEventListener(type: string, listener: (event: MessageEvent<unknown>) => void): void;
  removeEventListener(type: string, listener: (event: MessageEvent<unknown>) => void): void;
  fetch(url: string, init?: object): Promise<unknown>;
  readonly origin: string;
  readonly chrome?: unknown;
  readonly browser?: unknown;
  readonly indexedDB?: IDBFactory;
  readonly caches?: CacheStorage;
  readonly navigator: { readonly storage?: { getDirectory?(): Promise<unknown> } };
}

/** The page's first message to its worker; the engine's script never sees it, nor the second. */
export interface ShellStart {
  readonly kind: 'box';
  readonly mailbox: SharedArrayBuffer | null;
  /** Asked whether the worker still lives after an uncaught error. */
  readonly lifeline: MessagePort;
}

/** The page's second message, when an engine is wanted: its classic script. */
export interface ShellScript {
  readonly kind: 'script';
  readonly text: string;
}

/**
 * Runs first in every worker of a box, and alone until the engine's script comes: proves the wall from inside and makes
 * `postMessage` wait while the host is behind. Sent as source text, so it must not refer to anything outside.
 */
export function workerShell(
  scope: ShellScope,
  weigh: (message: unknown) => number,
  windowUnits: number,
  takenIndex: number,
): void {
  // Saved before anybody else's code runs: `send` and the Atomics must not be what that code made of them.
  const send = scope.postMessage.bind(scope);
  const { wait, load } = Atomics;
  const prototypeOf = Object.getPrototypeOf.bind(Object);
  let words: Int32Array | null = null;
  let lifeline: MessagePort | null = null;
  let sent = 0;

  const post = (message: unknown, transfer?: unknown): void => {
    const isFile = typeof message === 'object' && message !== null && (message as { kind?: unknown }).kind === 'file';
    if (words && !isFile) {
      for (let taken = load(words, takenIndex); ((sent - taken) | 0) > windowUnits; taken = load(words, takenIndex)) {
        wait(words, takenIndex, taken, 100);
      }
      sent = (sent + weigh(message)) | 0;
    }
    if (transfer === undefined) send(message);
    else send(message, transfer);
  };
  for (let at: object | null = scope; at; at = prototypeOf(at) as object | null) {
    Reflect.deleteProperty(at, 'postMessage');
    Reflect.deleteProperty(at, 'close'); // nobody would be told that the worker ended itself
  }
  Object.defineProperty(scope, 'postMessage', { value: post, writable: true, configurable: true, enumerable: true });

  let settleScript: () => void = () => undefined;
  const scriptRan = new Promise<void>((settle) => (settleScript = settle));
  const onStart = (event: MessageEvent<unknown>): void => {
    const message = event.data as ShellStart | ShellScript;
    event.stopImmediatePropagation();
    if (message.kind === 'box') {
      if (message.mailbox) words = new Int32Array(message.mailbox, 0, 16);
      lifeline = message.lifeline;
      lifeline.onmessage = () => lifeline?.postMessage('here');
      return;
    }
    if (message.kind !== 'script') return;
    scope.removeEventListener('message', onStart);
    // eslint-disable-next-line no-eval -- in the box, whose policy allows it for just this: scripts that came as bytes
    (0, eval)(message.text);
    settleScript();
  };
  scope.addEventListener('message', onStart);

  // A browser that starts on a busy machine opens its stores and reads its policies late. A box has 15 s to stand.
  const probeMs = 10_000;
  const failures: string[] = [];
  /** A probe answers whether the route is shut; one that throws or rejects met the wall, one that hangs did not. */
  const prove = async (name: string, probe: () => boolean | Promise<boolean>): Promise<void> => {
    const hung = new Promise<boolean>((done) => setTimeout(() => done(false), probeMs));
    try {
      if (!(await Promise.race([probe(), hung]))) failures.push(name);
    } catch {
      return; // refused
    }
  };
  const probes = [
    prove('origin', () => scope.origin === 'null'),
    prove('extension-api', () => scope.chrome === undefined && scope.browser === undefined),
    prove(
      'network',
      () =>
        new Promise((done) => {
          scope.addEventListener('securitypolicyviolation', () => done(true));
          // Without the policy this name still resolves nowhere; the missing event is what fails the test.
          scope.fetch('https://box-self-test.invalid/', { mode: 'no-cors' }).catch(() => undefined);
        }),
    ),
    prove(
      'indexeddb',
      () =>
        new Promise((done) => {
          const request = scope.indexedDB?.open('box-self-test');
          if (!request) return done(true);
          request.onsuccess = () => done(false);
          request.onerror = () => done(true);
        }),
    ),
    prove('caches', async () => !scope.caches || !(await scope.caches.open('box-self-test'))),
    prove(
      'opfs',
      async () => !scope.navigator.storage?.getDirectory || !(await scope.navigator.storage.getDirectory()),
    ),
  ];
  // A script that threw has no worker that could be handed over.
  void Promise.all([scriptRan, ...probes]).then(() => send({ kind: 'proof', failures }));
}
