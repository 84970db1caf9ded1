/** Prompt caching: where a request has its points, whether they are allowed, and what is read and written at them. */
import { isJsonObject, type JsonObject, type JsonValue } from "../../../base/index.ts";
import { given, type Report, textOf } from "../checks.ts";
import { remembered, type Tokens, tokensOf } from "../tokens.ts";

/** A block of a request in the order in which it is cached, and the point behind it. */
interface Block {
  readonly text: string;
  readonly point: JsonValue | undefined;
}

/** Reports points that are too many, of an unknown form or in the wrong order. */
export function checkCachePoints(body: JsonObject, report: Report): void {
  const points = blocksOf(body).flatMap(({ point }) => (given(point) ? [point] : []));
  if (points.length > 4) report(`${points.length} cache points, more than 4`);
  let short = false;
  for (const point of points) {
    const { ttl = "5m", type } = isJsonObject(point) ? point : {};
    if (type !== "ephemeral" || (ttl !== "5m" && ttl !== "1h")) report("cache_control of no known form");
    if (ttl === "1h" && short) report("a cache point for 1h behind one for 5m");
    short ||= ttl === "5m";
  }
}

/** Makes a count of requests, of which the part before a point is written once and then read. */
export function cacheCounter(): (
  body: JsonObject,
) => Pick<Tokens, "inputTokens" | "cachedInputTokens" | "cacheWriteTokens"> {
  /** The prefixes that are cached, those of the last requests: each has at most four. */
  let written: readonly string[] = [];
  return (body) => {
    let text = "";
    const prefixes: string[] = [];
    for (const block of blocksOf(body)) {
      text += `${block.text}\n`;
      if (given(block.point)) prefixes.push(text);
    }
    const longest = prefixes.at(-1) ?? "";
    const read = Math.max(0, ...written.filter((known) => longest.startsWith(known)).map(({ length }) => length));
    written = [...written.filter((known) => !prefixes.includes(known)), ...prefixes].slice(-4 * remembered);
    const cachedInputTokens = read >> 2;
    return {
      inputTokens: tokensOf(text.length),
      cachedInputTokens,
      cacheWriteTokens: (longest.length >> 2) - cachedInputTokens,
    };
  };
}

function blocksOf({ cache_control: automatic, messages, system, tools }: JsonObject): readonly Block[] {
  const blocks: Block[] = [...listOf(tools), ...listOf(system)].map((block) => blockOf(block, ""));
  for (const message of listOf(messages)) {
    if (!isJsonObject(message)) continue;
    for (const block of listOf(message.content)) blocks.push(blockOf(block, textOf(message.role)));
  }
  const last = blocks.pop();
  if (last !== undefined) blocks.push({ ...last, point: last.point ?? automatic });
  return blocks;
}

const listOf = (value: JsonValue | undefined): readonly JsonValue[] => (given(value) ? [value].flat() : []);

function blockOf(block: JsonValue, role: string): Block {
  if (!isJsonObject(block)) return { text: JSON.stringify([role, { type: "text", text: block }]), point: undefined };
  const { cache_control: point, ...rest } = block;
  return { text: JSON.stringify([role, rest]), point };
}
