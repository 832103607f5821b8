import type { Machine } from '../../../container/machine/index.ts';
import type { EngineHost } from '../../kit/worker/index.ts';
import type { Guest } from './guest.ts';
import type { Image } from './image.ts';
import type { MachinePlan } from './plan.ts';
import type { StartState } from './start-state.ts';
import type { ToolPack } from './tool-pack.ts';

/** No caches: others write to the same files, and what they write is seen at once. */
const MOUNT_OPTIONS = 'trans=virtio,version=9p2000.L,msize=262144,cache=none,access=client';

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

/** Puts the session's files in their place. */
export const mountFiles = (machine: Pick<Machine, 'mount'>, mountPath: string): Promise<void> =>
  machine.mount({ source: 'host9p', target: mountPath, type: '9p', options: MOUNT_OPTIONS });

export interface Joining {
  readonly host: Pick<EngineHost, 'saved' | 'keep' | 'mountPath'>;
  readonly machine: Pick<Machine, 'reset'>;
  readonly guest: Pick<Guest, 'exec'>;
  readonly plan: Pick<MachinePlan, 'image' | 'setUp'>;
  readonly start: StartState;
  readonly tools: Pick<ToolPack, 'mount'>;
  readonly mount: () => Promise<void>;
  /** Takes what the first program is told. */
  readonly notices: string[];
}

/**
 * Gives a machine that runs what is its session's: its files, and what an earlier machine of it saved. Null, or why the machine is of no
 * use to it. Rejects where the files cannot be put in place.
 */
export async function joinSession(joining: Joining): Promise<string | null> {
  const { host, machine, guest, plan, start, tools, notices } = joining;
  const saved = await host.saved;
  start.offer(saved?.state ?? null);
  // Once more where a loss before it had it put back already, by then perhaps to the image's own state.
  while (start.isWaiting) await machine.reset();
  await mountInWhatStarts(joining);
  // A person's alone to let go: the first program fails for it, is told how, and may be run again.
  if (start.passedOver === 'failed') return UNUSED;
  if (start.isOfOtherImage) notices.push(OTHER_NOTICE[plan.image.name]);
  else if (start.passedOver === 'unreadable') {
    notices.push(USELESS_NOTICE);
    host.keep(null);
  } else if (saved) notices.push(resumedNotice(saved.atMs));
  await tools.mount();
  notices.push(...(await plan.setUp(guest, host.mountPath)));
  start.confirm();
  return null;
}

/** What was saved may run and take no files: it is put back again, and at last to the image's own state. */
async function mountInWhatStarts({ machine, start, mount }: Joining): Promise<void> {
  for (;;)
    try {
      return await mount();
    } catch (error) {
      if (!start.isOnSaved || !start.isTrying) throw error;
      await machine.reset();
    }
}
