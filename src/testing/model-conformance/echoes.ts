/** What goes to the provider and comes back from it beside texts and calls: thoughts, images, files, streams. */
import assert from "node:assert/strict";
import { type Message, type ModelRequest, textOf, type UserMessage } from "../../model/index.ts";
import type { LoopbackAnswer } from "../loopback/index.ts";
import { asking, type ModelCase, textsIn, userSays } from "./stage.ts";
import { addition, calling, withResults } from "./tools.ts";

const thought = "One and one are two.";
const png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const pdf = "JVBERi0xLjQKJSVFT0YK";

/** A request with a part beside the text. */
const showing = (part: UserMessage["content"][number]): ModelRequest =>
  asking("", { messages: [{ role: "user", content: [{ type: "text", text: "Look." }, part] }] });

/** A case of a part whose data must be sent. */
const sends = (
  claim: string,
  needs: "images" | "files",
  part: UserMessage["content"][number],
  data: string,
): ModelCase => ({
  claim,
  needs,
  only: "whole",
  async play({ open }) {
    const { ask, harness } = await open([{ say: "Seen." }]);
    await ask(showing(part));
    const texts = textsIn(harness.requests[0]?.body);
    assert(texts.includes("Look."));
    assert(
      texts.some((text) => text.endsWith(data)),
      "the data is not sent",
    );
  },
});

/** A case that compares a streamed answer with a whole one. */
const same = (claim: string, answer: LoopbackAnswer, needs: ModelCase["needs"] = "streaming"): ModelCase => ({
  claim,
  needs,
  only: "streamed",
  async play({ open }) {
    const [whole, streamed] = [await open([answer]), await open([answer])];
    assert.deepEqual(await streamed.ask(addition, { way: "streamed" }), await whole.ask(addition, { way: "whole" }));
  },
});

export const echoCases: readonly ModelCase[] = [
  {
    claim: "what the model thought goes back unchanged with its calls",
    needs: "reasoningEcho",
    async play({ open }) {
      const { ask, harness } = await open([
        { calls: [calling(1), calling(2)], text: "I add.", thinking: thought },
        { calls: [calling(3)], thinking: "Once more." },
        { say: "Done." },
      ]);
      const first = await ask(addition);
      assert(!textOf(first.message).includes(thought), "the thought stands in the text");
      const then = withResults(addition, first);
      const last = withResults(then, await ask(then));
      assert.equal((await ask(last)).finish, "stop");
      const sent = textsIn(harness.requests[2]?.body).join("\n");
      assert(sent.includes(thought) && sent.includes("Once more."), "the thoughts were not sent back");
    },
  },
  {
    claim: "what the model thought before an answer goes back unchanged",
    needs: "reasoningEcho",
    async play({ open }) {
      const { ask, harness } = await open([{ say: "Two.", thinking: thought }, { say: "Sure." }]);
      const request = asking("How much is 1 + 1?");
      const { message } = await ask(request);
      assert.equal(textOf(message), "Two.");
      await ask({ ...request, messages: [...request.messages, message, userSays("Sure?")] });
      assert(textsIn(harness.requests[1]?.body).includes(thought), "the thought was not sent back");
    },
  },
  {
    claim: "data of another driver is not sent",
    only: "whole",
    async play({ open }) {
      const { ask, harness } = await open([{ say: "Two.", thinking: thought }, { say: "Sure." }]);
      const request = asking("How much is 1 + 1?");
      const { message } = await ask(request);
      // The driver's own data, so that it would know what to do with it, under another name.
      const foreign: Message = { ...message, provider: { data: {}, ...message.provider, provider: "another-driver" } };
      await ask({ ...request, messages: [...request.messages, foreign, userSays("Sure?")] });
      assert(!JSON.stringify(harness.requests[1]?.body).includes(thought), "it is sent");
    },
  },
  sends("an image is sent", "images", { type: "image", mediaType: "image/png", data: png }, png),
  sends("a file is sent", "files", { type: "file", mediaType: "application/pdf", name: "paper.pdf", data: pdf }, pdf),
  {
    claim: "progress grows while an answer comes",
    needs: "streaming",
    only: "streamed",
    async play({ open }) {
      const text = "A rather long answer, which comes in many pieces, one behind the other.";
      const { ask } = await open([{ say: text }]);
      const seen: number[] = [];
      await ask(asking("Tell."), { onProgress: ({ characters }) => void seen.push(characters) });
      assert(new Set(seen).size > 2, `progress was told as ${seen.join(", ")}`);
      assert.deepEqual(
        seen,
        seen.toSorted((a, b) => a - b),
      );
      assert.equal(seen.at(-1), text.length);
    },
  },
  same("a streamed text is the whole one", { say: "Hello é😀, this comes in pieces.", usage: { outputTokens: 9 } }),
  same("streamed calls are the whole ones", { calls: [calling(1), calling(2)], text: "I add." }),
  same("a streamed answer that was cut off is the whole one", { say: "It was a dark and stormy", cut: true }),
  same("streamed thoughts are the whole ones", { calls: [calling(1)], thinking: thought }, "reasoningEcho"),
  same("a streamed refusal is the whole one", { refuse: "I will not do that." }, "refusals"),
];
