import { AssertionError } from "node:assert";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { filesystemConformance } from "./conformance.ts";
import type { Filesystem } from "./filesystem.ts";
import { guardFiles } from "./guard.ts";
import { hostFiles } from "./host/host-files.ts";
import { memoryFiles } from "./memory.ts";
import { mountHost } from "./mount.ts";
import { overlayFiles } from "./overlay.ts";

type Made = Filesystem & Partial<AsyncDisposable>;

describe.each<readonly [string, () => Promise<Made>]>([
  ["memory", async () => memoryFiles()],
  ["guarded memory", async () => guardFiles(memoryFiles(), { check: () => undefined, mayWrite: true })],
  ["overlay", overlayOfNothing],
  ["host", hostOfNothing],
])("%s", (_name, make) => {
  it.each(filesystemConformance.map((promise) => [promise.id, promise.claim, promise] as const))(
    "%s %s",
    async (_id, _claim, { check }) => {
      const fs = await make();
      await using _closing = { [Symbol.asyncDispose]: async () => await fs[Symbol.asyncDispose]?.() };
      await check(fs);
    },
  );
});

it("every promise of the port is proved, and nothing else", () => {
  const [header = ""] = readFileSync(new URL("./filesystem.ts", import.meta.url), "utf8").split("*/");
  const promised = [...header.matchAll(/\b(F\d+):/g)].map(([, id]) => id);
  expect(filesystemConformance.map(({ id }) => id)).toEqual(promised);
});

it("F27 sees files whose changes come late", async () => {
  const inner = memoryFiles();
  const late: Filesystem = {
    ...inner,
    async writeText(path, text, options) {
      await new Promise((resolve) => setImmediate(resolve));
      await inner.writeText(path, text, options);
    },
  };
  const promise = filesystemConformance.find(({ id }) => id === "F27");
  await expect(promise?.check(late)).rejects.toThrow(AssertionError);
});

async function overlayOfNothing(): Promise<ReturnType<typeof overlayFiles>> {
  const root = await mkdtemp(join(tmpdir(), "wink-files-"));
  try {
    return overlayFiles(await mountHost({ root }));
  } finally {
    await rm(root, { recursive: true });
  }
}

async function hostOfNothing(): Promise<Made> {
  const root = await mkdtemp(join(tmpdir(), "wink-host-"));
  const fs = await hostFiles({ root });
  return {
    ...fs,
    async [Symbol.asyncDispose]() {
      await fs[Symbol.asyncDispose]();
      await rm(root, { recursive: true });
    },
  };
}
