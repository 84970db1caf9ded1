import { append, event, section, slice } from "weakincentives";
import { z } from "zod";
import { check, some, typeOf } from "../check.ts";

const params = z.object({ name: z.string(), age: z.int().default(3) });
const Noted = event("noted", z.string());
const notes = slice({
  name: "notes",
  item: z.string(),
  reducers: (on) => [on(Noted, (_view, { payload }) => append(payload))],
});

check("the function is given what the params give out, and the session to look at", () => {
  section({
    key: "a",
    title: "A",
    params,
    body: {
      text: "notes/v1",
      write: (context) => {
        typeOf(context.params).is<{ name: string; age: number }>();
        typeOf(context.session.query(notes).all()).is<readonly string[]>();
        return context.params.name;
      },
    },
  });
});

check("the order of properties does not matter, and a method is as good", () => {
  section({
    body: {
      write({ params: { age }, session }) {
        return `${session.query(notes).length} notes, ${age.toFixed()}`;
      },
      text: "notes/v1",
    },
    params,
    title: "A",
    key: "a",
  });
});

check("a section without params", () => {
  section({ key: "a", title: "A", body: { text: "a/v1", write: ({ session }) => session.query(notes).all().join() } });
  section({ key: "b", title: "B", body: { text: "b/v1", write: () => "{{anything}} is ordinary text here" } });
});

check("a function that is there can be used", () => {
  const write = ({ params: { name } }: { params: { name: string } }) => `Hello ${name}`;
  section({ key: "a", title: "A", params, body: { text: "a/v1", write } });
});

check("a param that is not declared", () => {
  // error: Property 'nam' does not exist on type '{ name: string; age: number; }'. Did you mean 'name'?
  section({ key: "a", title: "A", params, body: { text: "a/v1", write: (context) => context.params.nam } });
});

check("the function gives text, at once", () => {
  // error: Type 'number' is not assignable to type 'string'.
  section({ key: "a", title: "A", body: { text: "a/v1", write: () => 1 } });
  // error: Type 'Promise<string>' is not assignable to type 'string'.
  section({ key: "b", title: "B", body: { text: "a/v1", write: async () => "" } });
});

check("the session of a text can only be looked at", () => {
  section({
    key: "a",
    title: "A",
    body: {
      text: "a/v1",
      write: ({ session }) => {
        // error: Property 'dispatch' does not exist on type 'Pick<SessionAccess, "query">'.
        session.dispatch(Noted("x"));
        return "";
      },
    },
  });
});

check("a text made from state has an id", () => {
  // error: Property 'text' is missing in type '{ write: () => string; }' but required in type 'StateText<{}>'.
  section({ key: "a", title: "A", body: { write: () => "" } });
  // error: 'wite' does not exist in type 'RawText | StateText<{}>'.
  section({ key: "b", title: "B", body: { text: "a/v1", wite: () => "" } });
});

check("something else is no body", () => {
  // error: Type '() => string' is not assignable to type 'string | RawText | StateText<{}>'.
  section({ key: "a", title: "A", body: () => "" });
  // error: Type 'number' is not assignable to type 'string | RawText | StateText<{}>'.
  section({ key: "b", title: "B", body: 3 });
  // error: Type 'string | undefined' is not assignable to type 'string | RawText | StateText<{}>'.
  section({ key: "c", title: "C", body: some<string | undefined>() });
});
