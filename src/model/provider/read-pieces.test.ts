import { describe, expect, test } from "vitest";
import { invalidAnswer } from "./invalid-answer.ts";
import { type Assembly, endedEarly, readPieces } from "./read-pieces.ts";

const open = new AbortController().signal;

/** Takes texts, and gives them joined. */
function joined(): Assembly {
  let text = "";
  return {
    get characters() {
      return text.length;
    },
    take(piece) {
      text += String(piece);
    },
    whole: () => text,
  };
}

describe("readPieces", () => {
  test("puts the pieces together, and tells each, also one that brings nothing", async () => {
    async function* pieces() {
      yield* ["ab", "", "c"];
    }
    const seen: number[] = [];
    const onProgress = ({ characters }: { characters: number }) => void seen.push(characters);
    expect(await readPieces(pieces(), joined(), { signal: open, onProgress })).toBe("abc");
    expect(seen).toEqual([2, 2, 3]);
  });

  test.each([[undefined], ["a text"], [{ whole: true }]])("gives what is no stream as it is: %j", async (answer) => {
    expect(await readPieces(answer, joined(), { signal: open })).toBe(answer);
  });

  test("ends with the signal's reason, also when the stream does not look at it, and closes the stream", async () => {
    const controller = new AbortController();
    let isClosed = false;
    async function* long() {
      try {
        for (let count = 0; count < 100; count++) yield "a";
      } finally {
        isClosed = true;
      }
    }
    const onProgress = () => controller.abort("enough");
    await expect(readPieces(long(), joined(), { signal: controller.signal, onProgress })).rejects.toBe("enough");
    expect(isClosed).toBe(true);
  });
});

test("a stream that ended early is another error when nothing of an answer had come", () => {
  const invalid = invalidAnswer(String, "m");
  expect(endedEarly({ began: true, characters: 7 }, invalid)).toMatchObject({
    code: "MODEL_UNAVAILABLE",
    details: { characters: 7 },
  });
  expect(endedEarly({ began: false, characters: 0 }, invalid)).toMatchObject({ code: "MODEL_RESPONSE_INVALID" });
});
