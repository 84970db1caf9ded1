import type { Captures } from "./captures.ts";
import type { Keeper } from "./keeper.ts";
import type { Places } from "./places.ts";
import type { HostWriter } from "./writer.ts";

/** What the parts of host files share. */
export interface HostParts {
  readonly places: Places;
  readonly writer: HostWriter;
  readonly keeper: Keeper;
  readonly captures: Captures;
}
