import { groupDigits } from '../../base/index.ts';
import type { LeftOut } from './local-folder.ts';
import type { NotWritten } from './write-back.ts';

const counted = (count: number, one: string, many: string): string =>
  `${groupDigits(count)} ${count === 1 ? one : many}`;
const files = (count: number): string => counted(count, 'file', 'files');

const WHY: Readonly<Record<LeftOut['why'], string>> = {
  name: 'its name or path is too long',
  'too-large': 'it is larger than a file may be here',
  unread: 'it cannot be read: it was moved or changed meanwhile, is in use or may not be read',
  refused: 'the conversation has something else in its place',
  cut: 'copying it ended half-way, and an earlier copy of it in the conversation may be gone',
};

const WHY_NOT_WRITTEN: Readonly<Record<NotWritten['why'], string>> = {
  device: 'it was changed, removed or made on this device since the folder was copied',
  here: 'it was changed in the conversation after this list was shown',
  link: 'a link stands in its place, which may lead out of the folder',
  case: 'this device has it under a name that differs in large and small letters or accents alone',
  refused: 'this device or the browser does not let it be written',
};

/** Every sentence of the page that copies a folder; apart from the others, so that no other surface carries them. */
export const FOLDER_TEXTS = {
  title: 'Add a folder',
  hint: 'The files of a folder of this device are copied to /mnt/data of the conversation from which you opened this page. Nothing is uploaded, and the folder itself stays as it is until you write back.',
  noConversation: 'Open this page from the popup, at a conversation.',
  choose: 'Choose a folder',
  chooseOther: 'Choose another folder',
  drop: 'Or drop a folder here.',
  noWay: 'This browser gives no folder to a page. Make a zip of the folder, then add that zip in the popup.',
  toPopup: 'Open the popup in a tab',
  said: {
    nothing: '',
    refused: 'The browser did not give this folder. Choose another one.',
    'no-folder': 'This is no folder. Files alone are added in the popup.',
    several: 'One folder at a time: drop a single folder.',
  },
  asking: 'The browser asks whether this page may use the folder. Answer it to go on.',
  listing: (count: number) => `Looking through the folder: ${files(count)} so far`,
  lost: 'The folder cannot be read: it was moved, or the browser may not read it any more.',
  tooMany: (most: number) =>
    `The folder has more than ${files(most)}, more than a conversation takes. Choose a folder in it.`,
  plan: (name: string) => `Copy ${name}`,
  found: (count: number, size: string) => `${files(count)}, ${size}. Nothing is copied yet.`,
  plannedAnew: 'Nothing was copied: the conversation changed after this was shown. It is shown anew.',
  none: 'There is no file to copy in this folder.',
  onlyChangedHere: 'Nothing is copied: the conversation has changed or removed the files below since.',
  noneNew: 'Nothing in this folder is new or changed.',
  same: (count: number) => `${files(count)} ${count === 1 ? 'is' : 'are'} as copied before and stay as they are.`,
  changedHere: (count: number) => `Changed or removed in the conversation since: ${files(count)}`,
  replaceChanged: 'Copy these files of the folder all the same',
  gone: (count: number) => `Not in the folder any more, and kept in the conversation: ${files(count)}`,
  goesTo: (target: string) => `They go to /mnt/data/${target}.`,
  otherName: (target: string, name: string) =>
    `Its copy is ${target}: another folder with the name ${name} was copied into this conversation.`,
  replaced: (count: number) =>
    `${files(count)} of the conversation ${count === 1 ? 'has' : 'have'} the same name and will be replaced.`,
  skipped: (names: string) => `Skipped, as a program made them: ${names}.`,
  takeAll: 'Copy .git and node_modules too',
  unseen: 'Empty folders and links are not copied: the browser shows no page what a link leads to.',
  tooMuchCount: (room: number) =>
    `The conversation has room for ${counted(room, 'file or folder', 'files and folders')} more. Remove some there, or choose a smaller folder.`,
  tooMuchBytes: (room: string) =>
    `The conversation has room for ${room}. Remove files there, or choose a smaller folder.`,
  copy: (count: number) => `Copy ${files(count)}`,
  copying: (done: number, of: number) => `Copying: ${groupDigits(done)} of ${files(of)}`,
  copiedBytes: (done: string, of: string) => `${done} of ${of}`,
  cancel: 'Cancel',
  cancelled: 'Cancelled.',
  broke: 'Something went wrong here. What was copied or written so far is kept. Try again.',
  cancelledAfter: (done: number, of: number, target: string) =>
    `Cancelled after ${groupDigits(done)} of ${files(of)}. What was copied stays in /mnt/data/${target}.`,
  stoppedAfter: (done: number, of: number) =>
    `Not all was copied: ${groupDigits(done)} of ${files(of)}. What was copied stays.`,
  copied: (count: number, size: string, target: string) => `${files(count)}, ${size}, copied to /mnt/data/${target}.`,
  notRemembered: 'This browser could not remember the folder: all of it will be new the next time.',
  notBegun: 'Nothing was copied: the browser could not note that a copying begins. Try again.',
  known: 'Copied before',
  knownRow: (target: string, count: number) => `/mnt/data/${target}: ${files(count)}`,
  at: (when: string) => `last copied ${when}`,
  update: 'Update',
  updateLabel: (target: string) => `Update ${target}: copy what changed in the folder`,
  byHand: 'To update it, choose the folder again: only what changed is copied.',
  back: 'Write back',
  backLabel: (target: string) => `Write back ${target}: show which files would be written to this device`,
  backTitle: (target: string) => `Write ${target} back to this device`,
  backNone: 'Nothing of this folder is new or changed in the conversation.',
  backHint:
    'These files of the conversation replace those of your folder or are added to it. Programs of the conversation may have made them: look at them before you run or open them. Nothing is removed.',
  backFiles: (count: number) => `To be written: ${files(count)}`,
  backRow: (path: string, isNew: boolean, size: string) => `${path} (${isNew ? 'new' : 'changed'}, ${size})`,
  backKept: (count: number) => `Never written, as programs of this device trust what is in them: ${files(count)}`,
  backWrite: (count: number) => `Write ${files(count)} to this device`,
  notAllowed: 'Nothing was written: the browser was not allowed to write to the folder.',
  writing: (done: number, of: number) => `Writing: ${groupDigits(done)} of ${files(of)}`,
  written: (done: number, of: number) => `${groupDigits(done)} of ${files(of)} written to this device.`,
  writtenCancelled: (done: number, of: number) =>
    `Cancelled. ${groupDigits(done)} of ${files(of)} were written to this device.`,
  writtenStopped: (done: number, of: number) =>
    `Not all was written: ${groupDigits(done)} of ${files(of)}. What was written stays.`,
  backNotRemembered:
    'This browser could not remember what was written: it is compared as if both sides had changed it the next time.',
  notWritten: (count: number) => `Not written: ${files(count)}`,
  notWrittenRow: ({ path, why }: NotWritten) => `${path}: ${WHY_NOT_WRITTEN[why]}`,
  forget: 'Forget',
  forgetLabel: (target: string) => `Forget ${target}: its copy stays in the conversation`,
  forgotten: (target: string) => `${target} is forgotten. Its copy stays in the conversation.`,
  notForgotten: 'The browser could not forget this folder. Try again.',
  keepOpen: 'Keep this tab open until all is copied.',
  leftOut: (count: number) => `Not copied: ${files(count)}`,
  leftOutLabel: 'Files that are not copied',
  leftOutRow: ({ path, why }: LeftOut) => `${path}: ${WHY[why]}`,
  again: 'Try again',
} as const;
