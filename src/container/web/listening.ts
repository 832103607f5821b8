import { LIMITS } from '../../contracts/limits.ts';
import { OWN_PORTS } from '../../contracts/preview.ts';

/** As the kernel writes addresses: words in hexadecimal, each with its last byte first. */
const REACHED = new Set([
  '00000000', // 0.0.0.0
  '0100007F', // 127.0.0.1
  '00000000000000000000000000000000', // [::], which takes IPv4 as well
  '0000000000000000FFFF00000100007F', // [::ffff:127.0.0.1]
]);
const LISTENS = '0A';
const ROW = /^\s*\d+: ([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4}) [0-9A-F:]+ ([0-9A-F]{2}) /gm;

/**
 * Ports on which a connection to the guest's 127.0.0.1 finds a program, ascending, out of the texts of /proc/net/tcp and tcp6. They
 * are of a guest that may have written anything there.
 */
export function listeningPorts(tables: readonly string[]): readonly number[] {
  const ports = new Set<number>();
  for (const table of tables) {
    for (const [, address = '', port = '', state] of table.matchAll(ROW)) {
      if (state === LISTENS && REACHED.has(address)) ports.add(Number.parseInt(port, 16));
    }
  }
  for (const port of [0, ...OWN_PORTS]) ports.delete(port);
  return [...ports].sort((one, other) => one - other).slice(0, LIMITS.previewServers.standard);
}
