import { describe, expect, test } from "vitest";
import { thrownBy } from "../../test/support/thrown-by.ts";
import { aList, aName, anObject, aText, checkKind, checkOptions, kind } from "./index.ts";

class Client {
  readonly options = { gateway: "plain-gateway-key" };
}

const headers = kind(
  "an object of texts",
  (value) => anObject.fits(value) && Object.values(Object(value)).every(aName.fits),
);
const kinds = { model: aName, settings: anObject, headers, calls: aList };

describe("a wrong option", () => {
  test.each<[string, object, string]>([
    [
      "that holds an environment, of an unknown name",
      { environment: { ACME_DSN: "Qx8Zk", TWILIO_SID: "AC-plain" } },
      "f, environment: There is no such option. Expected model, settings, headers, calls. Received an object.",
    ],
    [
      "that holds a client, of an unknown name",
      { openai: new Client() },
      "f, openai: There is no such option. Expected model, settings, headers, calls. Received an object of class Client.",
    ],
    [
      "that holds clients",
      { settings: [new Client(), new Client()] },
      "f, settings: This cannot be used. Expected an object. Received a list of 2 items.",
    ],
    [
      "with headers",
      { headers: { "x-gateway": "plain-gateway-key", "x-org": "" } },
      "f, headers: This cannot be used. Expected an object of texts. Received an object.",
    ],
    ["of a class", { model: new Map([["key", "plain"]]) }, "Received an object of class Map."],
    ["without a class", { model: Object.create(null) }, "Received an empty object."],
    ["that is a promise", { model: Promise.resolve("m") }, "Received a promise."],
    ["that is empty", { model: {} }, "Received an empty object."],
    ["of numbers", { calls: [1, 2] }, "Expected a list of objects. Received list [1,2]."],
    ["of no items", { model: [] }, "Received list []."],
    ["of texts", { model: ["plain-key"] }, "Received a list of 1 item."],
    [
      "that is blank",
      { model: " " },
      'f, model: This cannot be used. Expected text that is not blank. Received string " ".',
    ],
    ["that is a number", { model: 5 }, "Expected text that is not blank. Received number 5."],
    ["that is a function", { model: () => "m" }, "Received function."],
    [
      "of a secret's name",
      { apiKey: "plain" },
      "f, apiKey: There is no such option. Expected model, settings, headers, calls. Received [redacted].",
    ],
    ["of a misspelt name", { setings: null }, 'Received null. Did you mean "settings"?'],
  ])("%s is told without what it holds", (_what, given, text) => {
    const error = thrownBy(() => checkOptions("f", given, kinds));
    expect(error.code).toBe("INPUT_INVALID");
    expect(error.message).toContain(text);
    expect(JSON.stringify([error.message, error.parts])).not.toMatch(/plain|Qx8Zk/);
  });

  test("that is undefined was not given", () => {
    expect(checkOptions("f", { model: undefined, unknown: undefined }, kinds)).toBeUndefined();
  });
});

test("options that are no object are told in the same way", () => {
  expect(thrownBy(() => checkOptions("f", ["plain"], kinds)).message).toContain("Received a list of 1 item.");
  expect(thrownBy(() => checkKind("f", { key: "plain" }, aText)).message).toBe(
    "f: This cannot be used. Expected text. Received an object. Correct the argument that the message names.",
  );
});
