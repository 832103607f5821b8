import { V86 } from 'v86';
import {
  type ExecEnd,
  type MachineFailure,
  type Machine,
  type MachineOptions,
  openMachine,
  type V86Constructor,
} from '../../../container/machine/index.ts';
import type { SaveEnd } from '../../../contracts/runner-protocol.ts';
import { askShare } from '../../../container/share/ask.ts';
import type { CellResult, Engine, EngineHost, EngineRequest } from '../../kit/worker/index.ts';
import { WHEELS_FILE } from '../wheels-file.ts';
import { Bash } from './bash.ts';
import { bytesOf, type Image, readImage, takeToolPack } from './image.ts';
import { memoryError, syntaxErrorOf } from './program-error.ts';
import { Keeper } from './keeper.ts';
import { openGuest } from './guest.ts';
import { planMachine } from './plan.ts';
import { Rest } from './rest.ts';
import { runProgram } from './run-program.ts';
import { startMachine } from './start-machine.ts';
import { StartState } from './start-state.ts';
import { Surveyor } from './surveyor.ts';
import { Terminals } from './terminals.ts';
import { ToolPack } from './tool-pack.ts';
import { Wheels } from './wheels.ts';
import { networkEnv, WayOut } from './way-out.ts';
import { Web } from './web.ts';

export const V86_MODULE = 'v86.wasm';
const KIB = 1024;
const MB = 1024 * KIB;
/** bash ends so when it cannot read its program; other programs may too, so it is asked then. */
const SYNTAX_EXIT = 2;
/** No caches: others write to the same files, and what they write is seen at once. */
const MOUNT_OPTIONS = 'trans=virtio,version=9p2000.L,msize=262144,cache=none,access=client';
/** What a shell says of a program that a signal ended: 128 and its number. */
const SIGNALLED = 128;

const FIRST_WORDS = 'true';

const resumedNotice = (atMs: number): string =>
  `This Linux goes on as it was saved (${new Date(atMs).toLocaleString()}). Of what came after that, only /mnt/data is there.`;
const USELESS_NOTICE =
  'What was kept of this conversation’s Linux could not be used, so it starts anew. Its files in /mnt/data are all there.';
const OTHER_NOTICE: Readonly<Record<Image['name'], string>> = {
  small:
    'This conversation’s full Linux is kept, but the settings or the memory now ask for the small one, which starts anew. Its files in /mnt/data are all there. Once the small one is saved it takes the place of the full one.',
  full: 'This conversation’s small Linux is kept, but the full one is used now, which starts anew. Its files in /mnt/data are all there. Once the full one is saved it takes the place of the small one.',
};
const UNUSED = 'did not start from what was saved of it';
const UNSAVED_NOTICE =
  'This Linux could not be saved when it was paused: what is not in /mnt/data may be gone once the browser is closed.';

const NO_WAY_OUT_NOTICE = 'Programs of this Linux cannot ask for the network';

const LOSSES: Readonly<Record<MachineFailure['loss']['kind'], string>> = {
  hung: 'hung',
  panicked: 'panicked',
  faulted: 'faulted',
  hostile: 'broke the rules of its channel',
};

export interface LinuxEngineOptions {
  /** After how long without use the machine stands still; two minutes where nothing is said. */
  readonly restAfterMs?: number;
}

