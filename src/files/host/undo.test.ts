import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { rejectionOf, thrownBy } from "../../../test/support/thrown-by.ts";
import { Captures } from "./captures.ts";
import { changedLooks } from "./contents.ts";
import { HostChanges } from "./host-changes.ts";
import { openHostFolder } from "./host-folder.ts";
import { Places } from "./places.ts";
import { openState } from "./state.ts";
import { Undo } from "./undo.ts";
import { HostWriter } from "./writer.ts";

it("what others make just before our change fails is left as it is", async () => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "wink-undo-")));
  const folder = openHostFolder(root);
  using state = await openState(folder, undefined, "state");
  const { keeper } = state;
  const places = new Places(folder, { isExcluded: () => false, hardLinks: false });
  const captures = new Captures(places, { repository: keeper.repository });
  const parts = { places, writer: new HostWriter(places), keeper, captures };
  const undo = new Undo(parts);
  const before = await undo.snapshot();
  function* pieces(): Generator<Uint8Array> {
    writeFileSync(join(root, "f"), "theirs");
    yield Buffer.from("ours");
  }
  expect(thrownBy(() => new HostChanges(parts, undo).write("f", pieces()))).toMatchObject({ code: "FILE_CHANGED" });
  expect(await rejectionOf(undo.restore(before))).toMatchObject({ code: "FILE_CHANGED" });
  expect(readFileSync(join(root, "f"), "utf8")).toBe("theirs");
  rmSync(root, { recursive: true });
});

it("times that a disk counts in whole seconds tell nothing", () => {
  const at = (ctimeMs: number) => new Map([["f", { ino: 1, size: 2, ctimeMs }]]);
  expect(changedLooks(at(5_000), at(5_000)).changed).toEqual(["f"]);
  expect(changedLooks(at(5_000.25), at(5_000.25)).changed).toEqual([]);
  expect(changedLooks(at(5_000.25), at(5_000.5)).changed).toEqual(["f"]);
});
