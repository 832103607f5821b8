/** The little of a trace event that is read here. Source: Chromium's trace event format; times in microseconds. */
interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  /** Of `dur`, what the thread had a processor for; not on every machine. */
  readonly tdur?: number;
  readonly id?: string;
  readonly args?: {
    readonly data?: {
      readonly url?: string;
      readonly startTime?: number;
      readonly timeDeltas?: readonly number[];
      readonly cpuProfile?: { readonly nodes?: readonly ProfileNode[]; readonly samples?: readonly number[] };
    };
  };
}

interface ProfileNode {
  readonly id: number;
  readonly parent?: number;
  readonly callFrame: { readonly functionName: string; readonly url?: string };
}

/** What a page has to be traced with. */
export const TRACED = [
  'devtools.timeline',
  'disabled-by-default-devtools.timeline',
  'disabled-by-default-v8.cpu_profiler',
  'v8',
];

interface Span {
  readonly from: number;
  readonly to: number;
  readonly name: string;
}

const PROFILER_STARTS = 'CpuProfiler::StartProfiling';

const isWithin = ({ ts, dur = 0 }: TraceEvent, spans: readonly Span[]): boolean =>
  spans.some(({ from, to }) => from <= ts && ts + dur <= to);

/** One task of a page's main thread in which scripts of ours had a part. */
export interface HeldTask {
  /** How long they held the thread in it, in milliseconds of its own processor time. */
  readonly ms: number;
  /** The function of ours that was seen longest. */
  readonly longest: string;
  /** One of our scripts was evaluated in it: the page's start, whatever it holds. */
  readonly isStart: boolean;
}

/**
 * How long scripts of ours (`isOurs` of their address) held a thread in each of its tasks: their calls, compiling and
 * evaluation as the browser notes them, and every sample of its profiler in which one of their functions is on the stack,
 * so that promise callbacks and what the page calls of ours count too.
 */
export function heldTasks(trace: string, isOurs: (address: string) => boolean): HeldTask[] {
  const events = (JSON.parse(trace) as { traceEvents: readonly TraceEvent[] }).traceEvents;
  const spans = new Map<string, Span[]>();
  const add = (thread: string, span: Span): void => {
    const known = spans.get(thread);
    if (known) known.push(span);
    else spans.set(thread, [span]);
  };
  /** The profiler starts where a thread's first script of ours is, and is none of it. */
  const profilers = events.filter(({ name, ph }) => ph === 'X' && name === PROFILER_STARTS);
  for (const { name, ph, pid, tid, ts, dur = 0, args } of events) {
    if (ph === 'X' && name !== 'RunTask' && isOurs(args?.data?.url ?? ''))
      add(`${pid}.${tid}`, { from: ts, to: ts + dur, name });
  }
  for (const { thread, span } of sampled(events, isOurs)) add(thread, span);
  const held: HeldTask[] = [];
  for (const { name, ph, pid, tid, ts, dur = 0, tdur = dur } of events) {
    if (name !== 'RunTask' || ph !== 'X') continue;
    const inside = (spans.get(`${pid}.${tid}`) ?? []).filter(({ from, to }) => to > ts && from < ts + dur);
    if (inside.length === 0) continue;
    const { ms: allMs, longest } = shareOf(inside, ts, ts + dur);
    const started = profilers.filter((each) => each.pid === pid && each.tid === tid && isWithin(each, inside));
    const ms = allMs - started.reduce((sum, each) => sum + (each.dur ?? 0) / 1000, 0);
    const isStart = inside.some((span) => span.name === 'EvaluateScript');
    // While other programs have the processor, nothing is held by us.
    held.push({ ms: dur > 0 ? ms * Math.min(1, tdur / dur) : ms, longest, isStart });
  }
  return held.sort((a, b) => b.ms - a.ms);
}

function shareOf(spans: readonly Span[], from: number, to: number): Pick<HeldTask, 'ms' | 'longest'> {
  let end = from;
  let total = 0;
  const byName = new Map<string, number>();
  for (const span of [...spans].sort((a, b) => a.from - b.from)) {
    const until = Math.min(span.to, to);
    total += Math.max(0, until - Math.max(end, span.from));
    end = Math.max(end, until);
    byName.set(span.name, (byName.get(span.name) ?? 0) + until - Math.max(from, span.from));
  }
  const [longest = ''] = [...byName].sort((a, b) => b[1] - a[1])[0] ?? [];
  return { ms: total / 1000, longest };
}

/** The stretches between samples whose stack holds a function of ours. */
function* sampled(
  events: readonly TraceEvent[],
  isOurs: (address: string) => boolean,
): Generator<{ thread: string; span: Span }> {
  interface Profile {
    readonly thread: string;
    atUs: number;
    readonly nodes: Map<number, { readonly isHeld: boolean; readonly name: string }>;
    last: number | null;
  }
  const profiles = new Map<string, Profile>();
  for (const { name, pid, tid, id, args } of events) {
    const key = `${pid}.${id}`;
    if (name === 'Profile')
      profiles.set(key, { thread: `${pid}.${tid}`, atUs: args?.data?.startTime ?? 0, nodes: new Map(), last: null });
    const profile = profiles.get(key);
    if (name !== 'ProfileChunk' || !profile) continue;
    for (const { id: node, parent, callFrame } of args?.data?.cpuProfile?.nodes ?? []) {
      const above = parent === undefined ? undefined : profile.nodes.get(parent);
      const isHeld = above?.isHeld === true || isOurs(callFrame.url ?? '');
      profile.nodes.set(node, { isHeld, name: callFrame.functionName || 'anonymous' });
    }
    const samples = args?.data?.cpuProfile?.samples ?? [];
    for (const [at, deltaUs] of (args?.data?.timeDeltas ?? []).entries()) {
      const from = profile.atUs;
      profile.atUs += deltaUs;
      const node = profile.last === null ? undefined : profile.nodes.get(profile.last);
      if (node?.isHeld === true) yield { thread: profile.thread, span: { from, to: profile.atUs, name: node.name } };
      profile.last = samples[at] ?? null;
    }
  }
}
