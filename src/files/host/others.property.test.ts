/** Host files beside others who change them: whatever was announced is taken back to the byte. */
import { chmodSync, lstatSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, it } from "vitest";
import { filePath, fileText } from "../../../test/support/file-model.ts";
import { slowRuns } from "../../../test/support/property-runs.ts";
import { shownFolder } from "../../../test/support/shown-folder.ts";
import { WinkError } from "../../base/index.ts";
import type { FileSnapshot } from "../filesystem.ts";
import { type HostFilesystem, hostFiles } from "./host-files.ts";

const folder = mkdtempSync(join(tmpdir(), "wink-others-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** What is done by us, through the port, or by others, who say so before. */
type Step =
  | { readonly by: "us"; readonly path: string; readonly put: string }
  | { readonly by: "others"; readonly path: string; readonly put: string }
  | { readonly by: "nobody"; readonly what: "snapshot" }
  | { readonly by: "nobody"; readonly what: "restore" | "changes"; readonly of: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    by: fc.constant("us" as const),
    path: filePath,
    put: fc.oneof(fileText, fc.constantFrom("nothing", "directory")),
  }),
  fc.record({
    by: fc.constant("others" as const),
    path: filePath,
    put: fc.oneof(fileText, fc.constantFrom("nothing", "directory", "link", "program", "private", "locked", "chmod")),
  }),
  fc.constant({ by: "nobody" as const, what: "snapshot" as const }),
  fc.record({
    by: fc.constant("nobody" as const),
    what: fc.constantFrom("restore" as const, "changes" as const),
    of: fc.nat(5),
  }),
);

async function ours(fs: HostFilesystem, path: string, put: string): Promise<void> {
  try {
    if (put === "nothing") await fs.remove(path, { recursive: true });
    else if (put === "directory") await fs.makeDirectory(path);
    else await fs.writeText(path, put);
  } catch (error) {
    if (!WinkError.is(error)) throw error; // something is in the way
  }
}

function theirs(root: string, path: string, put: string): void {
  const at = join(root, path);
  let above = root;
  for (const name of ["", ...path.split("/").slice(0, -1)]) {
    above = join(above, name);
    if (lstatSync(above, { throwIfNoEntry: false })?.isDirectory() === false) rmSync(above);
    mkdirSync(above, { recursive: true });
  }
  const there = lstatSync(at, { throwIfNoEntry: false });
  if (put === "chmod") {
    if (there?.isFile()) chmodSync(at, 0o640);
    if (there?.isDirectory()) chmodSync(at, 0o711);
    return;
  }
  if (put === "private" && there?.isFile()) {
    writeFileSync(at, "in place"); // permissions stay
    return;
  }
  rmSync(at, { recursive: true, force: true });
  if (put === "directory") mkdirSync(at);
  else if (put === "locked") mkdirSync(at, { mode: 0o700 });
  else if (put === "link") symlinkSync("../elsewhere", at);
  else if (put !== "nothing") {
    writeFileSync(at, put);
    if (put === "program") chmodSync(at, 0o755);
    if (put === "private") chmodSync(at, 0o600);
  }
}

const isContent = (line: string): boolean => !pathIn(line).endsWith("/");
const pathIn = (line: string): string => line.split(" ")[0] ?? "";

function expectedChanges(before: readonly string[], after: readonly string[]): readonly unknown[] {
  const [old, now] = [before, after].map(
    (lines) => new Map(lines.filter(isContent).map((line) => [pathIn(line), line])),
  );
  const paths = [...new Set([...(old?.keys() ?? []), ...(now?.keys() ?? [])])].sort();
  return paths.flatMap((path) => {
    if (old?.get(path) === now?.get(path)) return [];
    return [{ path, kind: !old?.has(path) ? "added" : now?.has(path) ? "modified" : "removed" }];
  });
}

let made = 0;
/** The property: a snapshot brings back exactly what stood there, and `changes` tells exactly what differs. */
const bringsBack = (tamper: (fs: HostFilesystem) => Partial<HostFilesystem>): fc.IAsyncProperty<[Step[]]> =>
  fc.asyncProperty(fc.array(step, { maxLength: 14 }), async (steps) => {
    const root = join(folder, `${made++}`);
    theirs(root, "kept", "from the beginning");
    using _gone = { [Symbol.dispose]: () => rmSync(root, { recursive: true }) };
    await using opened = await hostFiles({ root });
    const fs = { ...opened, ...tamper(opened) };
    const taken: { readonly snapshot: FileSnapshot; readonly content: readonly string[] }[] = [];
    for (const next of steps) {
      if (next.by === "us") await ours(fs, next.path, next.put);
      else if (next.by === "others") {
        await fs.changedOutside();
        theirs(root, next.path, next.put);
      } else if (next.what === "snapshot") taken.push({ snapshot: await fs.snapshot(), content: shownFolder(root) });
      else {
        const chosen = taken[next.of % Math.max(1, taken.length)];
        if (chosen === undefined) continue;
        if (next.what === "restore") {
          await fs.restore(chosen.snapshot);
          expect(shownFolder(root)).toEqual(chosen.content);
        } else expect(await fs.changes(chosen.snapshot)).toEqual(expectedChanges(chosen.content, shownFolder(root)));
      }
    }
    for (const { snapshot, content } of taken) {
      for (const other of taken) {
        expect(await fs.changes(snapshot, other.snapshot)).toEqual(expectedChanges(content, other.content));
      }
    }
    for (const { snapshot, content } of taken.toReversed()) {
      await fs.restore(snapshot);
      expect(shownFolder(root)).toEqual(content);
    }
  });

it("what others do is taken back as well, and told exactly", async () => {
  await fc.assert(
    bringsBack(() => ({})),
    { numRuns: slowRuns(2, 1 / 20) },
  ); // each capture starts git
});

it("the property fails when nobody says that others change files", async () => {
  const silent = bringsBack(() => ({ changedOutside: async () => undefined }));
  expect((await fc.check(silent, { numRuns: 100, seed: 1, endOnFailure: true })).failed).toBe(true);
});
