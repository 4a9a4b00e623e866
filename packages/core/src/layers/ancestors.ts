import { fs, path } from '../builtins.ts';

/** A process above this one. */
export interface Ancestor {
  /** Its number and the time of its start: one that has the number later is another one. */
  readonly id: string;
  /** Names of the program it runs, by its file and by its own word for it, without folder and `.exe`. */
  readonly programs: readonly string[];
  readonly argv: readonly string[];
}

/** The processes above this one, nearest first, as far as they can be read. */
export interface Ancestors {
  readonly seen: readonly Ancestor[];
  /** Where the look upwards ended: at the agent, at the top of what this process can see, or at one it cannot read. */
  readonly end: 'agent' | 'top' | 'unreadable';
}

export type ReadAncestors = (agentPid: number | undefined) => Ancestors;

interface Read {
  readonly startedAt: string;
  readonly file: string | undefined;
  readonly argv: readonly string[];
  readonly parent: number;
}

const mostAncestors = 64;

/**
 * Reads them from the system, up to the agent: what stands above it is none of this job's business. Its number alone
 * does not tell it, for in a container any process may have that.
 */
export function readProcessAncestors(agentPid: number | undefined): Ancestors {
  const read = process.platform === 'linux' ? readFromProc : readFromPs;
  const seen: Ancestor[] = [];
  for (let pid = process.ppid; ; ) {
    if (pid <= 1 || seen.length >= mostAncestors) return { seen, end: 'top' };
    try {
      const { startedAt, file, argv, parent } = read(pid);
      const programs = [file, argv[0]].flatMap((name) => (name === undefined ? [] : [programName(name)]));
      if (programs.some(isAgent) || (pid === agentPid && argv.includes('start')))
        return { seen, end: 'agent' };
      seen.push({ id: `${pid}-${startedAt}`, programs, argv });
      pid = parent;
    } catch {
      // Another user's process under hidepid, or a system without ps: what was read before it still counts.
      return { seen, end: 'unreadable' };
    }
  }
}

/** Also its bootstrap, and a release binary as it comes: `buildkite-agent-linux-amd64`. */
function isAgent(program: string): boolean {
  return /^buildkite-agent(-(linux|darwin|windows|freebsd)\b.*)?$/.test(program);
}

export function programName(file: string): string {
  return path.basename(file).replace(/\.exe$/i, '');
}

function readFromProc(pid: number): Read {
  const argv = fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  // The command's name may hold spaces and parentheses: the fields start after the last one.
  const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { startedAt: fields[19] ?? '', file: readLink(`/proc/${pid}/exe`), argv, parent: Number(fields[1]) };
}

function readLink(link: string): string | undefined {
  try {
    return fs.readlinkSync(link);
  } catch {
    return undefined;
  }
}

function readFromPs(pid: number): Read {
  const { execFileSync } = process.getBuiltinModule('node:child_process');
  const line = execFileSync('ps', ['-o', 'ppid=,lstart=,command=', '-p', String(pid)], { encoding: 'utf8' });
  const [parent = '0', ...words] = line.trim().split(/\s+/);
  return {
    startedAt: words.slice(0, 5).join(' '),
    file: undefined,
    argv: words.slice(5),
    parent: Number(parent),
  };
}
