/** Sessions: events in, slices out. */
export { bottomUp } from "./bottom-up.ts";
export { createSession, type SessionOptions } from "./create-session.ts";
export { type Event, type EventDefinition, event, type Payload } from "./event.ts";
export { type Index, type IndexKey, type IndexOptions, index } from "./indexes/define-index.ts";
export type { KeyRange } from "./indexes/place-index.ts";
export type { JournalPlace } from "./journal-place.ts";
export type { JsonOnly } from "./json-only.ts";
export { append, clear, extend, renew, replace, type SliceOp, upsert } from "./operation.ts";
export { appendAll, replaceLatest, replaceLatestBy, upsertBy } from "./reducers.ts";
export { type RestoreOptions, restoreSession } from "./restore-session.ts";
export type { SavedSlice } from "./saved-slice.ts";
export type {
  DispatchOptions,
  DumpOptions,
  Session,
  SessionAccess,
  SessionFork,
  SessionSnapshot,
  SessionView,
} from "./session.ts";
export type { DumpDigests, SavedSession, SessionDump } from "./session-dump.ts";
export {
  type Handled,
  type On,
  type Reduce,
  type Slice,
  type SliceDefinition,
  type SlicePolicy,
  slice,
} from "./slice.ts";
export { SliceCleared, SliceInitialised } from "./system-events.ts";
export type { Found, SliceView } from "./view.ts";
