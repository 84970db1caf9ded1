/** STAND-IN. */
export interface ChildEnvironmentOptions {}
/** STAND-IN. */
export function childEnvironment(_options: ChildEnvironmentOptions): Record<string, string> {
  return {};
}
