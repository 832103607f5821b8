/** Devices that tell of this much memory (GB) or less keep no spare box. */
const NO_SPARE_GB = 2;

/** Whether engines are started ahead of need; `deviceMemory` in GB as the browser tells it, undefined where it does not. */
export function canAffordSpare(deviceMemory: number | undefined): boolean {
  return deviceMemory === undefined || deviceMemory > NO_SPARE_GB;
}
