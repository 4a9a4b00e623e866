import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';

/** Milliseconds that a name server has for each of two tries, before the system's own look-up is asked. */
const serverTimeoutMs = 1500;

/**
 * Finds addresses without `getaddrinfo` in this process: a thread that waits for that cannot be ended, so a name
 * server that does not answer would hold up the end of the run. Asks the name servers (`servers`, else the system's),
 * and for what these do not tell, as names in the hosts file, `getaddrinfo` in a child process, which ends with this one.
 */
export function createLookUp(servers?: readonly string[]): LookupFunction {
  return (host, options, callback) => {
    find(host, servers).then(
      (all) => {
        const family = { IPv4: 4, IPv6: 6 }[String(options.family)] ?? Number(options.family ?? 0);
        const fitting = all.filter((address) => family === 0 || address.family === family);
        const [first] = fitting;
        if (first === undefined) callback(notFound(host), '', 0);
        else if (options.all) callback(null, fitting);
        else callback(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, '', 0),
    );
  };
}

async function find(host: string, servers: readonly string[] | undefined): Promise<readonly LookupAddress[]> {
  const served = await askServers(host, servers);
  return served.length > 0 ? served : askSystem(host);
}

async function askServers(host: string, servers: readonly string[] | undefined) {
  const { Resolver } = process.getBuiltinModule('node:dns').promises;
  const resolver = new Resolver({ timeout: serverTimeoutMs, tries: 2 });
  if (servers !== undefined) resolver.setServers(servers);
  const answers = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
  return answers.flatMap((answer, index) =>
    answer.status === 'fulfilled'
      ? answer.value.map((address) => ({ address, family: index === 0 ? 4 : 6 }))
      : [],
  );
}

interface Found {
  readonly code?: string;
  readonly found?: readonly LookupAddress[];
}

/** Its end of the pipe closes when the process that started it is gone, however that ended. */
const childSource = `
  process.stdin.on('end', () => process.exit()).resume();
  require('node:dns').lookup(process.argv[1], { all: true }, (error, found) => {
    process.stdout.write(JSON.stringify({ code: error?.code, found }), () => process.exit());
  });`;

async function askSystem(host: string): Promise<readonly LookupAddress[]> {
  const { NODE_OPTIONS: _preloads, ...env } = process.env;
  const { spawn } = process.getBuiltinModule('node:child_process');
  const child = spawn(process.execPath, ['-e', childSource, '--', host], {
    env,
    stdio: ['pipe', 'pipe', 'ignore'],
    windowsHide: true,
  });
  child.stdin.on('error', () => {});
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
  const { code = 'EAI_AGAIN', found } = JSON.parse(output || '{}') as Found;
  if (found === undefined) throw notFound(host, code);
  return found;
}

function notFound(host: string, code = 'ENOTFOUND'): NodeJS.ErrnoException {
  return Object.assign(new Error(`getaddrinfo ${code} ${host}`), { code, hostname: host });
}
