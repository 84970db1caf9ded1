/** Sessions: events in, slices out. */
export { type Event, type EventDefinition, event, type Payload } from "./event.ts";
export type { JsonOnly } from "./json-only.ts";
export { append, clear, extend, replace, type SliceOp } from "./operation.ts";
export { appendAll, replaceLatest, upsertBy } from "./reducers.ts";
export {
  createSession,
  type Session,
  type SessionAccess,
  type SessionFork,
  type SessionOptions,
  type SessionSnapshot,
} from "./session.ts";
export {
  type Handled,
  type On,
  type Reduce,
  type Slice,
  type SliceDefinition,
  type SlicePolicy,
  slice,
} from "./slice.ts";
export type { SliceView } from "./view.ts";
