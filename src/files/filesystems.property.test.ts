import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, it } from "vitest";
import { applyStep, compareWith, type FileStep, fileStep, newModel } from "../../test/support/file-model.ts";
import { type Closable, filesIn } from "../../test/support/files-in-folder.ts";
import { propertyRuns, slowRuns } from "../../test/support/property-runs.ts";
import type { Filesystem } from "./filesystem.ts";
import { hostFiles } from "./host/host-files.ts";
import { memoryFiles } from "./memory.ts";
import { mountHost } from "./mount.ts";
import { overlayFiles } from "./overlay.ts";

const folder = mkdtempSync(join(tmpdir(), "wink-files-"));
afterAll(() => rmSync(folder, { recursive: true }));

let made = 0;
function newRoot(): string {
  const root = join(folder, `${made++}`);
  mkdirSync(root);
  return root;
}
const host = (): Promise<Closable> => filesIn(newRoot(), (root) => hostFiles({ root }));
const overlay = (): Promise<Closable> => filesIn(newRoot(), async (root) => overlayFiles(await mountHost({ root })));
const memory = async (): Promise<Closable> => memoryFiles();

/** The property: after any steps, a filesystem holds and tells what the model does. */
const behavesAsModel = (make: () => Promise<Closable>): fc.IAsyncProperty<[FileStep[]]> =>
  fc.asyncProperty(fc.array(fileStep, { maxLength: 30 }), async (steps) => {
    const fs = await make();
    await using _closing = { [Symbol.asyncDispose]: async () => await fs[Symbol.asyncDispose]?.() };
    const model = newModel();
    for (const next of steps) await applyStep(fs, model, next);
    await compareWith(fs, model);
  });

it.each<[string, () => Promise<Closable>, number]>([
  ["memory", memory, propertyRuns],
  ["an overlay", overlay, propertyRuns],
  ["a host folder", host, slowRuns(10, 1 / 4)], // each of its steps is on the disk
])("files in %s do what a plain map does, through snapshots and all", async (_name, make, numRuns) => {
  await fc.assert(behavesAsModel(make), { numRuns });
});

it.each<[string, (fs: Closable) => Partial<Filesystem>]>([
  ["restore does nothing", () => ({ restore: async () => undefined })],
  ["a removal forgets what is below", (fs) => ({ remove: (at) => fs.remove(at) })],
  ["changes leaves out the last", (fs) => ({ changes: async (...of) => (await fs.changes(...of)).slice(0, -1) })],
])("the property fails when %s", async (_fault, planted) => {
  for (const make of [memory, host]) {
    const broken = async (): Promise<Closable> => {
      const fs = await make();
      return { ...fs, ...planted(fs) };
    };
    expect((await fc.check(behavesAsModel(broken), { numRuns: 1_000, seed: 1, endOnFailure: true })).failed).toBe(true);
  }
});
