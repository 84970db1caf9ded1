/** The heap that 10,000 events take in a session with ledger and one slice, against a plain array of the same objects. */
import { appendAll, createSession, event, index, type Slice, slice } from "weakincentives";
import { z } from "zod";
import { against, type Bench } from "./bench.ts";

const shape = z.object({ id: z.int(), tool: z.string(), text: z.string() });
const Happened = event("bench/happened", shape);
const kept = slice({ name: "kept", item: shape, reducers: (on) => [on(Happened, appendAll())] });
const byTool = index("tool", ({ tool }: z.infer<typeof shape>) => tool, { unique: true });
const found = slice({ name: "found", item: shape, indexes: [byTool], reducers: (on) => [on(Happened, appendAll())] });
const make = (id: number) => ({
  type: "bench/happened" as const,
  payload: { id, tool: `tool-${id}`, text: `${id}`.padEnd(300, "x") },
});

function heapOf(fill: () => unknown): number {
  const collect = (): number => {
    for (let pass = 0; pass < 4; pass++) (globalThis as { gc?: () => void }).gc?.(); // as: there with --expose-gc
    return process.memoryUsage().heapUsed;
  };
  const before = collect();
  const held = fill();
  const after = collect();
  return held === undefined ? Number.NaN : (after - before) / 1024;
}

export const bench: Bench = {
  name: "memory",
  *run() {
    const count = 10_000;
    const sessionWith = (only: Slice) => (): unknown => {
      const session = createSession({ slices: [only], id: "bench" });
      for (let id = 0; id < count / 2; id++) session.dispatch(make(id));
      const snapshot = session.snapshot();
      for (let id = count / 2; id < count; id++) session.dispatch(make(id));
      return only === found ? [session, snapshot] : session;
    };
    const ours = sessionWith(kept);
    const indexed = sessionWith(found);
    const floor = (): unknown => Array.from({ length: count }, (_, id) => make(id));
    heapOf(ours);
    heapOf(indexed);
    heapOf(floor);
    const median = (fill: () => unknown): number =>
      Array.from({ length: 5 }, () => heapOf(fill)).sort((a, b) => a - b)[2] ?? Number.NaN;
    const bare = median(floor);
    const own = median(ours);
    yield against("10000-events", own, bare, "KiB");
    yield { metric: "roadmap-10000-events-under-100-mb", value: own / 1024, unit: "MiB" };
    yield against("10000-events-index-snapshot", median(indexed), bare, "KiB");
  },
};
