import { fs, path } from '../builtins.ts';
import type { Env } from '../env.ts';

/** Top folder of the repository in which `cwd` lies: the job's checkout, else that of a `.git`, else `cwd` itself. */
export function topFolder(cwd: string, env: Env): string {
  const checkout = env.BUILDKITE_BUILD_CHECKOUT_PATH;
  if (checkout && isBelow(checkout, cwd)) return checkout;
  for (let at = cwd; ; at = path.dirname(at)) {
    if (fs.existsSync(path.join(at, '.git'))) return at;
    if (at === path.dirname(at)) return cwd;
  }
}

/** Path below `top` with `/`; absolute for what lies outside; `.` for `top` itself. */
export function placeBelow(top: string, file: string): string {
  if (!isBelow(top, file)) return file;
  return path.relative(top, file).replaceAll('\\', '/') || '.';
}

function isBelow(top: string, file: string): boolean {
  const relative = path.relative(top, file);
  return relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
}
