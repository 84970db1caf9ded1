/**
 * Tries to get out of a host folder: random paths, over random links, hard links, pipes, sockets, devices and histories of git.
 * Nothing outside is read or changed, whatever is thrown is an error of the library, and nothing stays open.
 */
import { existsSync, readdirSync } from "node:fs";
import fc from "fast-check";
import { afterAll, expect, it } from "vitest";
import { allSteps, type EscapeStep, readingSteps, runStep } from "../../../test/support/escape-steps.ts";
import { escapeStock, historyNames, layout, secretMark, type Thing } from "../../../test/support/escape-world.ts";
import { type Looseness, looseFiles } from "../../../test/support/loose-files.ts";
import { propertyRuns } from "../../../test/support/property-runs.ts";
import { WinkError } from "../../base/index.ts";
import type { Filesystem } from "../filesystem.ts";
import { type MountOptions, mountHost } from "../mount.ts";
import { hostFiles } from "./host-files.ts";

if (existsSync("/dev/shm")) process.env.TMPDIR = "/dev/shm"; // a disk in memory: thousands of folders come and go
const stock = await escapeStock();
afterAll(async () => await stock[Symbol.asyncDispose]());

type Opened = Partial<Filesystem> & Partial<AsyncDisposable>;

/** The property of files that are opened in some way. */
const staysInside = (
  open: (root: string) => Promise<Opened> | Opened,
  things: fc.Arbitrary<Thing[]>,
  steps: fc.Arbitrary<EscapeStep[]>,
): fc.IAsyncProperty<[Thing[], EscapeStep[]]> =>
  fc.asyncProperty(things, steps, async (filled, called) => {
    using world = stock.world();
    world.fill(filled);
    const fs = await open(world.root);
    let told = "";
    for (const step of called) {
      try {
        told += await runStep(fs, step, world.vault);
      } catch (error) {
        if (!WinkError.is(error)) throw error;
        told += JSON.stringify([error.message, error.details]);
      }
    }
    await fs[Symbol.asyncDispose]?.();
    expect(told).not.toContain(secretMark);
    expect(world.damage()).toBeUndefined();
  });

const mountsInside = (options: Partial<MountOptions>): fc.IAsyncProperty<[Thing[]]> =>
  fc.asyncProperty(layout("read"), async (filled) => {
    using world = stock.world();
    world.fill(filled);
    expect(JSON.stringify(await mountHost({ root: world.root, ...options }))).not.toContain(secretMark);
    expect(world.damage()).toBeUndefined();
  });

const openDescriptors = (): number => readdirSync("/proc/self/fd").length;

it("no call gets out of the folder, and nothing stays open", { timeout: 1_800_000 }, async () => {
  const before = openDescriptors();
  const property = staysInside((root) => hostFiles({ root }), layout("write"), allSteps);
  await fc.assert(property, { numRuns: propertyRuns * 10 });
  expect(openDescriptors()).toBeLessThanOrEqual(before + 2);
});

it("no reading call gets out of the folder over links of the system", { timeout: 1_800_000 }, async () => {
  const property = staysInside((root) => hostFiles({ root }), layout("read"), readingSteps);
  await fc.assert(property, { numRuns: propertyRuns * 2 });
});

it("no mount takes anything from outside", { timeout: 1_800_000 }, async () => {
  await fc.assert(mountsInside({ exclude: historyNames }), { numRuns: propertyRuns * 2 });
});

it.each<[Looseness]>([["following"], ["open to git"], ["hard links"]])(
  "files that are %s are found",
  async (looseness) => {
    const property = staysInside((root) => looseFiles(root, looseness), layout("write"), allSteps);
    expect((await fc.check(property, { numRuns: 2_000, seed: 1, endOnFailure: true })).failed).toBe(true);
  },
);

it("mounts that take hard links are found", async () => {
  const property = mountsInside({ exclude: historyNames, hardLinks: true });
  expect((await fc.check(property, { numRuns: 2_000, seed: 1, endOnFailure: true })).failed).toBe(true);
});
