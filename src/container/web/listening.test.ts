import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../contracts/limits.ts';
import { listeningPorts } from './listening.ts';

const HEAD = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
const row = (local: string, state = '0A'): string =>
  `   0: ${local} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000     0        0 1 1 00000000 100 0 0 10 0\n`;

describe('which servers listen', () => {
  it('is read from the tables of the kernel, for both kinds of addresses', () => {
    const four = HEAD + row('0100007F:1F40') + row('00000000:0050') + row('0100007F:1F41', '01');
    const six =
      HEAD + row(`${'0'.repeat(32)}:1F42`) + row('0000000000000000FFFF00000100007F:1F43') + row('00000000:0050');
    expect(listeningPorts([four, six])).toEqual([80, 8000, 8002, 8003]);
  });

  it('leaves out what a connection to 127.0.0.1 does not reach, and ports of ours', () => {
    const table = row('0200007F:1F40') + row('0100000A:1F40') + row('00000000000000000000000001000000:1F40');
    expect(listeningPorts([table + row('0200007F:0C38') + row('0100007F:0C38') + row('0100007F:0C39')])).toEqual([]);
  });

  it('believes nothing else, and ends', () => {
    const cut = row('0100007F:1F40').slice(0, 40);
    expect(listeningPorts(['', 'nonsense', cut.slice(0, 25), row('0100007F:0000')])).toEqual([]);
    const many = Array.from({ length: 1_000 }, (_, at) => row(`0100007F:${(0x2000 + at).toString(16).toUpperCase()}`));
    expect(listeningPorts(many)).toHaveLength(LIMITS.previewServers.standard);
  });
});
