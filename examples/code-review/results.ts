/** What comes of a run: the review and the patch as files, and the findings in lines for people. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Mount, OverlayFilesystem } from "weakincentives/files";
import type { Model } from "weakincentives/model";
import { patchOf } from "./patch.ts";
import { checkQuotes } from "./quotes.ts";
import { reportOf } from "./report.ts";
import type { Review } from "./review.ts";
import { shellQuoted } from "./shell.ts";
import { count, shown } from "./timeline.ts";

/** What the results are made of. */
export interface Results {
  readonly folder: string;
  readonly mount: Mount;
  readonly model: Model;
  readonly runId: string;
  readonly review: Review;
  readonly fs: OverlayFilesystem;
  readonly say: (line: string) => void;
}

/** Writes and tells them. */
export async function writeResults({ folder, mount, model, runId, review, fs, say }: Results): Promise<void> {
  const issues = await checkQuotes(review.issues, fs.view(fs.base));
  const patch = await patchOf(fs);
  const report = reportOf({
    root: mount.root,
    fileCount: mount.files.length,
    model: `${model.provider}/${model.name}`,
    runId,
    review,
    issues,
    patched: patch.files,
    skipped: mount.skipped,
  });
  writeFileSync(join(folder, "review.md"), report, { mode: 0o600 });
  if (patch.text !== "") writeFileSync(join(folder, "changes.patch"), patch.text, { mode: 0o600 });
  say("");
  say(shown(review.summary, 500));
  for (const { issue, quote } of issues) {
    const place = `${shown(`${issue.file}:${issue.line}`, 80)}${quote === "missing" ? " (not verified)" : ""}`;
    say(
      `  ${issue.severity.padEnd(6)} ${place.padEnd(36)} ${shown(issue.rule, 40).padEnd(22)} ${shown(issue.message, 100)}`,
    );
  }
  say("");
  for (const [index, step] of review.nextSteps.entries()) say(`${index + 1}. ${shown(step, 300)}`);
  say("");
  say(
    `Written to ${shown(folder, 1000)}: review.md, ${patch.text === "" ? "" : "changes.patch, "}the journal ${runId}.jsonl`,
  );
  if (patch.text === "") return;
  const [root, file] = [shellQuoted(mount.root), shellQuoted(join(folder, "changes.patch"))];
  say(`The patch mends ${count(patch.files.length, "file")}. To see whether it fits, and to apply it:`);
  say(`  cd ${root} && git apply --check ${file}`);
  say(`  cd ${root} && git apply ${file}`);
}
