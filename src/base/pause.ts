/** Lets timers, signals and other work of the process have their turn; long computations call it now and then. */
export function pause(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
