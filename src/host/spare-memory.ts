import type { Settings } from '../contracts/settings.ts';
import { chooseStart } from '../runners/python/index.ts';

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

/**
 * Whether a new machine has the small image: where memory is short, or where a phone does not tell whether it is (Firefox for Android):
 * what holds most in the background is what Android ends first (decision 0168).
 */
export function isShortForLinux(
  setting: Settings['pythonStart'],
  deviceMemory: number | undefined,
  userAgent: string,
): boolean {
  const isUntoldPhone = deviceMemory === undefined && /\bAndroid\b/u.test(userAgent);
  return chooseStart(setting, deviceMemory) === 'base' || (setting === 'auto' && isUntoldPhone);
}
