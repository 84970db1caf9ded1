import {
  append,
  appendAll,
  clear,
  createSession,
  type Event,
  type EventDefinition,
  event,
  extend,
  type Payload,
  replace,
  replaceLatest,
  type Slice,
  type SliceView,
  slice,
  upsertBy,
} from "weakincentives";
import { z } from "zod";
import { check, typeOf } from "../check.ts";

const FileRead = event("review/file-read", z.object({ path: z.string(), lines: z.int().default(0) }));
const Asked = event("asked", z.string());
const session = createSession();

check("an event is made from what its schema takes in and holds what it gives out", () => {
  typeOf(FileRead({ path: "a" })).is<Event<"review/file-read", { path: string; lines: number }>>();
  typeOf(FileRead).is<
    EventDefinition<"review/file-read", { path: string; lines: number }, { path: string; lines?: number | undefined }>
  >();
});

check("the payload of an event has a type", () => {
  typeOf<Payload<typeof FileRead> | undefined>(undefined).is<{ path: string; lines: number } | undefined>();
  typeOf<Payload<typeof Asked> | undefined>(undefined).is<string | undefined>();
});

check("a wrong payload", () => {
  // error: Type 'number' is not assignable to type 'string'.
  FileRead({ path: 3 });
  // error: Property 'path' is missing in type '{ lines: number; }'
  FileRead({ lines: 3 });
  // error: 'pth' does not exist in type '{ path: string; lines?: number | undefined; }'.
  FileRead({ pth: "a" });
});

check("only events are dispatched", () => {
  session.dispatch(FileRead({ path: "a" }));
  // error: 'path' does not exist in type 'Event<string, unknown>'.
  session.dispatch({ path: "a" });
  // error: Property 'payload' is missing in type 'EventDefinition<
  session.dispatch(FileRead);
});

const reads = slice({
  name: "reads",
  item: FileRead.schema,
  policy: "state",
  reducers: (on) => [on(FileRead, (_view, { payload }) => append(payload))],
});

check("a slice is the typed key to its items", () => {
  typeOf(reads).is<Slice<{ path: string; lines: number }>>();
  typeOf(session.query(reads)).is<SliceView<{ path: string; lines: number }>>();
  typeOf(session.query(reads).latest()?.path).is<string | undefined>();
  // error: Property 'pth' does not exist on type '{ path: string; lines: number; }'. Did you mean 'path'?
  return session.query(reads).latest()?.pth;
});

check("a reducer is given the items and the event, typed", () => {
  slice({
    name: "paths",
    item: z.string(),
    reducers: (on) => [
      on(FileRead, (view, { type, payload }) => {
        typeOf(view).is<SliceView<string>>();
        typeOf(type).is<"review/file-read">();
        typeOf(payload).is<{ path: string; lines: number }>();
        return view.length > 3 ? clear() : append(payload.path);
      }),
      on(Asked, (view, { payload }) => (payload === "" ? undefined : replace([...view.all(), payload]))),
      on(event("many", z.array(z.string())), (_view, { payload }) => extend(payload)),
    ],
  });
});

check("a reducer that appends a wrong item", () => {
  // error: Type 'SliceOp<number>' is not assignable to type 'SliceOp<string>'. … Type 'number' is not assignable to type 'string'.
  slice({ name: "s", item: z.string(), reducers: (on) => [on(FileRead, (_, { payload }) => append(payload.lines))] });
});

check("a reducer that gives no operation", () => {
  // error: Type 'string' is not assignable to type 'SliceOp<string>'.
  slice({ name: "s", item: z.string(), reducers: (on) => [on(Asked, (_, { payload }) => payload)] });
  // error: Type 'Promise<SliceOp<string>>' is missing the following properties from type 'SliceOp<string>': op, items
  slice({ name: "s", item: z.string(), reducers: (on) => [on(Asked, async (_, { payload }) => append(payload))] });
});

check("a reducer cannot change the items in place", () => {
  // error: Property 'push' does not exist on type 'readonly string[]'.
  slice({ name: "s", item: z.string(), reducers: (on) => [on(Asked, (view) => void view.all().push("x"))] });
});

check("ready-made reducers take the item's own type", () => {
  const Item = event("kept", z.object({ id: z.string(), done: z.boolean() }));
  slice({ name: "a", item: Item.schema, reducers: (on) => [on(Item, appendAll())] });
  slice({ name: "b", item: Item.schema, reducers: (on) => [on(Item, replaceLatest())] });
  slice({
    name: "c",
    item: Item.schema,
    reducers: (on) => [
      on(
        Item,
        upsertBy(({ id }) => id),
      ),
    ],
  });
});

check("ready-made reducers refuse a payload that is no item", () => {
  // error: Type 'string' is not assignable to type '{ path: string; lines: number; }'.
  slice({ name: "a", item: z.string(), reducers: (on) => [on(FileRead, appendAll())] });
  // error: Type 'number' is not assignable to type 'string'.
  slice({ name: "b", item: z.int(), reducers: (on) => [on(Asked, replaceLatest())] });
  const upsert = upsertBy((item: { id: string }) => item.id);
  // error: Property 'id' is missing in type '{ path: string; lines: number; }' but required in type '{ id: string; }'.
  slice({ name: "c", item: FileRead.schema, reducers: (on) => [on(FileRead, upsert)] });
});

check("a misspelt policy", () => {
  // error: Type '"logs"' is not assignable to type 'SlicePolicy'. Did you mean '"log"'?
  slice({ name: "s", item: z.string(), policy: "logs", reducers: () => [] });
});

check("a slice written down as a type", () => {
  const written: Slice<string> = slice({ name: "s", item: z.string(), reducers: (on) => [on(Asked, appendAll())] });
  typeOf(session.query(written).at(0)).is<string | undefined>();
  const any: readonly Slice[] = [written, reads];
  session.install(any);
});

check("an event has a type and a schema", () => {
  // error: Argument of type 'number' is not assignable to parameter of type 'string'.
  event(3, z.string());
  // error: Expected 2 arguments, but got 1.
  event("asked");
});
