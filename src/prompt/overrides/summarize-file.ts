import { messageFrom } from "../../base/index.ts";
import { parseOverrideFile } from "./override-file.ts";
import type { OverrideId } from "./override-id.ts";
import type { OverrideSummary } from "./override-store.ts";

/** Counts the entries of a file, or says why it cannot be read. `read` gives its text. */
export function summarizeFile(
  id: OverrideId,
  at: string,
  read: () => string,
): Pick<OverrideSummary, "sections" | "tools" | "problem"> {
  try {
    const { sections, tools } = parseOverrideFile(read(), id, at);
    return { sections: Object.keys(sections).length, tools: Object.keys(tools).length };
  } catch (error) {
    return { sections: 0, tools: 0, problem: messageFrom(error) };
  }
}
