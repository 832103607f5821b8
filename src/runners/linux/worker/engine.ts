import { V86 } from 'v86';
import {
  type Machine,
  type MachineOptions,
  openMachine,
  type V86Constructor,
} from '../../../container/machine/index.ts';
import type { SaveEnd } from '../../../contracts/runner-protocol.ts';
import { type AskedShare, askShare } from '../../../container/share/ask.ts';
import type { Engine, EngineHost } from '../../kit/worker/index.ts';
import { WHEELS_FILE } from '../wheels-file.ts';
import { Bash } from './bash.ts';
import { bytesOf, readImage, takeToolPack } from './image.ts';
import { joinSession, mountFiles } from './join.ts';
import { Loss, wordsOfLoss } from './loss.ts';
import { syntaxErrorOf } from './program-error.ts';
import { Keeper } from './keeper.ts';
import { openGuest } from './guest.ts';
import { planMachine } from './plan.ts';
import { Rest } from './rest.ts';
import { Programs } from './programs.ts';
import { startMachine } from './start-machine.ts';
import { StartState } from './start-state.ts';
import { Surveyor } from './surveyor.ts';
import { Terminals } from './terminals.ts';
import { ToolPack } from './tool-pack.ts';
import { Wheels } from './wheels.ts';
import { networkEnv, WayOut } from './way-out.ts';
import { Web } from './web.ts';

export const V86_MODULE = 'v86.wasm';
const MB = 1024 * 1024;
const FIRST_WORDS = 'true';

const UNSAVED_NOTICE =
  'This Linux could not be saved when it was paused: what is not in /mnt/data may be gone once the browser is closed.';

const IN_USE: SaveEnd = { end: 'inUse', detail: null };

const NO_WAY_OUT_NOTICE = 'Programs of this Linux cannot ask for the network';

export interface LinuxEngineOptions {
  /** After how long without use the machine stands still; two minutes where nothing is said. */
  readonly restAfterMs?: number;
}

/**
 * One Linux machine for a session, restored from a saved state; programs are a bash's in it, one after the other (decisions 0157,
 * 0160).
 */
export async function createLinuxEngine(host: EngineHost, options: LinuxEngineOptions = {}): Promise<Engine> {
  const wasm = host.modules.get(V86_MODULE);
  if (!wasm) throw new Error(`the machine lacks ${V86_MODULE}`);
  const taking = takeToolPack(host);
  if (taking) await taking;
  const plan = planMachine(host.machine, readImage(host, wasm));
  const { image } = plan;
  let share: AskedShare | null = null;
  const sharing = host.filesPort.then((port) => (share = askShare(port)));
  const start = new StartState(image, plan);
  void host.saved.then((saved) => start.offer(saved?.state ?? null));
  const loss = new Loss((why) => host.tellBroken(why));
  image.disk?.ready?.catch((error: unknown) => loss.tell(`could not read its disk\n${String(error)}`));
  const open = (from: Pick<MachineOptions, 'state' | 'boot'>): Promise<Machine> =>
    openMachine({
      onLoss: (said) => {
        if (isJoined) loss.tell(wordsOfLoss(said));
      },
      // It may have been put back by now, but what the session kept in it is gone.
      onFailure: (said) => {
        // What was saved did not work, and the image's own state does: nothing of the session is lost by it.
        if (said.outcome !== 'restored' || isJoined || !start.isTrying) loss.note(wordsOfLoss(said.loss));
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
      share: (request, reply) => {
        // At once where it is there: the guest waits.
        if (share) share.serve(request, reply);
        else void sharing.then(({ serve }) => serve(request, reply));
      },
      shareSettled: () => share?.settled() ?? null,
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
  const programs = new Programs({
    host,
    guest,
    image: image.name,
    bash,
    boundOf: (askedMB) => plan.boundOf(askedMB),
    takeNotices: () => {
      const unsaved = keeper.takeProblem() === null ? null : UNSAVED_NOTICE;
      return [...notices.splice(0), unsaved, tools.takeProblem()].filter((notice) => notice !== null);
    },
    lost: () => loss.error(),
  });
  const wheels = new Wheels({ load: () => host.loadPart(WHEELS_FILE), wasm });
  const wayOut = new WayOut({
    image: image.name,
    listen: (port, take) => machine.listen(port, take),
    ask: (request) => host.network(request),
    bundled: (url) => wheels.answer(url),
    hasInstead: (url) => wheels.hasInstead(url),
    whoAsks: () => programs.teller(),
  });
  const openWayOut = (): Promise<void> =>
    wayOut.listen().catch((error: unknown) => void notices.push(`${NO_WAY_OUT_NOTICE} (${String(error)})`));
  const mount = (): Promise<void> => mountFiles(machine, host.mountPath);
  const surveyor = new Surveyor({
    survey: (dropsCaches) => machine.survey(dropsCaches),
    tell: (usage) => host.tellMachineUsage(usage),
  });
  let isWanted = false;
  /**
   * The files of its session are there, and what an earlier machine of it saved; of a machine that was made ahead of need perhaps
   * much later.
   */
  const joined = host.filesPort.then(async () => {
    isWanted = true;
    await machine.run();
    const failed = await joinSession({ host, machine, guest, plan, start, tools, mount, notices });
    if (failed !== null) return loss.note(failed);
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
      loss.tell(`lost the session’s files while it was saved\n${why}`);
      await machine.dispose();
    },
    keep: (saved) => host.keep(saved),
  });
  /** Of the last who waits for a save; who waited before hears of it when the machine stands. */
  let onTaken = (): void => undefined;
  const rest = new Rest({
    stop: async () => {
      surveyor.pause();
      await keeper.save(() => onTaken());
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
      if (loss.isKnown) throw await loss.error();
      keeper.changed();
      return use();
    });
  const save = async (isWanted: boolean): Promise<SaveEnd> => {
    await joined;
    if (loss.isKnown) throw await loss.error();
    if (isWanted) {
      keeper.changed();
      await rest.during(async () => undefined);
    }
    // It is answered once it is saved; what a next program begins with may still be read.
    const taken = new Promise<SaveEnd>((settle) => (onTaken = () => settle(keeper.ended)));
    const stood = rest.now().then((stands): SaveEnd | Promise<SaveEnd> => (stands ? keeper.ended : IN_USE));
    return Promise.race([taken, stood]);
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
  return {
    version: plan.version,
    memoryBytes: () => image.memoryMB * MB,
    programBytes: () => programs.bytes,
    waitedMs: () => programs.waitedMs(),
    terminal: (id, request) => terminals.take(id, request),
    web: (id, request) => web.take(id, request),
    save,
    execute(request) {
      programs.begin();
      return during(() => programs.run(request));
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
