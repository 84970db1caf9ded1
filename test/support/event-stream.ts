import type { LoopbackBody } from "../../src/testing/index.ts";

/**
 * Events as the body of a loopback server's answer, for tests that need some which no script gives. Each is named by its type,
 * if it has one; `done` ends the stream as OpenAI's servers do.
 */
export function eventStream(events: readonly unknown[], end: "done" | "silent" = "done"): LoopbackBody {
  const texts = events.map((event) => {
    const named = typeof event === "object" && event !== null && "type" in event;
    return `${named ? `event: ${String(event.type)}\n` : ""}data: ${JSON.stringify(event)}\n\n`;
  });
  if (end === "done") texts.push("data: [DONE]\n\n");
  return { body: texts.join(""), contentType: "text/event-stream" };
}
