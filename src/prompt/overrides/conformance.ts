/**
 * What every store of overrides promises, as checks that any test runner can run: each throws when the promise does not hold,
 * and is given storage that is empty. The numbers are those in the header of `override-store.ts`.
 */
import assert from "node:assert/strict";
import { sha256 } from "../../base/index.ts";
import { bodiesOf, latest, type OverrideConformanceCase, refuses, withBody } from "./conformance-case.ts";
import { formatOverrideFile } from "./override-file.ts";

export type { OverrideConformanceCase, OverrideHarness } from "./conformance-case.ts";

const malformed = ["", "a//b", "/a", "a/", "../a", "a/../b", "A", "a b", ".a", "-a", "é", "a\0", "a\n", "x".repeat(65)];

/** All promises of the port. */
export const overrideConformance: readonly OverrideConformanceCase[] = [
  {
    id: "O1",
    claim: "what was written is loaded, exactly, by every store, and there is nothing before",
    async check(make) {
      const { store, again } = await make();
      assert.equal(await store.load(latest), undefined);
      const body = "é 😀 {{who}}\r\n\u2028\ud800 \\u0000 \0";
      const written = await store.update(latest, (file) => {
        assert.equal(file, undefined);
        return { ...withBody("a.b", body)(), tools: { t: [1, { deep: null }], ["__proto__"]: "own" } };
      });
      for (const reader of [store, again()]) {
        const file = await reader.load(latest);
        assert.deepEqual(bodiesOf(file), { "a.b": body });
        assert.deepEqual(file, written);
        assert.deepEqual(Object.entries(file?.tools ?? {}).toSorted(), [
          ["__proto__", "own"],
          ["t", [1, { deep: null }]],
        ]);
      }
    },
  },
  {
    id: "O1",
    claim: "prompts and tags do not touch each other",
    async check(make) {
      const { store, again } = await make();
      const others = [
        { ...latest, tag: "stable" },
        { ...latest, key: "welcome.2" },
        { ...latest, ns: "webapp" },
        { ns: "webapp", key: "agents", tag: "welcome" },
        { ns: "webapp/agents/welcome", key: "latest", tag: "latest" },
      ];
      for (const [index, id] of [latest, ...others].entries()) await store.update(id, withBody("a", `${index}`, id));
      for (const [index, id] of [latest, ...others].entries()) {
        assert.deepEqual(bodiesOf(await again().load(id)), { a: `${index}` });
      }
    },
  },
  {
    id: "O2",
    claim: "of many updates at once each sees what the others have written",
    async check(make) {
      const { store, again } = await make();
      const paths = Array.from({ length: 40 }, (_, index) => `s${index}`);
      const updates = paths.map((path, index) => (index % 2 ? store : again()).update(latest, withBody(path, path)));
      const seen = (await Promise.all(updates)).map((file) => Object.keys(file?.sections ?? {}).length);
      assert.deepEqual(
        seen.toSorted((a, b) => a - b),
        paths.map((_, index) => index + 1),
      );
      assert.deepEqual(bodiesOf(await store.load(latest)), Object.fromEntries(paths.map((path) => [path, path])));
    },
  },
  {
    id: "O2",
    claim: "a change that throws, or gives nothing, writes nothing, and the next one gets on",
    async check(make) {
      const { store, again } = await make();
      const thrown = new Error("no");
      const throwing = (): never => {
        throw thrown;
      };
      await assert.rejects(store.update(latest, throwing), thrown);
      assert.equal(await store.update(latest, () => undefined), undefined);
      assert.deepEqual([await again().load(latest), await again().list()], [undefined, []]);
      const file = await again().update(latest, withBody("a", "x"));
      await assert.rejects(store.update(latest, throwing), thrown);
      assert.deepEqual(await store.update(latest, () => undefined), file);
      assert.deepEqual(bodiesOf(await store.load(latest)), { a: "x" });
    },
  },
  {
    id: "O3",
    claim: "an id that is not well formed is refused, and nothing comes of it",
    async check(make) {
      const { store } = await make();
      const ids = malformed.flatMap((part) => [
        { ...latest, ns: part },
        { ...latest, key: part },
        { ...latest, tag: part },
      ]);
      for (const id of [...ids, { ...latest, key: "a/b" }, { ...latest, tag: "a/b" }]) {
        await refuses("OVERRIDES_INVALID", store.load(id));
        await refuses("OVERRIDES_INVALID", store.update(id, withBody("a", "x", id)));
        await refuses("OVERRIDES_INVALID", store.delete(id));
      }
      assert.deepEqual(await store.list(), []);
      const longest = { ns: `0/${"x".repeat(64)}`, key: "a._-9", tag: "0" };
      await store.update(longest, withBody("a", "x", longest));
      assert.deepEqual(bodiesOf(await store.load(longest)), { a: "x" });
    },
  },
  {
    id: "O3",
    claim: "what could not be read back is not written",
    async check(make) {
      const { store } = await make();
      await store.update(latest, withBody("a", "x"));
      let deep: unknown = [];
      for (let depth = 0; depth < 20; depth++) deep = [deep];
      const tooMuch = { ...withBody("b", "x")(), tools: { t: deep as never } }; // as: it is JSON, and too deep
      await refuses("OVERRIDES_INVALID", store.update(latest, withBody("b", "x", { ...latest, ns: "other" })));
      await refuses("OVERRIDES_INVALID", store.update(latest, withBody("b", "x", { ...latest, tag: "other" })));
      await refuses("OVERRIDES_INVALID", store.update(latest, withBody("b", "x".repeat(5 * 1024 * 1024))));
      await refuses(
        "OVERRIDES_INVALID",
        store.update(latest, () => tooMuch),
      );
      assert.deepEqual(bodiesOf(await store.load(latest)), { a: "x" });
      assert.equal((await store.list()).length, 1);
    },
  },
  {
    id: "O4",
    claim: "deleting what is not there is fine, and what was deleted is gone",
    async check(make) {
      const { store, again } = await make();
      await store.delete(latest);
      await store.update(latest, withBody("a", "x"));
      await store.update({ ...latest, tag: "stable" }, withBody("a", "y", { ...latest, tag: "stable" }));
      await again().delete(latest);
      await store.delete(latest);
      assert.equal(await store.load(latest), undefined);
      assert.deepEqual(bodiesOf(await store.load({ ...latest, tag: "stable" })), { a: "y" });
      const anew = await store.update(latest, withBody("b", "z"));
      assert.deepEqual(bodiesOf(anew), { b: "z" });
    },
  },
  {
    id: "O5",
    claim: "every file is listed, sorted by id, with the hash of its bytes and the number of its entries",
    async check(make) {
      const { store, again } = await make();
      assert.deepEqual(await store.list(), []);
      const ids = [
        { ns: "b", key: "a", tag: "x" },
        { ns: "a/b", key: "a", tag: "x" },
        { ns: "a", key: "b", tag: "y" },
        { ns: "a", key: "b", tag: "x" },
      ];
      for (const id of ids) await store.update(id, withBody("s", "x", id));
      const counted = await store.update(ids[3] ?? latest, (file) => ({
        ...withBody("s2", "x", ids[3])(file),
        tools: { t: {} },
      }));
      for (const reader of [store, again()]) {
        const listed = await reader.list();
        assert.deepEqual(
          listed.map(({ ns, key, tag, sections, tools }) => ({ ns, key, tag, sections, tools })),
          ids.toReversed().map((id, index) => ({ ...id, sections: index === 0 ? 2 : 1, tools: index === 0 ? 1 : 0 })),
        );
        assert(counted !== undefined && listed[0]?.sha256 === sha256(formatOverrideFile(counted)));
        assert(listed.every(({ modified, problem }) => Number.isFinite(modified) && problem === undefined));
      }
    },
  },
  {
    id: "O6",
    claim: "an aborted signal ends every call with its reason, and nothing is written",
    async check(make) {
      const { store } = await make();
      await store.update(latest, withBody("a", "x"));
      const reason = new Error("enough");
      const options = { signal: AbortSignal.abort(reason) };
      await assert.rejects(store.load(latest, options), reason);
      await assert.rejects(store.update(latest, withBody("a", "y"), options), reason);
      await assert.rejects(store.delete(latest, options), reason);
      await assert.rejects(store.list(options), reason);
      assert.deepEqual(bodiesOf(await store.load(latest)), { a: "x" });
    },
  },
];
