/** Null when the text is no absolute address. */
export function parseAddress(address: string): URL | null {
  return URL.canParse(address) ? new URL(address) : null;
}

/** Path of an address without trailing slashes; empty when the address cannot be read. */
export function pathOf(address: string): string {
  const path = parseAddress(address)?.pathname ?? '';
  let end = path.length;
  while (end > 0 && path[end - 1] === '/') end -= 1;
  return path.slice(0, end);
}
