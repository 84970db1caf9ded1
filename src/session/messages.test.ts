/** What the errors of sessions say: what was wrong, where, what was expected, what came, what to do. */
import { expect, test } from "vitest";
import { z } from "zod";
import { thrownBy } from "../../test/support/thrown-by.ts";
import {
  append,
  appendAll,
  createSession,
  event,
  index,
  type RestoreOptions,
  restoreSession,
  type Session,
  type SessionDump,
  SliceCleared,
  SliceInitialised,
  slice,
  upsert,
} from "./index.ts";

const Read = event("file/read", z.object({ path: z.string() }));
const reads = slice({ name: "reads", item: Read.schema, reducers: (on) => [on(Read, appendAll())] });
const byPath = index("path", ({ path }: { path: string }) => path);
const whole = "Use a copy that is whole; a dump is not made to be edited.";
const example = "Example: restoreSession(JSON.stringify(session.dump()))";

function started(): Session {
  const session = createSession({ id: "s", slices: [reads] });
  session.dispatch(Read({ path: "a" }));
  return session;
}
const dump = (change: Partial<Record<keyof SessionDump, unknown>> = {}): unknown => ({
  ...started().dump(),
  ...change,
});
const restoring = (given: unknown, options: RestoreOptions = {}) =>
  restoreSession(given, { slices: [reads], ...options });
/** A session in whose reducer something is done. */
function reducing(work: (session: Session) => unknown): void {
  const session = started();
  const reduce = () => work(session) as undefined; // as: a reducer may return anything if nobody checks its types
  session.install([slice({ name: "odd", item: z.any(), reducers: (on) => [on(Read, reduce)] })]);
  session.dispatch(Read({ path: "b" }));
}

