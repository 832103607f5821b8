/** What a program may say of a test beside its name and body. */
export interface TestOptions {
  readonly skip?: boolean | string;
  readonly todo?: boolean | string;
  /** Milliseconds. */
  readonly timeout?: number;
  /** How many assertions and subtests the body has to come by. */
  readonly plan?: number;
}

export type Hook = (context: unknown, done?: (error?: unknown) => void) => unknown;
export type HookKind = 'before' | 'after' | 'beforeEach' | 'afterEach';

export interface Failure {
  readonly error: unknown;
  /** Only something within it failed, which is told where it stands. */
  readonly isOfChildren: boolean;
}

/** A test or a suite, and what became of it. */
export interface TestNode {
  readonly name: string;
  readonly parent: TestNode | null;
  readonly isSuite: boolean;
  readonly body: Hook | null;
  readonly options: TestOptions;
  /** `file:line:column` of the call that made it, if known. */
  readonly place: string | null;
  readonly hooks: Readonly<Record<HookKind, Hook[]>>;
  readonly children: TestNode[];
  readonly notes: string[];
  skip: boolean | string;
  todo: boolean | string;
  failure: Failure | null;
  durationMs: number;
  /** Of a suite: settles when its body has named its tests. Of a test: when the subtests that were asked for by now have ended. */
  settled: Promise<unknown>;
}

export function testNode(made: Pick<TestNode, 'name' | 'parent' | 'isSuite' | 'body' | 'options' | 'place'>): TestNode {
  const { skip = false, todo = false } = made.options;
  const node: TestNode = {
    ...made,
    hooks: { before: [], after: [], beforeEach: [], afterEach: [] },
    children: [],
    notes: [],
    skip,
    todo,
    failure: null,
    durationMs: 0,
    settled: Promise.resolve(),
  };
  made.parent?.children.push(node);
  return node;
}

/** From the outermost to the node itself. */
export function lineOf(node: TestNode): readonly TestNode[] {
  return node.parent === null ? [node] : [...lineOf(node.parent), node];
}

/** Whether it counts as failed: what is still to be done may fail. */
export const isFailed = ({ failure, todo, skip }: TestNode): boolean =>
  failure !== null && todo === false && skip === false;
