import { WinkError } from "../base/index.ts";

/** What {@link watchOpenResources} gives; leaving its block with `await using` checks. */
export interface OpenResourceWatch extends AsyncDisposable {
  /** Throws `INVARIANT_BROKEN` naming what was opened since the watch began and is open still. */
  check(): Promise<void>;
}

/** Options of {@link watchOpenResources}. */
export interface OpenResourceOptions {
  /** Kinds that are not looked at, as `process.getActiveResourcesInfo()` names them. */
  readonly ignore?: readonly string[];
  /** How many turns of the event loop closing may take; 20 unless told. */
  readonly turns?: number;
}

/**
 * Proves that work leaves nothing open: timers, sockets, servers, child processes, files being read.
 * `await using watch = watchOpenResources()` checks at the end of the block; what was open before does not count.
 * It sees what keeps the process alive, of the whole process: work that goes on beside it is counted too.
 */
export function watchOpenResources(options: OpenResourceOptions = {}): OpenResourceWatch {
  const { ignore = [], turns = 20 } = options;
  const before = countOpen(ignore);
  const check = async (): Promise<void> => {
    let left = leftOpen(before, countOpen(ignore));
    // What is being closed needs some turns of the event loop until it is closed.
    for (let turn = 0; left.length > 0 && turn < turns; turn++) {
      await nextTurn();
      left = leftOpen(before, countOpen(ignore));
    }
    if (left.length === 0) return;
    throw new WinkError("INVARIANT_BROKEN", {
      at: "process",
      problem: "Something was left open",
      expected: "all that was opened to be closed",
      received: left.map(({ kind, count }) => (count === 1 ? kind : `${kind} (${count} times)`)).join(", "),
      fix: "Close it, end its process or take its timer back; await what is still at work.",
      details: { left: Object.fromEntries(left.map(({ kind, count }) => [kind, count])) },
    });
  };
  return { check, [Symbol.asyncDispose]: check };
}

/** How many resources of each kind keep the process alive. */
function countOpen(ignore: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) {
    if (!ignore.includes(kind)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return counts;
}

function leftOpen(
  before: ReadonlyMap<string, number>,
  now: ReadonlyMap<string, number>,
): { kind: string; count: number }[] {
  return [...now]
    .map(([kind, count]) => ({ kind, count: count - (before.get(kind) ?? 0) }))
    .filter(({ kind, count }) => count > 0 && kind !== "Immediate");
}

// biome-ignore lint/style/noRestrictedGlobals: the turns of this process are what is waited for, not time
const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
