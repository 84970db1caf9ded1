/** How much of a section is shown, and the slice in which a session keeps what was opened. */
import { type EventDefinition, event, replace, type SessionAccess, type Slice, slice } from "../session/index.ts";
import { plainSchema } from "./plain-schema.ts";

/** `full` shows body, children and tools; `summary` shows the summary in their place. */
export type Visibility = "full" | "summary";

/** What a session keeps for one section: it wins over what the section says itself. */
export interface SectionVisibility {
  /** `ns:key` of the prompt. */
  readonly prompt: string;
  /** Keys from the root, joined by dots. */
  readonly section: string;
  readonly visibility: Visibility;
}

const text = { type: "string" } as const;

/** Shows a section in full, or as its summary, from the next run on. `open_sections` dispatches it. */
export const VisibilitySet: EventDefinition<"prompt/visibility-set", SectionVisibility> = event(
  "prompt/visibility-set",
  plainSchema<SectionVisibility>({
    type: "object",
    properties: { prompt: text, section: text, visibility: { type: "string", enum: ["full", "summary"] } },
    required: ["prompt", "section", "visibility"],
    additionalProperties: false,
  }),
);

/** Forgets what the session keeps for one section of a prompt, or for all of them. */
export const VisibilityCleared: EventDefinition<
  "prompt/visibility-cleared",
  { readonly prompt: string; readonly section?: string | undefined }
> = event(
  "prompt/visibility-cleared",
  plainSchema<{ readonly prompt: string; readonly section?: string | undefined }>({
    type: "object",
    properties: { prompt: text, section: text },
    required: ["prompt"],
    additionalProperties: false,
  }),
);

/**
 * What sections of which prompt are shown otherwise than they say themselves. A run of a prompt with summaries installs it;
 * install it yourself to set something before the first run.
 */
export const visibility: Slice<SectionVisibility> = slice({
  name: "prompt/visibility",
  item: VisibilitySet.schema,
  reducers: (on) => [
    on(VisibilitySet, (view, { payload }) => {
      const others = view
        .all()
        .filter(({ prompt, section }) => prompt !== payload.prompt || section !== payload.section);
      return replace([...others, payload]);
    }),
    on(VisibilityCleared, (view, { payload }) =>
      replace(
        view
          .all()
          .filter(
            ({ prompt, section }) =>
              prompt !== payload.prompt || (payload.section !== undefined && section !== payload.section),
          ),
      ),
    ),
  ],
});

/** What a session keeps for the sections of one prompt, by path. */
export function visibilityIn(session: Pick<SessionAccess, "query">, prompt: string): ReadonlyMap<string, Visibility> {
  const kept = session.query(visibility).all();
  return new Map(kept.filter((one) => one.prompt === prompt).map((one) => [one.section, one.visibility]));
}