test.each<[() => unknown, string]>([
  [
    () => event("Read", z.string()),
    'type: The type of an event is not well formed. Expected lower-case letters, digits, ".", "_", "-" and "/", like "review/file-read". Received "Read". Correct the argument that the message names.',
  ],
  [
    () => slice({ name: "Reads", item: z.string(), reducers: () => [] }),
    'name: The name of a slice is not well formed. Expected lower-case letters, digits, ".", "_", "-" and "/", like "review/reads". Received "Reads". Correct the argument that the message names.',
  ],
  [
    () => slice({ name: "reads", item: z.string(), version: 0, reducers: () => [] }),
    'slice "reads": The version of a slice is no version. Expected a whole number from 1 on. Received number 0. Correct the argument that the message names. Example: version: 2',
  ],
  [
    () => slice({ name: "reads", item: Read.schema, reducers: (on) => [on(Read, appendAll()), on(Read, appendAll())] }),
    'slice "reads": Event "file/read" is handled more than once. Expected one reducer an event. Received two. Put both into one reducer.',
  ],
  [
    () => started().dispatch([] as never),
    "dispatch: What was dispatched is no event. Expected an object with a `type` and a `payload`, as an event definition makes it. Received a list. Call the event's definition: session.dispatch(FileRead({ path })).",
  ],
  [
    () => started().dispatch(null as never),
    "dispatch: What was dispatched is no event. Expected an object with a `type` and a `payload`, as an event definition makes it. Received null. Call the event's definition: session.dispatch(FileRead({ path })).",
  ],
  [
    () => started().dispatch(7 as never),
    "dispatch: What was dispatched is no event. Expected an object with a `type` and a `payload`, as an event definition makes it. Received number. Call the event's definition: session.dispatch(FileRead({ path })).",
  ],
  [
    () => reducing(() => "x"),
    'slice "odd", event "file/read": The reducer returned something else than an operation. Expected append(…), extend(…), replace(…), upsert(…), renew(…), clear() or undefined. Received string. Mend the reducer that the message names: it must be a pure function that returns an operation.',
  ],
  [
    () => reducing(() => upsert(byPath, { path: "a" })),
    'slice "odd", event "file/read": The reducer returned "upsert" by an index that the slice does not declare. Expected an index of the slice. Received index "path". Declare the index and give it to the reducer, or give what `upsertBy` and `replaceLatestBy` return to `on` itself. Example: slice({ indexes: [byPath], reducers: (on) => [on(FileRead, upsertBy(byPath))], … })',
  ],
  [
    () => slice({ name: "reads", item: Read.schema, indexes: [byPath, { ...byPath }], reducers: () => [] }),
    'slice "reads": More than one index is called "path". Expected a name of its own for each; two key functions given to reducers have none. Received two of one name. Define the indexes with `index`, declare them, and give them to the reducers. Example: const byPath = index("path", ({ path }) => path)',
  ],
  [
    () => reducing((session) => session.dispatch(Read({ path: "c" }))),
    'reducer of "file/read": A reducer used its session. Expected an operation, or undefined. Received session.dispatch of "file/read". Return an operation, and dispatch from where the first event came from.',
  ],
  [
    () => reducing((session) => session.restore(session.snapshot())),
    'reducer of "file/read": A reducer used its session. Expected an operation, or undefined. Received session.restore. Return an operation, and dispatch from where the first event came from.',
  ],
  [
    () => reducing((session) => session.at(0).query(reads)),
    'reducer of "file/read": A reducer used its session. Expected an operation, or undefined. Received session.at. Return an operation, and dispatch from where the first event came from.',
  ],
  [
    () => started().query({ ...reads }),
    'slice "reads": More than one slice object has this name. Expected one slice object a name. Received two. Share one slice object, or rename one of them.',
  ],
  [
    () => started().dispatch(SliceCleared({ slice: "written" })),
    'event "slice/cleared": It names a slice that is not installed. Expected "reads". Received "written". Install the slice first, or correct its name. Example: session.install([reads])',
  ],
  [
    () => SliceCleared({} as never),
    'event "slice/cleared": The payload does not fit: `slice`: expected the name of a slice. Expected plain data that its schema takes in. Received object {}. Correct the field that the message names.',
  ],
  [
    () => SliceInitialised({ slice: "reads" } as never),
    'event "slice/initialised": The payload does not fit: `items`: expected a list. Expected plain data that its schema takes in. Received object {"slice":"reads"}. Correct the field that the message names.',
  ],
  [
    () => createSession({ tags: { team: 1 as never } }),
    'tags, "team": A tag is not text. Expected text. Received number 1. Correct the argument that the message names. Example: createSession({ tags: { team: "review" } })',
  ],
  [
    () => createSession({ id: "s", parent: started() }),
    'parent: A session cannot be its own parent. Expected a session of another id, made by `createSession`. Received one with the id string "s". Correct the argument that the message names.',
  ],
  [
    () => started().at(2),
    "count: The session has no such moment. Expected a whole number from 0 to 1, the number of its events. Received number 2. Correct the argument that the message names. Example: session.at(session.history().length)",
  ],
  [
    () => started().restore(createSession({ id: "other" }).snapshot()),
    'snapshot: It was not taken from this session. Expected a snapshot of session "s". Received one of session "other". Restore it where it was taken.',
  ],
  [
    () => {
      const session = started();
      session.dispatch({ type: "by/hand", payload: { at: new Date(0) } });
      session.dump();
    },
    'history[1], event "by/hand": The payload cannot be written: `at`: is a Date, which JSON cannot hold. Expected plain data. Received object {"at":"1970-01-01T00:00:00.000Z"}. Make events with their definition, which refuses such payloads.',
  ],
  [
    () => restoring(7),
    `dump: This is not what a dump holds here. Expected an object. Received number 7. ${whole} ${example}`,
  ],
  [
    () => restoring(dump({ format: "other" })),
    `dump, format: This is not what a dump holds here. Expected "weakincentives/session". Received string "other". ${whole} ${example}`,
  ],
  [
    () => restoring(dump({ version: "1" })),
    `dump, version: This is not what a dump holds here. Expected a whole number from 1 on. Received string "1". ${whole} ${example}`,
  ],
  [
    () => restoring(dump({ version: 2 })),
    "dump, version: The dump was written by a newer release. Expected version 1 or earlier. Received version 2. Update the package, or the code that defines the slice.",
  ],
  [
    () => restoring(dump({ slices: [{ ...started().dump().slices[0], heard: [[0, 2]] }] })),
    `dump, slices[0].heard: This is not what a dump holds here. Expected pairs of places from 0 to 1, in order. Received list [[0,2]]. ${whole} ${example}`,
  ],
  [
    () => restoring(dump({ slices: [...started().dump().slices, ...started().dump().slices] })),
    `dump, slices[1].name: Two slices have one name. Expected a name of its own. Received string "reads". ${whole} ${example}`,
  ],
  [
    () => restoring(dump({ slices: [{ ...started().dump().slices[0], items: [{ path: new Date(0) }] }] })),
    `dump, slices[0].items[0]: The value cannot be kept: \`path\`: is a Date, which JSON cannot hold. Expected plain data. Received object {"path":"1970-01-01T00:00:00.000Z"}. ${whole} ${example}`,
  ],
  [
    () => restoring(dump({ id: "t" })),
    `dump: The id, agent, tags, parent or children are not as written: the dump was damaged, or edited by hand. Expected content of which the digest was made. Received other content. ${whole} ${example}`,
  ],
  [
    () => restoring(dump({ slices: [{ ...started().dump().slices[0], items: [] }] })),
    `dump, slices[0]: The slice is not as written: the dump was damaged, or edited by hand. Expected content of which the digest was made. Received other content. ${whole} ${example}`,
  ],
  [
    () => restoring(dump({ history: [Read({ path: "b" })] })),
    `dump, history: The history is not as written: the dump was damaged, or edited by hand. Expected content of which the digest was made. Received other content. ${whole} ${example}`,
  ],
  [
    () => restoring(" "),
    `dump: The text is cut off, or no dump: unexpected end of JSON at line 1, column 2. Expected the JSON of one dump. Received an empty text. ${whole} ${example}`,
  ],
  [
    () => restoring(' {"a":1e999}\n'),
    `dump: The text cannot be read: a number is too large. Expected the JSON of one dump. Received a text of 13 characters. ${whole} ${example}`,
  ],
  [
    () => restoring('{"a', { maxLength: 3 }),
    `dump: The text is cut off, or no dump: unexpected end of JSON at line 1, column 4. Expected the JSON of one dump. Received a text of 3 characters. ${whole} ${example}`,
  ],
  [
    () => restoring('{"a', { maxLength: 2 }),
    `dump: The text cannot be read: the text is 3 characters long, more than 2. Expected the JSON of one dump. Received a text of 3 characters. ${whole} ${example}`,
  ],
  [
    () => restoring(started().dump({ agent: "n:k" }), { agent: "n:other", from: "s.json" }),
    's.json: The dump is of a session of another agent. Expected "n:other". Received "n:k". Read it for the agent that it was made for.',
  ],
  [
    () => restoring(dump(), { parent: createSession({ id: "p" }), from: "s.json" }),
    's.json: The dump is of the child of another session. Expected one whose parent is "p". Received one without a parent. Give the parent that it was made with, or none.',
  ],
  [
    () => {
      const later = slice({ name: "reads", version: 3, item: Read.schema, reducers: () => [] });
      restoreSession(createSession({ slices: [later] }).dump(), { slices: [reads] });
    },
    'slice "reads": The items are of a newer version of the slice. Expected version 1 or earlier. Received version 3. Update the code that defines the slice, or leave it out: its items then stay as they are.',
  ],
  [
    () => restoreSession(dump(), { slices: [slice({ name: "reads", item: z.string(), reducers: () => [] })] }),
    'slice "reads", item 0: The item does not fit version 1: Invalid input: expected string, received object. Expected what the schema of version 1 takes in. Received object {"path":"a"}. When the form of the items has changed, raise the slice\'s `version` and give it a `migrate`.',
  ],
  [
    () =>
      restoreSession(dump(), { slices: [slice({ name: "reads", version: 2, item: z.string(), reducers: () => [] })] }),
    'slice "reads", item 0: The slice has no `migrate`, from version 1 to 2. Expected a `migrate` for items of version 1. Received object {"path":"a"}. Give the slice a `migrate` that takes items of every earlier version. Example: migrate: (item, from) => (from < 2 ? { ...item, lines: 0 } : item)',
  ],
  [
    () => {
      const reduce = () => append({ path: 1 as never });
      const session = createSession({
        slices: [slice({ name: "odd", item: Read.schema, reducers: (on) => [on(Read, reduce)] })],
      });
      session.dispatch(Read({ path: "a" }));
      session.dump();
    },
    'slice "odd", item 0: The item cannot be written: The value does not fit: `path`: Invalid input: expected string, received number. Expected an item that the schema of the slice can write. Received object {"path":1}. Mend the reducer or the schema: the schema must take back each item that it gives out.',
  ],
])("%#: an error says all that is to be said", (work, message) => {
  expect(thrownBy(work).message).toBe(message);
});
