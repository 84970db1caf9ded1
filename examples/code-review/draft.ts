/** A tool that always breaks, to show that a failed call leaves no trace. Switched on by `--fault`. */
import { append, event, files, section, slice, tool } from "weakincentives";
import { z } from "zod";

/** Where the tool writes before it breaks. */
export const draftPath = "REVIEW-DRAFT.md";

const DraftSaved = event("review/draft-saved", z.object({ path: z.string(), characters: z.int() }));

/** The drafts that were saved: none, ever. */
export const drafts = slice({
  name: "drafts",
  item: DraftSaved.schema,
  reducers: (on) => [on(DraftSaved, (_view, { payload }) => append(payload))],
});

const saveDraft = tool({
  name: "save_draft",
  description: "Save a draft of the review as a file of the repository.",
  effects: "workspace",
  resources: { fs: files },
  params: z.object({ text: z.string() }),
  async handler({ text }, { fs, session, signal }) {
    await fs.writeText(draftPath, text, { signal });
    session.dispatch(DraftSaved({ path: draftPath, characters: text.length }));
    throw new Error("the planted fault, after the file was written and the event dispatched");
  },
});

/** Brings the tool and its state; switched off, both are gone. */
export const draftSection = section({
  key: "draft",
  title: "Draft",
  params: z.object({ fault: z.boolean() }),
  body: "Call save_draft once before you answer. If it fails, go on without it.",
  enabled: ({ params }) => params.fault,
  tools: [saveDraft],
  slices: [drafts],
});
