import type { LanguageCapabilities } from '../contracts/doors/engine.ts';
import type { Runner } from '../contracts/runner.ts';

/** Which languages there is an engine for, and what each can do, as the manifests say it. */
export function capabilitiesOf(runners: readonly Pick<Runner, 'manifest'>[]): readonly LanguageCapabilities[] {
  return runners.flatMap(({ manifest }) =>
    manifest.languages.map((language) => {
      const { keepsVariables, readsInput, showsFigures, hostFunctions, network } = manifest.capabilities;
      const { id: runner, memoryMB, cannot } = manifest;
      return { language, runner, keepsVariables, readsInput, showsFigures, hostFunctions, network, memoryMB, cannot };
    }),
  );
}
