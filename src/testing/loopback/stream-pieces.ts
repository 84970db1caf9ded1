import type { LoopbackFault } from "./answer.ts";
import type { Frame } from "./protocol.ts";

/** An event as it goes over the wire. */
function frameText({ event, data }: Frame): string {
  const text = typeof data === "string" ? data : JSON.stringify(data);
  return `${event === undefined ? "" : `event: ${event}\n`}data: ${text}\n\n`;
}

/** The pieces of a stream, with what goes wrong in its middle: behind the first piece of what the model says. */
export function* streamPieces(
  frames: readonly Frame[],
  fault: LoopbackFault | undefined,
  errorFrame: (error: Readonly<Record<string, unknown>>) => Frame,
): Iterable<string> {
  const pieces = frames.map(frameText);
  if (fault === undefined) return yield* pieces;
  const said = frames.findIndex(({ more }) => more === true);
  const middle = said + 1;
  yield* pieces.slice(0, middle);
  const next = pieces[middle] ?? "";
  switch (fault.fault) {
    case "endless":
      for (;;) yield pieces[said] ?? next;
    case "half":
      yield next.slice(0, next.length >> 1);
      return;
    case "garbled":
      yield next.replace(/\}\n\n$/, "\n\n");
      yield* pieces.slice(middle + 1);
      return;
    case "error":
      yield frameText(errorFrame(fault.error ?? {}));
      return;
  }
}
