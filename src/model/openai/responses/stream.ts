/** Events of a Responses stream: only the last one counts, which holds the whole answer. */
import { isJsonObject, type JsonObject, type JsonValue } from "../../../base/index.ts";
import { type Assembly, endedEarly, type InvalidAnswer, toldError } from "../../provider/index.ts";

const lastEvents = new Set(["response.completed", "response.incomplete", "response.failed"]);

/** Makes the assembly of one answer. */
export function responsesAssembly(invalid: InvalidAnswer): Assembly {
  let characters = 0;
  let began = false;
  let last: JsonObject | undefined;
  /** Items that have come whole: some servers leave them out of their last event. */
  const items: JsonValue[] = [];
  return {
    get characters() {
      return characters;
    },
    take(event) {
      if (!isJsonObject(event) || typeof event.type !== "string") {
        throw invalid("An event of the answer has no type", "an event of the Responses API", event);
      }
      const { type, delta, item, response } = event;
      began = true;
      if (type === "error") throw toldError(event.error) ?? toldError(event);
      if (typeof delta === "string") characters += delta.length;
      if (type === "response.output_item.done" && item !== undefined) items.push(item);
      if (!lastEvents.has(type)) return;
      if (!isJsonObject(response)) throw invalid("The last event holds no answer", "`response`", event);
      last = response;
    },
    whole() {
      if (last === undefined) throw endedEarly({ began, characters }, invalid);
      const { output } = last;
      return items.length > 0 && (!Array.isArray(output) || output.length === 0) ? { ...last, output: items } : last;
    },
  };
}
