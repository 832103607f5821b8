const OPENING = /^\s*(`{3,}|~{3,})[^`]*$/u;

/**
 * The whole of a block of which the page draws only some lines: found in the message's own text by the lines that are
 * drawn, then read from its fence to the fence that closes it. Null where the lines are not there, or there twice.
 */
export function findWholeCode(messageText: string, drawn: string): string | null {
  const lines = messageText.split('\n');
  const wanted = drawn.split('\n');
  const at = placesOf(lines, wanted);
  if (at.length !== 1) return null;
  let open = (at[0] ?? 0) - 1;
  while (open >= 0 && !OPENING.test(lines[open] ?? '')) open -= 1;
  const fence = OPENING.exec(lines[open] ?? '')?.[1];
  if (fence === undefined) return null;
  const closes = (line: string): boolean => {
    const bare = line.trim();
    return bare.length >= fence.length && [...bare].every((sign) => sign === fence[0]);
  };
  const close = lines.findIndex((line, index) => index > open && closes(line));
  return lines.slice(open + 1, close < 0 ? lines.length : close).join('\n');
}

function placesOf(lines: readonly string[], wanted: readonly string[]): number[] {
  const places: number[] = [];
  for (let start = 0; start + wanted.length <= lines.length; start += 1) {
    if (wanted.every((line, offset) => lines[start + offset] === line)) places.push(start);
  }
  return places;
}
