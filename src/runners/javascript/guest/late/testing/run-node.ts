import { type Hook, type HookKind, isFailed, lineOf, type TestNode } from './test-node.ts';

export interface Running {
  /** Milliseconds of a steady clock. */
  readonly now: () => number;
  /** What a body and its hooks are given. */
  readonly contextOf: (node: TestNode) => unknown;
  /** Called as a body begins, with null as it ends: what it asks for meanwhile is of that test. */
  readonly enter: (node: TestNode | null) => void;
  /** How many assertions and subtests a test came by, and how many it wants; null for any number. */
  readonly plansOf: (node: TestNode) => { readonly met: number; readonly wanted: number } | null;
}

const failureOf = (message: string, failureType: string): Error =>
  Object.assign(new Error(message), { code: 'ERR_TEST_FAILURE', failureType });

/** Calls a body or a hook; one that takes two arguments ends by its second. */
async function call(work: Hook, context: unknown): Promise<void> {
  if (work.length < 2) {
    await work(context);
    return;
  }
  await new Promise<void>((resolve, reject) => {
    const answer = work(context, (error) => {
      if (error === undefined || error === null) resolve();
      else reject(error);
    });
    if (answer instanceof Promise)
      reject(failureOf('passed a callback but also returned a Promise', 'callbackAndPromisePresent'));
  });
}

async function within(work: Promise<void>, timeoutMs: number | undefined): Promise<void> {
  if (timeoutMs === undefined || !Number.isFinite(timeoutMs)) return work;
  let timer: unknown;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(failureOf(`test timed out after ${timeoutMs}ms`, 'testTimeoutFailure')), timeoutMs);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer as never);
  }
}

/** Runs tests and suites one after the other, and notes in each what became of it. Never rejects. */
export function createRunning({ now, contextOf, enter, plansOf }: Running) {
  const callAll = async (hooks: readonly Hook[], context: unknown): Promise<void> => {
    for (const hook of hooks) await call(hook, context);
  };
  const around = async (kind: HookKind, nodes: readonly TestNode[], context: unknown): Promise<void> => {
    for (const { hooks } of nodes) await callAll(hooks[kind], context);
  };

  const runSuite = async (node: TestNode): Promise<void> => {
    await node.settled;
    const context = contextOf(node);
    await callAll(node.hooks.before, context);
    for (const child of node.children) await run(child);
    await callAll(node.hooks.after, context);
  };
  const runTest = async (node: TestNode): Promise<void> => {
    const context = contextOf(node);
    const outer = lineOf(node).slice(0, -1);
    await around('beforeEach', outer, context);
    try {
      enter(node);
      try {
        if (node.body !== null) await within(call(node.body, context), node.options.timeout);
      } finally {
        enter(null);
      }
      await node.settled;
      const plan = plansOf(node);
      if (plan !== null && plan.met !== plan.wanted)
        throw failureOf(`plan expected ${plan.wanted} assertions but received ${plan.met}`, 'testCodeFailure');
    } finally {
      await callAll(node.hooks.after, context);
      await around('afterEach', outer.toReversed(), context);
    }
  };

  const run = async (node: TestNode): Promise<void> => {
    const startMs = now();
    try {
      if (node.skip === false) await (node.isSuite ? runSuite(node) : runTest(node));
    } catch (error) {
      node.failure = { error, isOfChildren: false };
    }
    const failed = node.children.filter(isFailed).length;
    if (node.failure === null && failed > 0) {
      const message = `${failed} subtest${failed === 1 ? '' : 's'} failed`;
      node.failure = { error: failureOf(message, 'subtestsFailed'), isOfChildren: true };
    }
    node.durationMs = now() - startMs;
  };
  return { run, callAll };
}
