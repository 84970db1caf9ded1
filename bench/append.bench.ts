/** Appending to the list of a slice, against `Array.push`; and going back and branching, long lists against short ones. */
import { appendAll, createSession, event, type Session, slice } from "weakincentives";
import { z } from "zod";
import { PersistentList } from "../src/session/persistent-list.ts";
import { against, type Bench, type Row } from "./bench.ts";
import { sideBySide } from "./floors/side-by-side.ts";

const Added = event("bench/added", z.object({ id: z.int() }));
const added = slice({ name: "added", item: Added.schema, reducers: (on) => [on(Added, appendAll())] });

export const bench: Bench = {
  name: "append",
  async *run() {
    yield await appending(1_000_000);
    yield* going();
  },
};

async function appending(count: number): Promise<Row> {
  const items = Array.from({ length: count }, (_, id) => ({ id }));
  const ours = (): void => {
    let list: PersistentList<object> = PersistentList.empty;
    for (const item of items) list = PersistentList.append(list, item);
    if (list.length !== count) throw new Error("items are missing");
  };
  const floor = (): void => {
    const list: object[] = [];
    for (const item of items) list.push(item);
    if (list.length !== count) throw new Error("items are missing");
  };
  const times = await sideBySide({ ours, floor }, 15);
  return against(`${count}-items`, times.ours?.median ?? Number.NaN, times.floor?.median ?? Number.NaN);
}

/** Takes a snapshot, goes on, goes back and on otherwise, and the same on a fork; a thousand times. */
function wander(session: Session): void {
  for (let id = 0; id < 1_000; id++) {
    const snapshot = session.snapshot();
    session.dispatch({ type: Added.type, payload: { id } });
    session.restore(snapshot);
    session.dispatch({ type: Added.type, payload: { id: -id } });
    session.fork().dispatch({ type: Added.type, payload: { id } });
    session.restore(snapshot);
  }
}

function sessionOf(count: number): Session {
  const session = createSession({ slices: [added], id: "bench" });
  for (let id = 0; id < count; id++) session.dispatch({ type: Added.type, payload: { id } });
  return session;
}

async function* going(): AsyncIterable<Row> {
  const [long, short] = [sessionOf(1_000_000), sessionOf(10_000)];
  const times = await sideBySide({ long: () => wander(long), short: () => wander(short) }, 15);
  const each = (total: number | undefined): number => total ?? Number.NaN; // a thousand a run: milliseconds are microseconds each
  yield against("back-and-branch-1000000-to-10000", each(times.long?.median), each(times.short?.median), "us");
}
