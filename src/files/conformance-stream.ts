import assert from "node:assert/strict";
import { type FileConformanceCase, refuses } from "./conformance-case.ts";
import type { Filesystem } from "./filesystem.ts";

/** Edits, and content piece by piece. */
export const streamConformance: readonly FileConformanceCase[] = [
  {
    id: "F28",
    claim: "an edit writes what the function makes of the text, and nothing comes between",
    async check(fs) {
      await fs.writeText("a", "1\r\n2");
      await Promise.all(["x", "y", "z"].map((sign) => fs.editText("a", (text) => `${text}${sign}`)));
      assert.equal(await fs.readText("a"), "1\r\n2xyz");
      await refuses(
        "FILE_MISSING",
        fs.editText("b", (text) => text),
      );
      await refuses(
        "FILE_NOT_TEXT",
        fs.editText("a", () => "\uD83D"),
      );
      const broken = new Error("broken");
      await assert.rejects(
        fs.editText("a", () => {
          throw broken;
        }),
        broken,
      );
      assert.equal(await fs.readText("a"), "1\r\n2xyz");
    },
  },
  {
    id: "F29",
    claim: "a stream gives the bytes that are asked for, in pieces of at most 64 KiB",
    async check(fs) {
      const content = Uint8Array.from({ length: 200_000 }, (_, index) => index % 251);
      await fs.writeBytes("d/a", content);
      assert.deepEqual(await gathered(fs, "d/a"), content);
      assert.deepEqual(await gathered(fs, "d/a", { start: 10, end: 100_000 }), content.slice(10, 100_000));
      assert.deepEqual(await gathered(fs, "d/a", { start: 199_990, end: 999_999 }), content.slice(199_990));
      assert.equal((await gathered(fs, "d/a", { start: 300_000 })).byteLength, 0);
      await refuses("FILE_MISSING", gathered(fs, "b"));
      await refuses("FILE_IS_DIRECTORY", gathered(fs, "d"));
      await refuses("INPUT_INVALID", gathered(fs, "d/a", { start: -1 }));
      const reason = new Error("enough");
      await assert.rejects(gathered(fs, "d/a", { signal: AbortSignal.abort(reason) }), reason);
    },
  },
  {
    id: "F30",
    claim: "a stream is written when all of it has come, and not when it breaks or files are taken back meanwhile",
    async check(fs) {
      await fs.writeText("a", "old");
      const broken = new Error("broken");
      await assert.rejects(fs.writeStream("a", pieces("new", broken)), broken);
      assert.equal(await fs.readText("a"), "old");
      await fs.writeStream("a", pieces(" and ", "new"), { mode: "append" });
      await fs.writeStream("d/b", [Buffer.from("made")], { mode: "create" });
      assert.deepEqual([await fs.readText("a"), await fs.readText("d/b")], ["old and new", "made"]);
      await refuses("FILE_EXISTS", fs.writeStream("a", pieces(""), { mode: "create" }));
      await refuses("FILE_IS_DIRECTORY", fs.writeStream("d", pieces("")));
      const before = await fs.snapshot();
      async function* slow(): AsyncGenerator<Uint8Array> {
        yield Buffer.from("late");
        await fs.restore(before);
        yield Buffer.from("later");
      }
      await refuses("FILE_CHANGED", fs.writeStream("e/late", slow()));
      const text: Iterable<Uint8Array> = ["text"] as never; // as: what plain JavaScript may give, such as a stream with an encoding
      await refuses("INPUT_INVALID", fs.writeStream("a", text));
      assert.equal(await fs.readText("a"), "old and new");
      const never = new Promise<never>(() => undefined);
      const controller = new AbortController();
      async function* stuck(): AsyncGenerator<Uint8Array> {
        yield Buffer.from("x");
        queueMicrotask(() => controller.abort(broken));
        await never;
      }
      await assert.rejects(fs.writeStream("e/stuck", stuck(), { signal: controller.signal }), broken);
      assert.deepEqual(await fs.changes(before), []);
      assert.equal(await fs.stat("e"), undefined);
    },
  },
];

async function gathered(fs: Filesystem, ...of: Parameters<Filesystem["readStream"]>): Promise<Uint8Array> {
  const found: Uint8Array[] = [];
  for await (const piece of fs.readStream(...of)) {
    assert(piece.byteLength > 0 && piece.byteLength <= 64 * 1024, `a piece of ${piece.byteLength} bytes`);
    found.push(piece);
  }
  return new Uint8Array(Buffer.concat(found));
}

async function* pieces(...of: readonly (string | Error)[]): AsyncGenerator<Uint8Array> {
  for (const piece of of) {
    if (typeof piece !== "string") throw piece;
    yield Buffer.from(piece);
  }
}
