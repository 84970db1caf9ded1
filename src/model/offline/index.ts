/** A model that follows a plan of rules instead of a language model: for first steps without a key. */
export {
  type Move,
  type OfflineModelOptions,
  offlineModel,
  offlineNotice,
  type Plan,
  type PlannedCall,
  type PlanView,
} from "./offline-model.ts";
export type { PastCall, PastTurn } from "./transcript.ts";
