/** The first version of Node that the package runs on, as package.json says. */
const oldest = 24;

/** Says in words why a version of Node, such as `20.20.2`, cannot be used; nothing when it can. Imports nothing. */
export function nodeProblem(version: string): string | undefined {
  return Number.parseInt(version, 10) >= oldest ? undefined : `needs Node ${oldest} or later; this is ${version}`;
}
