/** `weakincentives/store`: what keeps the items of a slice beyond a session. */
export { type JsonlStoreOptions, jsonlStore } from "./jsonl-store.ts";
export { memoryStore } from "./memory-store.ts";
export type { SliceStore } from "./slice-store.ts";
