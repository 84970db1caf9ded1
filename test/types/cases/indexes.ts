import { createSession, event, type Index, index, replaceLatestBy, slice, upsert, upsertBy } from "weakincentives";
import { z } from "zod";
import { check, typeOf } from "../check.ts";

const Task = z.object({ id: z.string(), state: z.enum(["open", "done"]), due: z.int() });
type Task = z.infer<typeof Task>;
const TaskSet = event("task/set", Task);
const byId = index("id", ({ id }: Task) => id, { unique: true });
const byState = index("state", ({ state }: Task) => state);
const byDue = index("due", ({ due }: Task) => due, { ordered: true });
const tasks = slice({
  name: "tasks",
  item: Task,
  indexes: [byId, byState, byDue],
  reducers: (on) => [on(TaskSet, upsertBy(byId))],
});
const view = createSession({ slices: [tasks] }).query(tasks);

check("an index knows its item, its key and what it allows", () => {
  typeOf(byId).is<Index<Task, string, true, false>>();
  typeOf(byState).is<Index<Task, "open" | "done", false, false>>();
  typeOf(byDue).is<Index<Task, number, false, true>>();
});

check("a unique index finds one item, another finds all", () => {
  typeOf(view.by(byId, "a")).is<Task | undefined>();
  typeOf(view.by(byState, "open")).is<readonly Task[]>();
  typeOf(view.first(byState, "done")).is<Task | undefined>();
  typeOf(view.range(byDue, { from: 1 })).is<readonly Task[]>();
});

check("a key of another type", () => {
  // error: Argument of type 'number' is not assignable to parameter of type 'string'.
  view.by(byId, 1);
  // error: Argument of type '"opne"' is not assignable to parameter of type '"done" | "open"'.
  view.first(byState, "opne");
  // error: Type 'string' is not assignable to type 'number'.
  view.range(byDue, { to: "a" });
});

check("a range of an index without order", () => {
  // error: Type 'false' is not assignable to type 'true'.
  view.range(byState, {});
});

check("an index of other items", () => {
  const byName = index("name", ({ name }: { name: string }) => name);
  // error: Property 'name' is missing in type '{ id: string; state: "done" | "open"; due: number; }' but required in type '{ name: string; }'.
  slice({ name: "other", item: Task, indexes: [byName], reducers: () => [] });
});

check("a key that is none", () => {
  // error: Type '{ id: string; state: "done" | "open"; due: number; }' is not assignable to type 'IndexKey'.
  index("task", (task: Task) => task);
});

check("reducers by key take a key or an index", () => {
  slice({
    name: "a",
    item: Task,
    reducers: (on) => [
      on(
        TaskSet,
        replaceLatestBy(({ id }) => id),
      ),
    ],
  });
  slice({ name: "b", item: Task, indexes: [byId], reducers: (on) => [on(TaskSet, replaceLatestBy(byId))] });
  slice({
    name: "c",
    item: Task,
    indexes: [byId],
    reducers: (on) => [on(TaskSet, (_view, { payload }) => upsert(byId, { ...payload, state: "done" }))],
  });
});
