type Callable = (...args: unknown[]) => unknown;

interface Call {
  readonly arguments: readonly unknown[];
  readonly error: unknown;
  readonly result: unknown;
  readonly stack: Error;
  readonly target: unknown;
  readonly this: unknown;
}

/** What `mock.fn` keeps of a function: `node:test`'s MockFunctionContext. */
class MockFunctionContext {
  readonly #calls: Call[] = [];
  readonly #once = new Map<number, Callable>();
  readonly #original: Callable;
  #timesLeft: number;
  #now: Callable;
  readonly #putBack: () => void;
  constructor(original: Callable, implementation: Callable, times: number, putBack: () => void) {
    this.#original = original;
    this.#now = implementation;
    this.#timesLeft = times;
    this.#putBack = putBack;
  }
  get calls(): readonly Call[] {
    return [...this.#calls];
  }
  callCount(): number {
    return this.#calls.length;
  }
  mockImplementation(implementation: Callable): void {
    this.#now = implementation;
  }
  mockImplementationOnce(implementation: Callable, onCall = this.#calls.length): void {
    this.#once.set(onCall, implementation);
  }
  resetCalls(): void {
    this.#calls.length = 0;
  }
  restore(): void {
    this.#now = this.#original;
    this.#putBack();
  }
  /** What the mock does when it is called. */
  take(self: unknown, args: readonly unknown[], target: unknown): unknown {
    const at = this.#calls.length;
    const work = this.#once.get(at) ?? this.#now;
    this.#once.delete(at);
    const note = (ended: Pick<Call, 'result' | 'error'>): void => {
      this.#calls.push({ arguments: args, ...ended, stack: new Error('called here'), target, this: self });
    };
    this.#timesLeft -= 1;
    if (this.#timesLeft === 0) this.#now = this.#original;
    try {
      const result: unknown =
        target === undefined ? Reflect.apply(work, self, args) : Reflect.construct(work, args, target as Callable);
      note({ result, error: undefined });
      return result;
    } catch (error) {
      note({ result: undefined, error });
      throw error;
    }
  }
}

interface MockOptions {
  readonly times?: number;
  readonly getter?: boolean;
  readonly setter?: boolean;
}

const isOptions = (value: unknown): value is MockOptions => typeof value === 'object' && value !== null;

function descriptorOf(object: object, name: PropertyKey): PropertyDescriptor {
  for (let at: object | null = object; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    const found = Object.getOwnPropertyDescriptor(at, name);
    if (found) return found;
  }
  throw Object.assign(new TypeError(`The property ${String(name)} does not exist, so it cannot be mocked`), {
    code: 'ERR_INVALID_ARG_VALUE',
  });
}

const UNDEFINED: Callable = () => undefined;

/** `mock` of `node:test`, and of the context of each test: functions, methods, getters and setters. Time is not mocked here. */
export function createMock(): object {
  let contexts: MockFunctionContext[] = [];

  const made = (original: Callable, implementation: Callable, times: number, putBack: () => void): Callable => {
    const context = new MockFunctionContext(original, implementation, times, putBack);
    contexts.push(context);
    return new Proxy(original, {
      apply: (_, self, args) => context.take(self, args as unknown[], undefined),
      construct: (_, args, target) => context.take(undefined, args as unknown[], target) as object,
      get: (target, name, receiver) => (name === 'mock' ? context : (Reflect.get(target, name, receiver) as unknown)),
    });
  };

  const fn = (...given: unknown[]): Callable => {
    const options = isOptions(given.at(-1)) ? (given.pop() as MockOptions) : {};
    const [original = UNDEFINED, implementation = original] = given as Callable[];
    return made(original, implementation, options.times ?? Infinity, () => undefined);
  };

  const method = (object: object, name: PropertyKey, ...given: unknown[]): unknown => {
    const options = isOptions(given.at(-1)) ? (given.pop() as MockOptions) : {};
    const part = options.getter === true ? 'get' : options.setter === true ? 'set' : 'value';
    const descriptor = descriptorOf(object, name);
    const own = Object.getOwnPropertyDescriptor(object, name);
    const original = descriptor[part] as unknown;
    if (typeof original !== 'function') {
      const message = `Expected ${String(name)} to be a method, and it is ${typeof original}`;
      throw Object.assign(new TypeError(message), { code: 'ERR_INVALID_ARG_VALUE' });
    }
    const putBack = (): void => {
      if (own) Object.defineProperty(object, name, own);
      else Reflect.deleteProperty(object, name);
    };
    const [implementation = original as Callable] = given as Callable[];
    const mocked = made(original as Callable, implementation, options.times ?? Infinity, putBack);
    Object.defineProperty(object, name, { ...descriptor, configurable: true, [part]: mocked });
    return mocked;
  };

  const restoreAll = (): void => {
    for (const context of contexts) context.restore();
  };
  return {
    fn,
    method,
    getter: (object: object, name: PropertyKey, work?: Callable) =>
      method(object, name, ...(work ? [work] : []), { getter: true }),
    setter: (object: object, name: PropertyKey, work?: Callable) =>
      method(object, name, ...(work ? [work] : []), { setter: true }),
    restoreAll,
    reset: () => {
      restoreAll();
      contexts = [];
    },
    get timers(): never {
      throw new Error('mock.timers is not here: the clock of this run is the real one.');
    },
  };
}
