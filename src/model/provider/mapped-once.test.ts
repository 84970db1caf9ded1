import { describe, expect, test } from "vitest";
import type { Message } from "../index.ts";
import { mappedOnce } from "./mapped-once.ts";

const say = (text: string): Message => ({ role: "user", content: [{ type: "text", text }] });

/** Maps messages to objects of their text; throws for a text that is told to fail. */
function mapper(failing: Set<string> = new Set()) {
  return mappedOnce<{ said: string }>((list, { content }) => {
    const said = content.map((part) => (part.type === "text" ? part.text : "")).join("");
    if (failing.has(said)) throw new Error(`no ${said}`);
    list.push({ said });
  });
}
const texts = (list: readonly { said: string }[]) => list.map(({ said }) => said).join("");

describe("mappedOnce", () => {
  test("maps what a list has grown by, and gives each request a list of its own", () => {
    const map = mapper();
    const messages = [say("a")];
    const first = map(messages);
    messages.push(say("b"), say("c"));
    const second = map(messages);
    expect([texts(first), texts(second)]).toEqual(["a", "abc"]);
    expect(second[0]).toBe(first[0]);
    second.length = 0;
    expect(texts(map(messages))).toBe("abc");
  });

  test("maps a list anew that has become shorter, or another", () => {
    const map = mapper();
    const messages = [say("a"), say("b")];
    map(messages);
    messages.pop();
    expect(texts(map(messages))).toBe("a");
    messages[0] = say("z");
    expect(texts(map(messages))).toBe("z");
  });

  test("maps no message twice when a later one could not be mapped", () => {
    const failing = new Set(["c"]);
    const map = mapper(failing);
    const messages = [say("a")];
    const [first] = map(messages);
    messages.push(say("b"), say("c"), say("d"));
    for (let turn = 0; turn < 2; turn++) expect(() => map(messages)).toThrow("no c");
    failing.clear();
    const all = map(messages);
    expect(texts(all)).toBe("abcd");
    expect(all[0]).toBe(first);
  });
});
