// What both ends of a share's port know of 9P2000.L beyond its messages: which need no answer, and which comes next.
import {
  type Asked,
  ATTRIBUTES_BYTES,
  answerOf,
  CLUNK,
  forRequest,
  GET_ATTRIBUTES,
  HEADER_BYTES,
  isAnswer,
  messagesOf,
  OPEN,
  CREATE,
  READ,
  sizeOf,
  USAGE,
  viewOf,
  WALK,
  WRITE,
} from './asked.ts';
import { Writer } from './reply.ts';

/** All that Linux ever asks for. */
const ALL_ATTRIBUTES = 0x3fff;
const QID_BYTES = 13;
/** Of the answer to how full a tree is: where the length of a block, and the number of free ones, are. */
const [BLOCK_AT, FREE_AT] = [HEADER_BYTES + 4, HEADER_BYTES + 16];
/** Of attributes: behind which of them are valid, a qid, and what else comes before the size. */
const SIZE_AT = HEADER_BYTES + 8 + QID_BYTES + 28;

/** So many requests that nobody waits for go before another at most. */
export const MOST_BEFORE = 15;
/** So many answers follow the one that was asked for at most. */
const MOST_ALONG = 2;

/** Linux asks next within the same system call; what it does not ask so soon it is told anew. */
export const FORESEEN_MS = 50;

/** The answer to a clunk. */
export const letGo = (tag: number): Uint8Array => new Writer(0).finish(answerOf(CLUNK), tag);

/** The answer to a walk of no names. */
export const cloned = (tag: number): Uint8Array => new Writer(2).u16(0).finish(answerOf(WALK), tag);

/** The answer to a write of so many bytes. */
export const wrote = (tag: number, count: number): Uint8Array => new Writer(4).u32(count).finish(answerOf(WRITE), tag);

/** What was foreseen came. */
export interface Known {
  readonly answer: Uint8Array;
  /** What the host hears instead of what was asked. */
  readonly owes: Uint8Array | null;
  /** What comes after that. */
  readonly then: Foreseen | null;
}

/** The answer to the next request, where it is the one that was foreseen. */
export type Foreseen = (asked: Asked) => Known | null;

const known = (answer: Uint8Array): Known => ({ answer, owes: null, then: null });

/** What the host sent along with an answer. */
export interface Along {
  readonly attributes: Uint8Array | null;
  /** By the attributes. */
  readonly sizeBytes: number | null;
  /** Bytes that the tree has room for. */
  readonly freeBytes: number | null;
}

/** The first message of an answer; what follows is foreseen. */
export const wholeOf = (answer: Uint8Array): Uint8Array => answer.subarray(0, sizeOf(answer));

export function alongWith(answer: Uint8Array): Along {
  const all = messagesOf(answer.subarray(sizeOf(answer)), MOST_ALONG) ?? [];
  const attributes = all.find((message) => isAnswer(message, GET_ATTRIBUTES)) ?? null;
  const usage = all.find((message) => isAnswer(message, USAGE));
  return {
    attributes,
    sizeBytes: attributes && Number(viewOf(attributes).getBigUint64(SIZE_AT, true)),
    freeBytes: usage ? freeBytesOf(viewOf(usage)) : null,
  };
}

const freeBytesOf = (usage: DataView): number =>
  usage.getUint32(BLOCK_AT, true) * Number(usage.getBigUint64(FREE_AT, true));

/**
 * Linux asks for the attributes of whatever it walked to, which the host sends along. It walks to what it made, from the folder
 * (`madeFrom`, whose other name made it), and asks for its attributes. And it reads again after fewer bytes than it asked for, for the
 * rest, to meet the end of the file there. All of these come within one system call, so that a program does not see what was so before
 * its question. A program that reads a file without blocking makes a call of its own of the second, and mostly asks for as much again;
 * one that asks for the rest may meet an end that was one 50 ms ago.
 */
