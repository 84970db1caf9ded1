/** One event through ten reducers, against a bare loop that makes and stores ten states. */
import { createSession, event, replace, slice } from "weakincentives";
import { z } from "zod";
import { against, type Bench } from "./bench.ts";
import { createFloor, eventOf, type FloorEvent, type FloorState, reduce } from "./floors/dispatch.ts";
import { sideBySide } from "./floors/side-by-side.ts";

const Invoked = event("tool/invoked", z.custom<FloorEvent["payload"]>(() => true).meta({ type: "object" }));
const slices = Array.from({ length: 10 }, (_, i) =>
  slice<FloorState>({
    name: `s${i}`,
    item: z.object({ n: z.int(), last: z.int() }),
    reducers: (on) => [
      on(Invoked, (view, happened) => replace([reduce(view.latest() ?? { n: 0, last: -1 }, happened as FloorEvent)])), // as: the type was just matched
    ],
  }),
);

export const bench: Bench = {
  name: "dispatch",
  async *run() {
    const count = 10_000;
    const events = Array.from({ length: count }, (_, i) => eventOf(i));
    const ours = (): void => {
      const session = createSession({ slices, id: "bench" });
      for (const happened of events) session.dispatch(happened);
    };
    const floor = (): void => {
      const state = createFloor(true);
      for (const happened of events) state.dispatch(happened);
    };
    const times = await sideBySide({ ours, floor }, 15);
    const each = (total: number | undefined): number => ((total ?? Number.NaN) * 1000) / count;
    yield against("ten-reducers", each(times.ours?.median), each(times.floor?.median), "us/event");
  },
};
