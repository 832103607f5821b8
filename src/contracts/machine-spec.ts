import { LIMITS } from './limits.ts';

export const MACHINE_SPEC_VERSION = 1;

export const MACHINE_PROFILES = ['python-data', 'nodejs-web', 'alpine-dev'] as const;
export type MachineProfile = (typeof MACHINE_PROFILES)[number];

/** What each profile is made of. `memoryMB` is what its start state has: a machine of just that starts at once, any other boots first. */
export const PROFILES: Readonly<
  Record<
    MachineProfile,
    {
      readonly image: 'full' | 'small';
      /** The small image has nothing that speaks to the gate. */
      readonly hasNetwork: boolean;
      readonly memoryMB: number;
      readonly leastMB: number;
      readonly storageMB: number;
    }
  >
> = {
  'python-data': { image: 'full', hasNetwork: true, memoryMB: 256, leastMB: 160, storageMB: 256 },
  'nodejs-web': { image: 'full', hasNetwork: true, memoryMB: 256, leastMB: 160, storageMB: 256 },
  // It has no disk: what is stored lies in its memory, of which half is for that.
  'alpine-dev': {
    image: 'small',
    hasNetwork: false,
    memoryMB: 128,
    leastMB: LIMITS.machineMemoryMB.smallest,
    storageMB: 64,
  },
};

/** A folder of the conversation's files, at a place of the guest's own. */
export interface MachineVolume {
  /** Below /mnt/data, '' for all of it. */
  readonly source: string;
  /** Absolute, in the guest. */
  readonly target: string;
  /** Nothing that runs in the machine changes what is in the folder, by whichever path. */
  readonly isReadOnly: boolean;
}

/** A Linux machine as a person asked for it, in version 1. Made by `readMachineSpec` (read-machine-spec.ts) alone, so everything in it keeps its bounds. */
export interface MachineSpec {
  readonly version: typeof MACHINE_SPEC_VERSION;
  readonly name: string;
  readonly image: MachineProfile;
  readonly memoryMB: number;
  /** Of one processor, above 0 to 1. */
  readonly cpuShare: number;
  /** What may be stored outside of /mnt/data. */
  readonly storageMB: number;
  readonly network: {
    readonly isEnabled: boolean;
    /** Origins to which it is narrowed; none: whatever the conversation may reach. */
    readonly origins: readonly string[];
    /** Of the guest, that a preview may show. */
    readonly ports: readonly number[];
  };
  readonly volumes: readonly MachineVolume[];
  readonly environment: Readonly<Record<string, string>>;
}

/** What of a spec was not taken word for word, each a sentence. */
export interface ReadMachineSpec {
  readonly spec: MachineSpec;
  readonly notes: readonly string[];
}

/** A machine's state among those of its conversation. */
export interface MachineStatus {
  /** Null of the usual machine, which nobody made. */
  readonly spec: MachineSpec | null;
  readonly state: 'stopped' | 'resting' | 'running';
  /** When it was saved last, as it goes on; null where it begins as new. */
  readonly savedAtMs: number | null;
}

/** The machines of a conversation, the usual one first. */
export interface SessionMachines {
  readonly machines: readonly MachineStatus[];
  /** By name, which one its shell and its terminals use; null is the usual one. */
  readonly chosen: string | null;
}

/** The most that a machine may store outside of /mnt/data: of one without a disk it lies in its memory. */
export const mostStorageMB = (image: MachineProfile, memoryMB: number): number =>
  PROFILES[image].image === 'small'
    ? Math.min(LIMITS.machineStorageMB.largest, Math.floor(memoryMB / 2))
    : LIMITS.machineStorageMB.largest;
