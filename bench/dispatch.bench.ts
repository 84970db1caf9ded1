/** One event through ten reducers, against a bare loop that makes and stores ten states. */
import { createSession, event, replace, type Session, slice } from "weakincentives";
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

/** A session whose ledger holds `count` events. */
function sessionWith(count: number): Session {
  const session = createSession({ slices, id: "bench" });
  for (let index = 0; index < count; index++) session.dispatch(eventOf(index));
  return session;
}

const microseconds = (total: number | undefined, count: number): number => ((total ?? Number.NaN) * 1_000) / count;

export const bench: Bench = {
  name: "dispatch",
  async *run() {
    const count = 10_000;
    const events = Array.from({ length: count }, (_, i) => eventOf(i));
    // young sessions, as most runs have them
    const young = (): void => {
      for (let first = 0; first < count; first += 100) {
        const session = createSession({ slices, id: "bench" });
        for (let index = first; index < first + 100; index++) session.dispatch(events[index] as FloorEvent); // as: below the length
      }
    };
    const old = sessionWith(count);
    const ledgerOfMany = old.snapshot();
    const grown = (): void => {
      old.restore(ledgerOfMany);
      for (const happened of events) old.dispatch(happened);
    };
    const floor = (): void => {
      const state = createFloor(false);
      for (const happened of events) state.dispatch(happened);
    };
    const times = await sideBySide({ young, grown, floor }, 15);
    const bare = microseconds(times.floor?.median, count);
    yield against("ten-reducers", microseconds(times.young?.median, count), bare, "us/event");
    yield against("ten-reducers-ledger-10000", microseconds(times.grown?.median, count), bare, "us/event");
    yield {
      metric: "roadmap-ten-reducers-under-10-ms",
      value: (times.grown?.median ?? Number.NaN) / count,
      unit: "ms",
    };
    yield* growth();
  },
};

/** Whether an event costs more when there are a million before it than when there are a thousand. */
async function* growth(): ReturnType<Bench["run"]> {
  const count = 1_000;
  const long = sessionWith(1_000_000);
  const short = sessionWith(1_000);
  const [ofLong, ofShort] = [long.snapshot(), short.snapshot()];
  const more = (session: Session): void => {
    for (let index = 0; index < count; index++) session.dispatch(eventOf(index));
  };
  const times = await sideBySide(
    {
      short: () => {
        short.restore(ofShort);
        more(short);
      },
      long: () => {
        long.restore(ofLong);
        more(long);
      },
    },
    31,
  );
  yield against(
    "growth-1000000-to-1000",
    microseconds(times.long?.median, count),
    microseconds(times.short?.median, count),
    "us/event",
  );
}
