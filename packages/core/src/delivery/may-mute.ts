import type { DeliverySetup } from '../channel/channel.ts';
import type { Layers } from '../layers/layers.ts';

/** Whether a failed test may be one whose failures do not count, which only a list can tell. */
export function mayMute({ config, env }: DeliverySetup, layers: Layers): boolean {
  return Boolean(
    config.muted.length > 0 ||
      config.mutedFile ||
      config.mutedSuite ||
      layers.bktec ||
      env.BUILDKITE_TEST_ENGINE_SUITE_SLUG,
  );
}
