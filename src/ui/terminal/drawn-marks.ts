/** Tells how far a view has drawn: one message at a time, each with the latest number. */
export function createDrawnMarks(tell: (upTo: number) => Promise<unknown>): (upTo: number) => void {
  let latest = 0;
  let told = 0;
  let isTelling = false;
  const pump = async (): Promise<void> => {
    isTelling = true;
    while (told < latest) {
      told = latest;
      await tell(told);
    }
    isTelling = false;
  };
  return (upTo) => {
    latest = Math.max(latest, upTo);
    if (!isTelling) void pump();
  };
}
