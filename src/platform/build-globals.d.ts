/** Replaced by the build, so that what the other browser needs is left out. */
interface ImportMetaEnv {
  readonly FIREFOX: boolean;
}
