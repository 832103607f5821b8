import { MessageWriter } from './message-writer.ts';

/** Numbers that look random and are the same every time. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) | 0;
    return ((state ^ (state >>> 13)) >>> 0) % below;
  };
}

const NAMES = ['a', 'b', 'c', 'd', '..', '.', '', 'a/b', '../x', 'x\0y', 'é', 'n'.repeat(300), '/etc', '%'.repeat(60)];
const TYPES = [
  8, 12, 14, 16, 18, 20, 22, 24, 26, 30, 32, 40, 50, 52, 54, 70, 72, 74, 76, 100, 102, 104, 108, 110, 116, 118, 120,
  122, 6, 0, 255,
];

/** Without a root, folders and files most of the others would come to nothing. */
const USUAL = [104, 110, 110, 110, 14, 14, 14, 72, 72, 74, 12, 12, 118, 118, 118, 116, 116, 40, 26];

/** What a guest that means harm sends: right and wrong messages, cut ones, absurd numbers, few names that meet often. */
export function* hostileRequests(seed: number, count: number): Generator<Uint8Array<ArrayBuffer>> {
  const random = randomFrom(seed);
  const fid = () => random(6);
  const name = () => NAMES[random(random(3) ? 4 : NAMES.length)] ?? '';
  const word = () => (random(4) ? random(4096) : random(2 ** 31) * 2);
  const large = () => (random(5) ? BigInt(random(20_000)) : 1n << BigInt(random(64)));
  const body = (type: number): MessageWriter => {
    const to = new MessageWriter();
    switch (type) {
      case 12:
        return to.u32(fid()).u32(random(3) | (random(4) ? 0 : 0o3000));
      case 14:
        return to.u32(fid()).text(name()).u32(word()).u32(word()).u32(word());
      case 16:
        return to.u32(fid()).text(name()).text(name()).u32(word());
      case 18:
        return to
          .u32(fid())
          .text(name())
          .u32(random(3) ? 0o100644 : word())
          .u32(0)
          .u32(0)
          .u32(0);
      case 20:
        return to.u32(fid()).u32(fid()).text(name());
      case 26: {
        to.u32(fid()).u32(random(512)).u32(word()).u32(word()).u32(word());
        return to.u64(large()).u64(large()).u64(large()).u64(large()).u64(large());
      }
      case 40:
      case 116:
        return to.u32(fid()).u64(large()).u32(word());
      case 72:
        return to.u32(fid()).text(name()).u32(word()).u32(word());
      case 74:
        return to.u32(fid()).text(name()).u32(fid()).text(name());
      case 76:
        return to
          .u32(fid())
          .text(name())
          .u32(random(2) * 0x200);
      case 100:
        return random(20) ? to.u32(random(3)) : to.u32(random(300_000)).text('9P2000.L');
      case 104:
        return to.u32(fid()).u32(fid()).text(name()).text(name()).u32(word());
      case 110: {
        const names = random(20) ? random(random(3) ? 2 : 4) : random(30);
        to.u32(fid()).u32(fid()).u16(names);
        for (let at = 0; at < names; at += 1) to.text(name());
        return to;
      }
      case 118: {
        const length = random(200);
        to.u32(fid())
          .u64(large())
          .u32(random(20) ? length : word());
        return to.bytes(Uint8Array.from({ length }, () => random(256)));
      }
      case 8:
      case 22:
      case 24:
      case 50:
      case 120:
      case 122:
        return to.u32(fid()).u64(large());
      default:
        return to.bytes(Uint8Array.from({ length: random(40) }, () => random(256)));
    }
  };
  yield new MessageWriter().u32(0).u32(0).text('').text('').u32(0).message(104);
  for (let made = 0; made < count; made += 1) {
    const type = random(4) === 0 ? (TYPES[random(TYPES.length)] ?? 0) : (USUAL[random(USUAL.length)] ?? 0);
    const message = random(300) ? body(type).message(type, random(256)) : new Uint8Array(random(8));
    yield random(30) ? message : message.slice(0, random(message.length + 1));
  }
}
