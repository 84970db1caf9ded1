import { aFlag, aName, anObject, kind, type OptionKind, oneOf, WinkError } from "../../base/index.ts";
import { aNumber, aStop, aToolChoice, stopList } from "../provider/index.ts";
import { type AnthropicSettings, defaultMaxOutputTokens, leastBudget, thinks } from "./settings.ts";

const thoughts = ["adaptive", "between-tools", "disabled"];

/** The settings that there are, and what each must be whatever the others are; bounds of numbers depend on these. */
export const settingKinds: Readonly<Record<keyof AnthropicSettings, OptionKind>> = {
  maxOutputTokens: aNumber,
  cache: oneOf(true, false, "5m", "1h"),
  thinking: kind(`${thoughts.map((word) => JSON.stringify(word)).join(", ")} or { budgetTokens }`, (value) =>
    typeof value === "object" && value !== null
      ? Object.keys(value).join() === "budgetTokens"
      : thoughts.includes(String(value)),
  ),
  thinkingDisplay: oneOf("summarized", "omitted"),
  effort: oneOf("low", "medium", "high", "xhigh", "max"),
  temperature: aNumber,
  topP: aNumber,
  topK: aNumber,
  stop: aStop,
  parallelToolCalls: aFlag,
  toolChoice: aToolChoice,
  outputFormat: oneOf("json-schema", "tool", "none"),
  userId: aName,
  serviceTier: oneOf("auto", "standard_only"),
  extra: anObject,
};

/** Throws `INPUT_INVALID` for settings that the API refuses whatever the model, so that no run begins with them. */
export function checkSettings(settings: AnthropicSettings): void {
  const { maxOutputTokens = defaultMaxOutputTokens, temperature, topP, topK, thinking, toolChoice, stop } = settings;
  if (!Number.isSafeInteger(maxOutputTokens) || maxOutputTokens < 1) {
    throw wrong("maxOutputTokens", "a whole number of tokens, at least 1", maxOutputTokens);
  }
  if (temperature !== undefined && !within(temperature, 0, 1)) throw wrong("temperature", "0 to 1", temperature);
  if (topP !== undefined && !within(topP, 0, 1)) throw wrong("topP", "0 to 1", topP);
  if (topK !== undefined && !(Number.isSafeInteger(topK) && topK >= 0)) throw wrong("topK", "a whole number", topK);
  if (temperature !== undefined && topP !== undefined) {
    throw wrong("topP", "`temperature` or `topP`, not both", topP);
  }
  for (const sequence of stopList(stop ?? [])) {
    if (sequence.trim() === "") throw wrong("stop", "text that is not blank", sequence);
  }
  if (typeof thinking === "object") {
    const { budgetTokens } = thinking;
    if (!Number.isSafeInteger(budgetTokens) || budgetTokens < leastBudget || budgetTokens >= maxOutputTokens) {
      const expected = `a whole number of tokens, at least ${leastBudget} and less than \`maxOutputTokens\` (${maxOutputTokens})`;
      throw wrong("thinking.budgetTokens", expected, budgetTokens);
    }
  }
  if (thinks(settings)) checkWithThinking(settings);
  else if (settings.thinkingDisplay !== undefined) {
    throw wrong("thinkingDisplay", "thinking that is `adaptive` or has a budget", settings.thinkingDisplay);
  }
  if (thinks(settings) && settings.outputFormat === "tool" && toolChoice === "none") {
    throw wrong("toolChoice", "another choice: with thinking, the answer by a tool cannot be forced", toolChoice);
  }
}

/** What does not go with thinking. */
function checkWithThinking({ temperature, topP, topK, toolChoice }: AnthropicSettings): void {
  if (temperature !== undefined && temperature !== 1) throw wrong("temperature", "none with thinking", temperature);
  if (topP !== undefined && topP < 0.95) throw wrong("topP", "0.95 to 1 with thinking", topP);
  if (topK !== undefined) throw wrong("topK", "none with thinking", topK);
  if (toolChoice !== undefined && toolChoice !== "auto" && toolChoice !== "none") {
    throw wrong("toolChoice", "`auto` or `none` with thinking", toolChoice);
  }
}

const within = (value: number, least: number, most: number): boolean => value >= least && value <= most;

function wrong(setting: string, expected: string, received: unknown): WinkError {
  return new WinkError("INPUT_INVALID", {
    at: `setting \`${setting}\``,
    problem: "The Messages API refuses it",
    expected,
    received: typeof received === "number" ? String(received) : JSON.stringify(received),
    fix: "Correct or leave out the setting.",
  });
}
