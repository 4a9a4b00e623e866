/**
 * Code that declares as a user would without us: by the agent's own command, spawned right behind the failing test.
 * Where `BUILDKITE_AGENT_BIN` names no agent, curl stands in for it, whose process starts and speaks as fast.
 */
export function byHand(spawn: string): string {
  return `{
  const { BUILDKITE_AGENT_JOB_API_SOCKET: socket, BUILDKITE_AGENT_JOB_API_TOKEN: token } = process.env;
  const { BUILDKITE_AGENT_ENDPOINT: endpoint, BUILDKITE_AGENT_ACCESS_TOKEN: access, BUILDKITE_JOB_ID: job } = process.env;
  const agent = ${JSON.stringify(process.env.BUILDKITE_AGENT_BIN ?? '')};
  const curl = socket
    ? ['--unix-socket', socket, '-H', 'Authorization: Bearer ' + token, 'http://job/api/current-job/v0/promise-failure']
    : ['-X', 'PUT', '-H', 'Authorization: Token ' + access, endpoint + '/jobs/' + job + '/promise_failure'];
  const [command, args] = agent
    ? [agent, ['job', 'promise-failure', '1']]
    : ['curl', ['-s', '-H', 'Content-Type: application/json', '-d', '{"exit_status":1}', ...curl]];
  ${spawn}(command, args, { stdio: 'ignore' });
}`;
}
