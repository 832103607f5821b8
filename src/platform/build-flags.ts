/** What differs between builds of one source. Everything is off in production. */
export interface BuildFlags {
  /** Counts of failures may be sent to a collector. Nothing is built that would. */
  readonly telemetry: boolean;
  /** More is written to the console: never contents, only shapes. */
  readonly debug: boolean;
  /** The Linux container may reach the network. */
  readonly containerNetworking: boolean;
  /** Exports may be encrypted with a password. */
  readonly encryptedExports: boolean;
}

const NONE: BuildFlags = { telemetry: false, debug: false, containerNetworking: false, encryptedExports: false };

/** The flags of a build mode, as `--mode` names it; of an unknown one those of production. */
export function flagsOf(mode: string): BuildFlags {
  if (mode === 'development') return { ...NONE, debug: true, encryptedExports: true };
  if (mode === 'staging') return { ...NONE, debug: true };
  return NONE;
}

/** Put in by the build (wxt.config.ts); missing where code runs without one, as in tests. */
declare const __BUILD_FLAGS__: BuildFlags | undefined;

/** This build's. */
export const BUILD_FLAGS: BuildFlags = typeof __BUILD_FLAGS__ === 'undefined' ? NONE : __BUILD_FLAGS__;
