import { groupDigits } from '../../base/index.ts';
import type { LeftOut } from './local-folder.ts';

const counted = (count: number, one: string, many: string): string =>
  `${groupDigits(count)} ${count === 1 ? one : many}`;
const files = (count: number): string => counted(count, 'file', 'files');

const WHY: Readonly<Record<LeftOut['why'], string>> = {
  name: 'its name or path is too long',
  'too-large': 'it is larger than a file may be here',
  unread: 'it cannot be read: it was moved or changed meanwhile, is in use or may not be read',
  refused: 'the conversation has something else in its place',
};

/** Every sentence of the page that copies a folder; apart from the others, so that no other surface carries them. */
export const FOLDER_TEXTS = {
  title: 'Add a folder',
  hint: 'The files of a folder of this device are copied to /mnt/data of the conversation from which you opened this page. Nothing is uploaded, and the folder itself stays as it is.',
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
  none: 'There is no file to copy in this folder.',
  noneNew: 'Nothing in this folder is new or changed.',
  same: (count: number) => `${files(count)} ${count === 1 ? 'is' : 'are'} as copied before and stay as they are.`,
  changedHere: (count: number) => `Changed in the conversation since: ${files(count)}`,
  replaceChanged: 'Replace these files of the conversation by those of the folder',
  gone: (count: number) => `Not in the folder any more, and kept in the conversation: ${files(count)}`,
  goesTo: (target: string) => `They go to /mnt/data/${target}.`,
  replaced: (count: number) =>
    `${files(count)} of the conversation ${count === 1 ? 'has' : 'have'} the same name and will be replaced.`,
  skipped: (names: string) => `Skipped, as a program made them: ${names}.`,
  takeAll: 'Copy .git and node_modules too',
  unseen: 'Empty folders and links are not copied: the browser shows no page what a link leads to.',
  tooMuchCount: (room: number) =>
    `The conversation has room for ${files(room)}. Remove some there, or choose a smaller folder.`,
  tooMuchBytes: (room: string) =>
    `The conversation has room for ${room}. Remove files there, or choose a smaller folder.`,
  copy: (count: number) => `Copy ${files(count)}`,
  copying: (done: number, of: number) => `Copying: ${groupDigits(done)} of ${files(of)}`,
  copiedBytes: (done: string, of: string) => `${done} of ${of}`,
  cancel: 'Cancel',
  cancelled: 'Cancelled.',
  cancelledAfter: (done: number, of: number, target: string) =>
    `Cancelled after ${groupDigits(done)} of ${files(of)}. What was copied stays in /mnt/data/${target}.`,
  stoppedAfter: (done: number, of: number) =>
    `Not all was copied: ${groupDigits(done)} of ${files(of)}. What was copied stays.`,
  copied: (count: number, size: string, target: string) => `${files(count)}, ${size}, copied to /mnt/data/${target}.`,
  notRemembered: 'This browser could not remember the folder: all of it will be new the next time.',
  known: 'Copied before',
  knownRow: (target: string, count: number) => `/mnt/data/${target}: ${files(count)}`,
  at: (when: string) => `last copied ${when}`,
  update: 'Update',
  updateLabel: (target: string) => `Update ${target}: copy what changed in the folder`,
  byHand: 'To update it, choose the folder again: only what changed is copied.',
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
