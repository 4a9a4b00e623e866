import { type ConfigResult, describeProblems, resolveConfig } from '../config/config.ts';
import { createLog } from '../log.ts';
import { ActiveSession } from './active-session.ts';
import { InertSession } from './inert-session.ts';
import { enterRun } from './nesting.ts';
import type { Session, SessionSeams, SessionSetup } from './session.ts';

/**
 * Opens the session of one run. Reads the environment and the options, loads nothing heavy, touches no file and
 * no network. Bad configuration makes the session inert and is told in one message that names every problem.
 */
export function createSession(setup: SessionSetup, seams: SessionSeams = {}): Session {
  const env = seams.env ?? process.env;
  const resolved = resolveConfig(setup.options, env, setup);
  const log = seams.log ?? createLog(readDebug(resolved));
  if (resolved.type === 'off') log.debug(`nothing is promised: ${resolved.because}`);
  if (resolved.type === 'invalid') log.warn(describeProblems(resolved.problems));
  if (resolved.type !== 'on') return new InertSession(log);
  if (setup.silence !== undefined) {
    log.debug(`nothing is promised: ${setup.silence}`);
    return new InertSession(log);
  }
  const leaveRun = enterRun(env);
  if (leaveRun === undefined) {
    log.debug('nothing is promised: this run is part of another one');
    return new InertSession(log);
  }
  return new ActiveSession({ ...setup, config: resolved.config, env, log, leaveRun }, seams);
}

function readDebug(resolved: ConfigResult): boolean {
  if (resolved.type === 'on') return resolved.config.debug;
  return resolved.type === 'off' && resolved.debug;
}