export function foresee(
  asked: Asked,
  answer: Uint8Array,
  { attributes }: Along,
  madeFrom: number | null,
): Foreseen | null {
  const { kind, toFid } = asked;
  if (kind === 'create' && attributes && madeFrom !== null)
    return inTime(walkToMade(asked, answer, attributes, madeFrom));
  if (kind === 'walk' && attributes && toFid !== null) return inTime(attributesOf(toFid, attributes));
  return kind === 'read' && isAnswer(answer, READ) ? restOf(asked, viewOf(answer).getUint32(HEADER_BYTES, true)) : null;
}

function inTime(foreseen: Foreseen): Foreseen {
  const untilMs = performance.now() + FORESEEN_MS;
  return (next) => (performance.now() < untilMs ? foreseen(next) : null);
}

/** The host hears of another name of the open file, which it has even where others removed it meanwhile. */
function walkToMade(made: Asked, answer: Uint8Array, attributes: Uint8Array, madeFrom: number): Foreseen {
  return ({ kind, fid, name, toFid, tag }) => {
    if (kind !== 'walk' || fid !== madeFrom || name !== made.name || toFid === null) return null;
    const walked = new Writer(2 + QID_BYTES).u16(1);
    walked.space(QID_BYTES).set(answer.subarray(HEADER_BYTES, HEADER_BYTES + QID_BYTES));
    return {
      answer: walked.finish(answerOf(WALK), tag),
      owes: new Writer(10).u32(made.fid).u32(toFid).u16(0).finish(WALK, tag),
      then: inTime(attributesOf(toFid, attributes)),
    };
  };
}

function restOf(asked: Asked, count: number): Foreseen | null {
  if (count === 0 || count >= asked.count) return null;
  const [end, rest] = [asked.position + count, asked.count - count];
  return inTime((next) => {
    const isRest = next.kind === 'read' && next.fid === asked.fid && next.position === end && next.count === rest;
    return isRest ? known(new Writer(4).u32(0).finish(answerOf(READ), next.tag)) : null;
  });
}

function attributesOf(of: number, attributes: Uint8Array): Foreseen {
  return ({ kind, fid, tag }) => {
    if (kind !== 'attributes' || fid !== of) return null;
    return known(forRequest(tag, attributes));
  };
}

/**
 * For the host: the requests that go together. The last one keeps the buffer, whose memory is its own. Null where they do not fill it, or
 * are more than ever go together.
 */
export function together(requests: Uint8Array): Uint8Array[] | null {
  const all = messagesOf(requests, MOST_BEFORE + 1);
  return all?.map((request, at) => (at === all.length - 1 ? request : request.slice())) ?? null;
}

/**
 * For the host: what it asks itself after a request was granted, to send the answers along. The attributes of what was walked to or made;
 * and for who writes, how long the file and how full the tree is.
 */
export function nextAfter(asked: Asked, answer: Uint8Array): Uint8Array<ArrayBuffer>[] {
  if (asked.kind === 'walk' && asked.toFid !== null && isAnswer(answer, WALK)) {
    const wentAllTheWay = viewOf(answer).getUint16(HEADER_BYTES, true) === asked.names;
    return wentAllTheWay ? [askAttributes(asked.toFid)] : [];
  }
  const { fid } = asked;
  if (isAnswer(answer, WRITE)) return [askUsage(fid)];
  if (!isAnswer(answer, CREATE) && !isAnswer(answer, OPEN)) return [];
  if (asked.writes) return [askAttributes(fid), askUsage(fid)];
  return isAnswer(answer, CREATE) ? [askAttributes(fid)] : [];
}

const askAttributes = (fid: number): Uint8Array<ArrayBuffer> =>
  new Writer(ATTRIBUTES_BYTES - HEADER_BYTES).u32(fid).u64(ALL_ATTRIBUTES).finish(GET_ATTRIBUTES, 0);

const askUsage = (fid: number): Uint8Array<ArrayBuffer> => new Writer(4).u32(fid).finish(USAGE, 0);

/** True for what was answered to what `nextAfter` asked for. */
export const goesAlong = (answer: Uint8Array): boolean => isAnswer(answer, GET_ATTRIBUTES) || isAnswer(answer, USAGE);
