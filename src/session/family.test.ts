import { describe, expect, test } from "vitest";
import { thrownBy } from "../../test/support/thrown-by.ts";
import { bottomUp, createSession, type Session } from "./index.ts";

const child = (id: string, parent: Session): Session => createSession({ id, parent });

describe("tags", () => {
  test("name the session and its parent", () => {
    const root = createSession({ id: "root", tags: { team: "a", session: "other" } });
    expect(root.tags).toEqual({ team: "a", session: "root" });
    expect(child("c", root).tags).toEqual({ session: "c", parent: "root" });
    expect(createSession({ id: "d", parent: root, tags: { parent: "mine" } }).tags).toEqual({
      session: "d",
      parent: "mine",
    });
    expect(() => Object.assign(root.tags, { more: "x" })).toThrow(TypeError);
  });

  test.each([1, null, undefined, ["a"], {}])("of anything but text are refused: %j", (wrong) => {
    const error = thrownBy(() => createSession({ tags: { odd: wrong as never } }));
    expect(error.code).toBe("INPUT_INVALID");
    expect(error.message).toContain('tags, "odd": A tag is not text. Expected text.');
  });
});

describe("a family", () => {
  test("is told by parent and children, in the order they were made", () => {
    const root = createSession({ id: "root" });
    const [one, two] = [child("one", root), child("two", root)];
    expect([root.parent, one.parent, one.children()]).toEqual([undefined, root, []]);
    expect(root.children()).toEqual([one, two]);
    (root.children() as Session[]).pop();
    expect(root.children()).toHaveLength(2);
  });

  test("is gone through from the bottom up", () => {
    const root = createSession({ id: "root" });
    const [one] = [child("one", root), child("two", root)];
    if (one !== undefined) child("inner", one);
    expect([...bottomUp(root)].map(({ id }) => id)).toEqual(["inner", "one", "two", "root"]);
  });

  test("may be deeper than the stack", () => {
    const root = createSession({ id: "0" });
    let last = root;
    for (let depth = 1; depth < 20_000; depth++) last = child(String(depth), last);
    const first = bottomUp(root)[Symbol.iterator]().next();
    expect(first.value).toBe(last);
  });

  test("has no one who is their own parent, and no strangers", () => {
    const root = createSession({ id: "root" });
    expect(thrownBy(() => child("root", root)).message).toContain("A session cannot be its own parent");
    expect(thrownBy(() => child("c", { id: "root" } as Session)).message).toContain("The parent is not a session");
    expect(root.children()).toEqual([]);
  });
});
