import { LIMITS } from '../contracts/limits.ts';

const SAVED_MB = LIMITS.savedEngineBytes.standard / (1024 * 1024);

/** What is said of a Linux that is short of something, on every surface that shows it. */
export const MACHINE_ALERT_TEXTS = {
  memory: 'Linux has little memory left: end programs that you no longer need.',
  cpu: 'Programs keep the processor of Linux busy.',
  storage: `The disk of Linux is nearly full: remove what you no longer need outside of /mnt/data. With more than ${SAVED_MB} MB of its own, packed, it cannot be saved.`,
} as const;

/** Of the choice what a Linux goes on from. */
export const RESTART_TEXTS = {
  title: (name: string) => `Restart ${name}`,
  asks: (savedAt: string) =>
    `It ends with all that runs in it. What came after it was saved (${savedAt}) is lost: variables, and files outside of /mnt/data. Files in /mnt/data stay.`,
  asksUnsaved:
    'It ends with all that runs in it and begins as new. Nothing of it was saved: its variables and its files outside of /mnt/data are lost. Files in /mnt/data stay.',
  sure: (savedAt: string) =>
    `Start afresh? What was saved of it (${savedAt}) is lost too: what was installed in it, its variables and its files outside of /mnt/data.`,
  fromSaved: 'Restart from what was saved',
  afresh: 'Start afresh',
  sureAfresh: 'Forget it and start afresh',
  leave: 'Leave it as it is',
} as const;

/** Of the rows with what it uses. */
export const MACHINE_METER_TEXTS = {
  memory: 'Linux memory',
  cpu: 'Linux processor',
  storage: 'Linux disk',
  network: 'Linux network',
  of: (used: string, most: string) => `${used} of ${most}`,
  share: (name: string, percent: number) => `${name}: ${percent} %`,
  requests: (name: string, count: number) =>
    `${name}: ${count === 1 ? '1 request' : `${count} requests`} since it started`,
  paused: 'paused',
  lookAt: 'Look in a terminal',
} as const;

/** Of saving the machine of the conversation in front. */
export const SAVING_TEXTS = {
  save: 'Save machine',
  saveHint: 'Linux goes on from here, also after the browser was closed. Files in /mnt/data are always kept.',
  endAndSave: 'Close terminals and save',
  endAndSaveHint: 'Ends each terminal that waits at its prompt. What still runs goes on, and then nothing is saved.',
  saving: 'Saving Linux',
  saved: (at: string) => `Linux: saved ${at}`,
  unsaved: 'Linux: not saved yet',
  why: {
    busy: 'It cannot be saved while a terminal, a program or a preview is open in it.',
    'in-use': 'Something was left running in it when it was to be saved.',
    failed: 'It could not be saved when that was last tried.',
  },
  gone: 'There was nothing to save: this Linux was ended.',
} as const;
