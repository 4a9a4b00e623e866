/** Who installs a package can use neither: they name what only this repository has. */
function beforePacking({ devDependencies, scripts, ...published }) {
  return published;
}

export const hooks = { beforePacking };
