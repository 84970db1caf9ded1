/** What the compiler refuses, or cannot see, is refused at definition or `bind` as well, in words for people. */
import { expect, test } from "vitest";
import { definePrompt, ok, raw, section, token, tool } from "weakincentives";
import { z } from "zod";

/** As from a program in JavaScript, or one that gave its types up. */
const untyped = (value: unknown): never => value as never;

const about = { name: "send", description: "Sends mail.", handler: () => ok("sent") };

function messageOf(make: () => unknown): string {
  try {
    make();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return "nothing was thrown";
}

test("a resource that nobody gives is named, with its tool and section", () => {
  const mailer = token<{ send(): void }>("mailer");
  const send = tool({ ...about, effects: "external", resources: { post: mailer } });
  const inner = section({ key: "mail", title: "Mail", body: "Send it.", tools: [send] });
  const outer = section({ key: "office", title: "Office", body: "Work.", sections: [inner] });
  const template = definePrompt({ ns: "types", key: "resource", sections: [outer] });
  expect(messageOf(() => template.bind())).toBe(
    'tool "send" of section "office.mail": Nobody gives the resource "mailer". Expected a binding of "mailer" in the' +
      " section, the template or bind(). Received no resources at all." +
      " Give it: bind(params, { resources: [mailer.bind(value)] }).",
  );
  const other = token<number>("mailr").bind(1);
  expect(messageOf(() => template.bind({}, { resources: [other] }))).toContain('Received "mailr".');
  expect(template.bind({}, { resources: [mailer.bind({ send: () => undefined })] }).name).toBe("types:resource");
});

test("two sections whose params disagree are both named", () => {
  const one = section({ key: "one", title: "One", params: z.object({ id: z.string() }), body: "{{id}}" });
  const two = section({ key: "two", title: "Two", params: z.object({ id: z.int() }), body: "{{id}}" });
  const parent = section({ key: "parent", title: "Parent", body: "Both.", sections: [two] });
  const message = messageOf(() => definePrompt({ ns: "types", key: "conflict", sections: [one, parent] }));
  expect(message).toContain(
    'prompt "types:conflict": The param "id" has different schemas in sections "one" and "parent.two".',
  );
  expect(message).toContain('Expected {"type":"string"}.');
  expect(message).toContain("Share one schema, or use two names.");
});

test("a misspelt placeholder, in a literal and in text known only at run time", () => {
  const params = z.object({ name: z.string(), age: z.int() });
  const message =
    'section "s": The placeholder {{nam}} is not declared in params. Expected one of {{name}}, {{age}}.' +
    ' Received {{nam}}. Did you mean "name"? Example: body: "{{name}}"';
  expect(messageOf(() => section({ key: "s", title: "S", params, body: untyped("Hello {{nam}}") }))).toBe(message);
  expect(messageOf(() => section({ key: "s", title: "S", params, body: raw("Hello {{nam}}") }))).toBe(message);
});

test("a placeholder with space in it", () => {
  const params = z.object({ name: z.string() });
  expect(messageOf(() => section({ key: "s", title: "S", params, body: "Hello {{ name }}" }))).toBe(
    'section "s": {{ name }} looks like a placeholder and is not one. Expected {{name}}. Received {{ name }}.' +
      ' Write {{name}}, or {{{{ for a literal {{. Example: body: "{{name}}"',
  );
});

test("a param that is missing, misspelt or of a wrong type", () => {
  const asked = section({ key: "ask", title: "Ask", params: z.object({ request: z.string() }), body: "{{request}}" });
  const template = definePrompt({ ns: "types", key: "params", sections: [asked] });
  expect(messageOf(() => template.bind(untyped({})))).toContain(
    'bind of prompt "types:params", section "ask": The params do not fit: `request`: Invalid input',
  );
  expect(messageOf(() => template.bind(untyped({ reqest: "x" })))).toContain('Did you mean "request"?');
  expect(messageOf(() => template.bind(untyped({ request: 3 })))).toContain("expected string, received number");
});

test("a tool without effects, or one to be taken back without undo", () => {
  expect(messageOf(() => tool(untyped(about)))).toContain(
    'tool "send": The effects are not declared. Expected none, workspace, idempotent, compensable, external.',
  );
  expect(messageOf(() => tool(untyped({ ...about, effects: "compensable" })))).toContain(
    'tool "send": A compensable tool must give `undo`. Expected a function. Received undefined.',
  );
});

test("params and outputs that are no objects", () => {
  expect(messageOf(() => tool(untyped({ ...about, effects: "none", params: z.string() })))).toContain(
    'tool "send": The parameters are not an object. Expected a schema of an object. Received one of type "string".',
  );
  const sections = [section({ key: "s", title: "S", body: "S" })] as const;
  expect(messageOf(() => definePrompt({ ns: "n", key: "k", sections, output: untyped(z.string()) }))).toContain(
    'prompt "n:k": The output is neither an object nor a list. Expected z.object({…}), z.array(…)',
  );
});
