import type { LateKit } from './kit.ts';
import { createMock } from './testing/mock.ts';
import { linesOf, summaryOf } from './testing/report.ts';
import { createRunning } from './testing/run-node.ts';
import {
  type Hook,
  type HookKind,
  isFailed,
  lineOf,
  type TestNode,
  testNode,
  type TestOptions,
} from './testing/test-node.ts';

/** The tests of one run. */
interface Session {
  readonly root: TestNode;
  readonly startMs: number;
  readonly plans: Map<TestNode, { met: number; readonly wanted: number }>;
  hasBegun: boolean;
  isReported: boolean;
}

interface ProcessEvents {
  readonly argv: readonly string[];
  exitCode: unknown;
  on(name: string, listener: () => void): void;
  listeners(name: string): readonly unknown[];
}

const NO_OPTIONS: TestOptions = {};

/** `test(name, options, body)`, each of which may be left out. */
function readArguments(given: readonly unknown[]): Pick<TestNode, 'name' | 'options' | 'body'> {
  const body = (given.find((each) => typeof each === 'function') ?? null) as Hook | null;
  const options = given.find((each) => typeof each === 'object' && each !== null) ?? NO_OPTIONS;
  const name = typeof given[0] === 'string' ? given[0] : (body?.name ?? '');
  return { name: name === '' ? '<anonymous>' : name, options, body };
}

