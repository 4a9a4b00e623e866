import { type Layers, lookAround, resolveConfig } from '@promise-failure/core/command';
import { leftOut } from '../../runner/left-out.ts';
import type { Check, Finding, Place } from '../finding.ts';

/** What stands around the runner. */
export function seeLayers({ env, folder }: Pick<Place, 'env' | 'folder'>): Layers {
  const read = resolveConfig(
    undefined,
    { ...env, PROMISE_FAILURE: 'dry-run' },
    { runner: 'jest', exitStatus: 1 },
  );
  const config = read.type === 'on' ? read.config : { exitWrapper: undefined, outerRetries: undefined };
  return lookAround(config, env, { execArgv: process.execArgv, tracer: false, rootDir: folder });
}

/** Whether something around the runner may turn its failure green, run it again, or leave our reporter out. */
export const checkLayers: Check = async (place) => {
  const { flippers, outerRetries, bktec } = seeLayers(place);
  return [...flippers.map(tellFlipper), ...tellRetries(outerRetries), ...tellLeftOut(place, bktec)];
};

function tellFlipper(name: string): Finding {
  const isBktec = name.startsWith('bktec');
  return {
    ...{ check: 'layers', status: 'problem' },
    says: `${name.replace(/,$/, '')}: a failed run may end green, so nothing is promised early`,
    todo: isBktec
      ? 'tell its number of retries: PROMISE_FAILURE_OUTER_RETRIES, or BUILDKITE_TEST_ENGINE_RETRY_COUNT'
      : 'run these tests without it, or switch off that it runs tests again and forgives them',
  };
}

function tellRetries(outerRetries: number): Finding[] {
  if (outerRetries === 0) return [];
  const times = outerRetries === 1 ? 'once' : `${outerRetries} times`;
  const says = `failed tests are run again, up to ${times}: what fails each time is promised in the last run`;
  return [{ check: 'layers', status: 'note', says }];
}

/** bktec's default command for Vitest names reporters, and so leaves out those of the configuration. */
function tellLeftOut({ env }: Place, bktec: boolean): Finding[] {
  if (!bktec && !env.BUILDKITE_TEST_ENGINE_TEST_RUNNER) return [];
  const said = leftOut(['bktec', 'run'], { ...env, PROMISE_FAILURE: 'true' });
  const [, says = '', todo = ''] = /because (.*?): (.*)$/s.exec(said ?? '') ?? [];
  return said === undefined ? [] : [{ check: 'bktec', status: 'problem', says, todo }];
}