/** One Linux machine for a session, restored from a saved state; programs are a bash's in it, one after the other (decisions 0157, 0160). */
export async function createLinuxEngine(host: EngineHost, options: LinuxEngineOptions = {}): Promise<Engine> {
  const wasm = host.modules.get(V86_MODULE);
  if (!wasm) throw new Error(`the machine lacks ${V86_MODULE}`);
  const taking = takeToolPack(host);
  if (taking) await taking;
  const plan = planMachine(host.machine, readImage(host, wasm));
  const { image } = plan;
  const share = host.filesPort.then(askShare);
  const start = new StartState(image, plan);
  void host.saved.then((saved) => start.offer(saved?.state ?? null));
  let hasFailed = false;
  /** What the machine did, and what is known of it. */
  const failure = Promise.withResolvers<string>();
  const broke = (why: string): void => {
    hasFailed = true;
    failure.resolve(why);
    host.tellBroken(`the machine ${why}`);
  };
  image.disk?.ready?.catch((error: unknown) => broke(`could not read its disk\n${String(error)}`));
  const open = (from: Pick<MachineOptions, 'state' | 'boot'>): Promise<Machine> =>
    openMachine({
      onLoss: (loss) => {
        if (isJoined) broke(`${LOSSES[loss.kind]}\n${loss.detail}`);
      },
      // It may have been put back by now, but what the session kept in it is gone.
      onFailure: (said) => {
        // What was saved did not work, and the image's own state does: nothing of the session is lost by it.
        if (hasFailed || (said.outcome === 'restored' && !isJoined && start.isTrying)) return;
        hasFailed = true;
        failure.resolve(`${LOSSES[said.loss.kind]}\n${said.loss.detail}`);
      },
      // Its own types leave out what a machine is opened with here.
      V86: V86 as unknown as V86Constructor,
      wasm,
      bios: bytesOf(host, 'bios.bin'),
      vgaBios: bytesOf(host, 'vgabios.bin'),
      ...from,
      ...plan.bounds,
      disk: image.disk,
      memoryMB: image.memoryMB,
      vgaMemoryMB: image.vgaMemoryMB,
      share: (request, reply) => void share.then((served) => served(request, reply)),
    });
  let isJoined = false;
  /** For the next program. */
  const notices = plan.notice === null ? [] : [plan.notice];
  const machine = await startMachine({ plan, state: start, saved: host.saved, open });
  const guest = openGuest(machine, { ...networkEnv(image.name), ...plan.environment });
  const bash = new Bash(guest, host.mountPath);
  const tools = new ToolPack({
    guest,
    machine,
    readFile: guest.readFile,
    at: image.tools?.at ?? null,
    problem: () => image.tools?.problem() ?? null,
  });
  /** What the program that runs was told of the network by now; null while none does. */
  let told: Set<string> | null = null;
  const wheels = new Wheels({ load: () => host.loadPart(WHEELS_FILE), wasm });
  const wayOut = new WayOut({
    image: image.name,
    listen: (port, take) => machine.listen(port, take),
    ask: (request) => host.network(request),
    bundled: (url) => wheels.answer(url),
    hasInstead: (url) => wheels.hasInstead(url),
    whoAsks: () => {
      const asking = told;
      return (sentence) => {
        // Of a program that has ended, or of none: it stands in no other one's card.
        if (asking === null || asking !== told) return;
        if (!asking.has(sentence)) host.notice(sentence);
        asking.add(sentence);
      };
    },
  });
  const openWayOut = (): Promise<void> =>
    wayOut.listen().catch((error: unknown) => void notices.push(`${NO_WAY_OUT_NOTICE} (${String(error)})`));
  const mount = (): Promise<void> =>
    machine.mount({ source: 'host9p', target: host.mountPath, type: '9p', options: MOUNT_OPTIONS });
  /** What was saved may run and take no files: it is put back again, and at last to the image's own state. */
  const mountInWhatStarts = async (): Promise<void> => {
    for (;;)
      try {
        return await mount();
      } catch (error) {
        if (!start.isOnSaved || !start.isTrying) throw error;
        await machine.reset();
      }
  };
  const surveyor = new Surveyor({
    survey: (dropsCaches) => machine.survey(dropsCaches),
    tell: (usage) => host.tellMachineUsage(usage),
  });
  let isWanted = false;
  /** The files of its session are there, and what an earlier machine of it saved; of a machine that was made ahead of need perhaps much later. */
  const joined = host.filesPort.then(async () => {
    isWanted = true;
    await machine.run();
    const saved = await host.saved;
    start.offer(saved?.state ?? null);
    if (start.isWaiting) await machine.reset();
    await mountInWhatStarts();
    if (start.passedOver === 'failed') {
      // A person's alone to let go: the first program fails for it, is told how, and may be run again.
      hasFailed = true;
      failure.resolve(UNUSED);
      return;
    }
    if (start.isOfOtherImage) notices.push(OTHER_NOTICE[image.name]);
    else if (start.passedOver === 'unreadable') {
      notices.push(USELESS_NOTICE);
      host.keep(null);
    } else if (saved) notices.push(resumedNotice(saved.atMs));
    await tools.mount();
    notices.push(...(await plan.setUp(guest, host.mountPath)));
    start.confirm();
    isJoined = true;
    bash.prepare({ isNew: !start.isOnSaved });
    void openWayOut();
    surveyor.begin();
  });
  joined.catch(() => undefined); // told to the first program
  if (await isAhead(host.filesPort)) {
    // What starts a shell is compiled by this; then it stands still and takes no processor time until it is wanted.
    await bash.complaint(FIRST_WORDS);
    if (!isWanted) await machine.stop();
  } else await joined;
  const lost = async (): Promise<Error> => new Error(`the machine ${await failure.promise}`);
  const keeper = new Keeper({
    machine,
    bash: {
      leave: () => {
        wayOut.close();
        return bash.leave();
      },
      prepare: () => {
        void openWayOut();
        bash.prepare();
      },
      complaint: (code) => bash.complaint(code),
    },
    image,
    tools,
    mountPath: host.mountPath,
    mount,
    lose: async (why) => {
      broke(`lost the session’s files while it was saved\n${why}`);
      await machine.dispose();
    },
    keep: (saved) => host.keep(saved),
  });
  const rest = new Rest({
    stop: async () => {
      surveyor.pause();
      await keeper.save();
      await machine.stop();
    },
    async run() {
      await machine.run();
      if (isJoined) surveyor.begin();
    },
    isBusy: () => guest.isBusy(bash.waiting),
    tell: (isResting) => host.tellResting(isResting),
    afterMs: options.restAfterMs,
  });
  const during = <T>(use: () => Promise<T>): Promise<T> =>
    rest.during(async () => {
      await joined;
      if (hasFailed) throw await lost();
      keeper.changed();
      return use();
    });
  const save = async (isWanted: boolean): Promise<SaveEnd> => {
    await joined;
    if (hasFailed) throw await lost();
    if (isWanted) {
      keeper.changed();
      await rest.during(async () => undefined);
    }
    return (await rest.now()) ? keeper.ended : { end: 'inUse', detail: null };
  };
  const terminals = new Terminals({
    guest,
    cwd: host.mountPath,
    during,
    tell: (id, news) => host.tellTerminal(id, news),
    notice: plan.notice,
  });
  const web = new Web({
    connect: (port, take) => machine.connect(port, take),
    readFile: guest.readFile,
    during,
    stayUp: (use) => rest.stayUp(use),
    isResting: () => rest.isResting,
    tell: (id, news, transfer) => host.tellWeb(id, news, transfer),
  });
  /** Of all programs before, and of this one. */
  let cpuBeforeMs = 0;
  let cpuMs = 0;
  /** The most memory of the program that runs or ran last. */
  let programBytes = 0;
  const execute = async ({
    code,
    memoryMB: askedMB,
    isInputGiven,
    isInputEmpty,
  }: EngineRequest): Promise<CellResult> => {
    const memoryMB = plan.memoryMB(askedMB);
    if (keeper.takeProblem() !== null) notices.push(UNSAVED_NOTICE);
    for (const notice of [...notices.splice(0), tools.takeProblem()]) if (notice !== null) host.notice(notice);
    told = new Set();
    const end = await runProgram(
      host,
      guest,
      (output) => bash.start({ code, memoryMB, hasNoInput: isInputEmpty }, output),
      {
        // It has none then: nothing is written to it, and its end needs none.
        isInputGiven: isInputGiven && !isInputEmpty,
        asksForInput: !isInputGiven,
        onUsage: (used) => ({ cpuMs, memoryBytes: programBytes } = used),
      },
    ).finally(() => (told = null));
    if (end.kind === 'lost') throw await lost();
    if ('usage' in end) programBytes = end.usage.peakMemoryKiB * KIB;
    bash.prepare();
    const cell = cellOf(end, memoryMB);
    if (cell.exitCode !== SYNTAX_EXIT || host.shouldStop()) return cell;
    const complaint = await bash.complaint(code);
    return complaint === null ? cell : { ...cell, error: syntaxErrorOf(complaint) };
  };
  return {
    version: plan.version,
    memoryBytes: () => image.memoryMB * MB,
    programBytes: () => programBytes,
    // Counted from any moment: what it grows by is what counts.
    waitedMs: () => performance.now() - cpuBeforeMs - cpuMs,
    terminal: (id, request) => terminals.take(id, request),
    web: (id, request) => web.take(id, request),
    save,
    execute(request) {
      cpuBeforeMs += cpuMs;
      [cpuMs, programBytes] = [0, 0];
      return during(() => execute(request));
    },
    validate: (code) =>
      during(async () => {
        const complaint = await bash.complaint(code);
        return complaint === null ? null : syntaxErrorOf(complaint);
      }),
  };
}

/** Whether a machine is up before it has a session: no task of its port has come. */
const isAhead = (filesPort: Promise<MessagePort>): Promise<boolean> =>
  Promise.race([filesPort.then(() => false), new Promise<boolean>((settle) => void setTimeout(() => settle(true)))]);

function cellOf(end: Exclude<ExecEnd, { kind: 'lost' }>, memoryMB: number): CellResult {
  if (end.kind === 'refused') throw new Error(`the guest refused the program: ${end.detail}`);
  const exitCode = end.kind === 'exited' ? end.code : SIGNALLED + end.signal;
  const isFull = end.usage.outOfMemoryKills > 0 && exitCode !== 0;
  return { exitCode, result: null, error: isFull ? memoryError(memoryMB) : null };
}
