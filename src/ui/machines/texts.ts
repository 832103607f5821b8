import { LIMITS } from '../../contracts/limits.ts';
import type { MachineProfile, MachineStatus } from '../../contracts/machine-spec.ts';

const { machineMemoryMB, machineCpuPercent, machineStorageMB, savedEngineBytes } = LIMITS;
const SAVED_MB = savedEngineBytes.standard / (1024 * 1024);

/** Every sentence of the machines of a conversation. */
export const MACHINE_TEXTS = {
  title: 'Machines',
  close: 'Close',
  button: (chosen: string | null) => (chosen === null ? 'Machines' : `Machine: ${chosen}`),
  buttonHint: 'The Linux machines of this conversation',
  intro:
    'The shell and new terminals of this conversation run in the machine that is in use. All see the files in /mnt/data.',
  reading: 'Reading the machines',
  none: 'There is only the usual machine. Create one of your own for other memory, a share of the processor, variables, folders or hosts.',
  usual: 'Usual machine',
  usualFacts: 'Full Linux, or the small one where memory is short',
  images: {
    'python-data': 'Debian with Python, git and SQLite',
    'nodejs-web': 'The same, for web projects: npm, a server for files',
    'alpine-dev': 'Small: bash and BusyBox',
  } satisfies Readonly<Record<MachineProfile, string>>,
  facts: (image: string, memoryMB: number, percent: number, storageMB: number) =>
    `${image} · ${memoryMB} MB memory · ${percent} % of the processor · ${storageMB} MB storage`,
  network: {
    off: 'no network',
    narrowed: (hosts: string) => `only ${hosts}`,
    ports: (ports: string) => `Preview shows only port ${ports}`,
  },
  states: { stopped: 'stopped', resting: 'paused', running: 'running' } satisfies Readonly<
    Record<MachineStatus['state'], string>
  >,
  inUse: 'chosen',
  saved: (moment: string) => `saved ${moment}`,
  use: 'Use',
  useLabel: (name: string) => `Use ${name}`,
  stop: 'Stop',
  stopLabel: (name: string) => `Save and stop ${name}`,
  stopUnsaved: 'Stop without saving',
  restart: 'Restart',
  restartLabel: (name: string) => `Restart ${name}: from what was saved, or afresh`,
  remove: 'Remove',
  removeLabel: (name: string) => `Remove ${name}`,
  asks: (name: string) =>
    `Remove ${name}? What was installed in it, its variables and its files outside of /mnt/data are lost. Files in /mnt/data stay.`,
  removeNow: 'Remove it',
  keep: 'Keep it',
  working: { stop: (name: string) => `Saving and stopping ${name}`, create: 'Creating the machine' },
  said: {
    created: (name: string, boots: boolean) =>
      boots
        ? `${name} is there. Its first start takes about 5 to 15 seconds, as it boots; later ones are quick.`
        : `${name} is there. It starts as quickly as the usual one.`,
    chosen: (name: string) => `${name} is in use. Terminals that are open stay where they are.`,
    stopped: (name: string) => `${name} was saved and stopped. It goes on when it is used.`,
    stoppedUnsaved: (name: string) => `${name} was stopped. When it is used it goes on as it was saved before.`,
    restarted: (name: string, keepsSaved: boolean) =>
      keepsSaved ? `${name} goes on from what was saved when it is used.` : `${name} begins as new when it is used.`,
    removed: (name: string) => `${name} was removed.`,
  },
  create: 'Create a machine',
  cancel: 'Cancel',
  createNow: 'Create',
  form: {
    name: 'Name',
    nameHint: 'small letters, digits and hyphens',
    image: 'Made of',
    memory: `Memory, MB (up to ${machineMemoryMB.largest})`,
    memoryHint: (usualMB: number) =>
      `With ${usualMB} MB it starts at once; with any other it boots the first time, 5 to 15 seconds.`,
    cpu: `Share of the one processor, % (${machineCpuPercent.smallest}–${machineCpuPercent.largest})`,
    storage: `Storage outside of /mnt/data, MB (${machineStorageMB.smallest}–${machineStorageMB.largest})`,
    storageHint: `It is saved as long as it differs by at most ${SAVED_MB} MB, packed, from how it began.`,
    smallStorage: `This one has no disk: at most half of its memory. It is saved up to ${SAVED_MB} MB, packed.`,
    network: 'May use the network',
    networkHint: 'As far as the conversation may (popup, Network).',
    noNetwork: 'This one reaches no network.',
    hosts: 'Only these hosts (empty: all that the conversation may reach)',
    volumes: 'Folders of /mnt/data, one a line: folder:/place, with :ro read-only',
    environment: 'Variables, one a line: NAME=value',
    more: 'Network, folders, variables',
    asJson: 'Or a whole spec as JSON',
    json: 'Spec as JSON; with one here the fields above do not count',
    jsonExample: '{ "name": "web", "image": "nodejs-web", "resources": { "memory": "512MB", "cpu": "0.5" } }',
  },
  unallowed: (hosts: string) => `It asks for ${hosts}, which this conversation may not reach yet.`,
  allow: 'Allow for this conversation',
  again: 'Try again',
  tools: {
    title: 'Tool pack',
    about: (about: string) =>
      `${about} for every machine of the full Linux: one file, which lies beside the extension where that is released.`,
    absent: (name: string, size: string) => `Not added. Its file is ${name} (${size}).`,
    added: (size: string) => `Added, ${size} on this device. Machines that start from now on have it, in /opt/tools.`,
    adding: 'Comparing and adding the file',
    cancelLabel: 'Cancel adding the tool pack',
    lingers: 'What was removed or replaced stays on the device until the machines that use it are stopped.',
    add: 'Add from a file',
    addAgain: 'Add again',
    remove: 'Remove',
    removeLabel: 'Remove the tool pack',
  },
} as const;