/** Where a program called this module, as the engine's own stack has it. */
function placeIn(stack: string | undefined, file: string): string | null {
  const line = stack?.split('\n').find((each) => each.includes(`${file}:`));
  return /[^\s(]*:\d+:\d+/u.exec(line ?? '')?.[0] ?? null;
}

/**
 * `node:test`: tests run one after the other once the program has named them, and are reported as Node's `spec` reporter does; a
 * failure makes the exit code 1.
 */
export function createModule(kit: LateKit): object {
  const { host, inspect, builtin } = kit;
  const process = kit.process as ProcessEvents;
  const mock = createMock();
  let session: Session | null = null;
  /** The suite whose body is being read, or the test whose body runs. */
  let current: TestNode | null = null;

  const running = createRunning({
    now: () => host.now(),
    contextOf: (node) => contextOf(node),
    enter: (node) => {
      current = node;
    },
    plansOf: (node) => session?.plans.get(node) ?? null,
  });

  const report = async (): Promise<void> => {
    const now = session;
    if (now === null || now.isReported) return;
    now.isReported = true;
    const { root } = now;
    await root.settled;
    try {
      await running.callAll(root.hooks.after, undefined);
    } catch (error) {
      root.failure = { error, isOfChildren: false };
    }
    const { failure } = root;
    host.write(1, summaryOf(root.children, host.now() - now.startMs, inspect));
    if (failure !== null) host.write(1, `\n✖ a hook of the whole file failed\n${inspect(failure.error)}\n`);
    if (failure !== null || root.children.some(isFailed)) process.exitCode ??= 1;
  };
  const onBeforeExit = (): void => void report();

  /** Listeners of an earlier run are gone, and so are its tests. */
  const sessionNow = (): Session => {
    if (session !== null && !session.isReported && process.listeners('beforeExit').includes(onBeforeExit))
      return session;
    current = null;
    const root = testNode({ name: '', parent: null, isSuite: true, body: null, options: NO_OPTIONS, place: null });
    session = { root, startMs: host.now(), plans: new Map(), hasBegun: false, isReported: false };
    process.on('beforeExit', onBeforeExit);
    return session;
  };

  /** After what was asked for before it; told once all within it has ended. */
  const schedule = (node: TestNode): Promise<void> => {
    const { root } = sessionNow();
    const parent = node.parent ?? root;
    const done = parent.settled.then(async () => {
      const outer = current;
      if (parent === root) await begin();
      await running.run(node);
      current = outer;
      if (parent === root) host.write(1, linesOf(node));
    });
    parent.settled = done;
    return done;
  };
  const begin = async (): Promise<void> => {
    const now = sessionNow();
    if (now.hasBegun) return;
    now.hasBegun = true;
    try {
      await running.callAll(now.root.hooks.before, undefined);
    } catch (error) {
      now.root.failure = { error, isOfChildren: false };
    }
  };

  const add = (given: readonly unknown[], more: TestOptions, parent: TestNode | null, isSuite: boolean) => {
    const { root } = sessionNow();
    const { name, options, body } = readArguments(given);
    const place = placeIn(new Error('here').stack, process.argv[1]?.split('/').at(-1) ?? '');
    const within = parent ?? current ?? root;
    const node = testNode({ name, body, isSuite, place, parent: within, options: { ...options, ...more } });
    if (options.plan !== undefined) session?.plans.set(node, { met: 0, wanted: options.plan });
    if (isSuite && body !== null && node.skip === false) readSuite(node, body);
    // What a suite names is run by it.
    return within.isSuite && within !== root ? Promise.resolve() : schedule(node);
  };
  const readSuite = (node: TestNode, body: Hook): void => {
    const outer = current;
    current = node;
    try {
      node.settled = Promise.resolve(body(contextOf(node)));
    } catch (error) {
      node.settled = Promise.reject(error);
    }
    // It is told when the suite is run.
    node.settled.catch(() => undefined);
    current = outer;
  };

  const hookInto =
    (kind: HookKind, node: TestNode | null) =>
    (work: Hook): void => {
      (node ?? current ?? sessionNow().root).hooks[kind].push(work);
    };
  const hooksOf = (node: TestNode | null) => ({
    before: hookInto('before', node),
    after: hookInto('after', node),
    beforeEach: hookInto('beforeEach', node),
    afterEach: hookInto('afterEach', node),
  });

  const countedAssert = (node: TestNode): unknown =>
    new Proxy(builtin('assert') as object, {
      get: (target, name, receiver) => {
        const work = Reflect.get(target, name, receiver) as unknown;
        if (typeof work !== 'function') return work;
        return (...args: unknown[]) => {
          const plan = session?.plans.get(node);
          if (plan) plan.met += 1;
          return Reflect.apply(work, target, args) as unknown;
        };
      },
    });
  const contextOf = (node: TestNode): object => ({
    name: node.name,
    fullName: lineOf(node)
      .map(({ name }) => name)
      .filter((name) => name !== '')
      .join(' > '),
    signal: new AbortController().signal,
    assert: countedAssert(node),
    mock: createMock(),
    ...hooksOf(node),
    test: async (...given: unknown[]) => {
      const plan = session?.plans.get(node);
      if (plan) plan.met += 1;
      await add(given, NO_OPTIONS, node, false);
    },
    plan: (wanted: number) => {
      session?.plans.set(node, { met: 0, wanted });
    },
    diagnostic: (note: unknown) => {
      node.notes.push(String(note));
    },
    skip: (reason?: string) => {
      node.skip = reason ?? true;
    },
    todo: (reason?: string) => {
      node.todo = reason ?? true;
    },
  });

  const entry = (isSuite: boolean) => {
    const form =
      (more: TestOptions) =>
      (...given: unknown[]) =>
        add(given, more, null, isSuite);
    return Object.assign(form(NO_OPTIONS), {
      skip: form({ skip: true }),
      todo: form({ todo: true }),
      only: form(NO_OPTIONS),
    });
  };
  const test = entry(false);
  const suite = entry(true);
  const absent = (name: string) => (): never => {
    throw new Error(`${name} of node:test is not here: tests run where they are written.`);
  };
  return Object.assign(test, {
    test,
    it: test,
    describe: suite,
    suite,
    ...hooksOf(null),
    mock,
    run: absent('run'),
    snapshot: { setDefaultSnapshotSerializers: absent('snapshot'), setResolveSnapshotPath: absent('snapshot') },
  });
}
