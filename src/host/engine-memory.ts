const MB = 1024 * 1024;
const GB = 1024 * MB;
/** Where the browser does not tell (Firefox). */
const UNTOLD_GB = 4;
/** Of a device's memory; the rest is for pages, the browser and everything else. */
const PART_FOR_ENGINES = 1 / 4;

/** Share of the memory for engines that is in use, 0 to 1 and more. Browsers tell of at most 8 GB. */
export function memoryShare(engineBytes: number, deviceMemoryGB: number | undefined): number {
  return engineBytes / ((deviceMemoryGB ?? UNTOLD_GB) * GB * PART_FOR_ENGINES);
}
