/** Floor of one turn in process: parse arguments and result with the same schemas, stringify four journal entries, hash each message once. */
import { createHash } from "node:crypto";
import { z } from "zod";

export const params = z.object({ a: z.number(), b: z.number() });
export const result = z.object({ sum: z.number(), note: z.string() });
const note = "x".repeat(180);

/** Runs `turns` turns and an answer; gives the bytes that a journal in memory would hold. */
export async function floorRun(turns: number): Promise<number> {
  let bytes = 0;
  const hashed = (message: unknown): string => {
    const text = JSON.stringify(message);
    bytes += text.length;
    return createHash("sha256").update(text).digest("hex");
  };
  const entry = (value: unknown): void => {
    bytes += JSON.stringify(value).length;
  };
  const refs: string[] = [hashed({ role: "user", content: "add" })];
  for (let turn = 0; turn < turns; turn++) {
    const call = await Promise.resolve({ id: `call-${turn}`, name: "add", arguments: `{"a":${turn},"b":1}` });
    entry({ type: "model/requested", upTo: refs.length });
    refs.push(hashed({ role: "assistant", calls: [call] }));
    entry({ type: "model/responded", message: refs.length - 1 });
    const args = params.parse(JSON.parse(call.arguments));
    entry({ type: "tool/intended", id: call.id, args });
    const value = result.parse(await Promise.resolve({ sum: args.a + args.b, note }));
    refs.push(hashed({ role: "tool", id: call.id, content: JSON.stringify(value) }));
    entry({ type: "tool/finished", id: call.id, message: refs.length - 1 });
  }
  return bytes;
}
