/** Devices that tell of this much memory (GB) or less keep no spare box. */
const NO_SPARE_GB = 2;

/** Whether engines are started ahead of need; `deviceMemory` in GB as the browser tells it, undefined where it does not. */
export function canAffordSpare(deviceMemory: number | undefined): boolean {
  return deviceMemory === undefined || deviceMemory > NO_SPARE_GB;
}

/** Of the memory for engines that others hold: above it no machine of 300 MB is made on top of them. */
const COSTLY_SHARE = 0.5;

/** The same for an engine that holds much; `share` is what engines at work have of the memory for all of them. */
export function canAffordCostly(deviceMemory: number | undefined, share: number): boolean {
  return canAffordSpare(deviceMemory) && share < COSTLY_SHARE;
}
