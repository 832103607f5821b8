/** The time of day, with the day where that was not today. */
export function momentOf(atMs: number): string {
  const at = new Date(atMs);
  const isToday = at.toDateString() === new Date().toDateString();
  const day = isToday ? {} : ({ day: 'numeric', month: 'short' } as const);
  return at.toLocaleString([], { ...day, hour: '2-digit', minute: '2-digit' });
}
