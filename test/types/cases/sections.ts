import {
  definePrompt,
  type Filesystem,
  files,
  ok,
  type Prompt,
  type Section,
  type SessionAccess,
  section,
  slice,
  tool,
} from "weakincentives";
import { z } from "zod";
import { check, some, typeOf } from "../check.ts";

const named = section({ key: "named", title: "N", params: z.object({ name: z.string() }), body: "{{name}}" });
const aged = section({ key: "aged", title: "A", params: z.object({ age: z.int() }), body: "{{age}}" });
const plain = section({ key: "plain", title: "P", body: "Hello." });

check("a section is typed by what bind must give for it", () => {
  typeOf(named).is<Section<{ name: string }>>();
  typeOf(plain).is<Section<{}>>();
});

check("a section asks for the params of its children", () => {
  const grandchild = section({ key: "g", title: "G", params: z.object({ deep: z.boolean() }), body: "{{deep}}" });
  const child = section({ key: "c", title: "C", body: "C", sections: [grandchild, aged] });
  const parent = section({
    key: "p",
    title: "P",
    params: z.object({ name: z.string() }),
    body: "{{name}}",
    sections: [child],
  });
  typeOf(parent).is<Section<{ name: string; deep: boolean; age: number }>>();
});

check("a child does not see its parent's params", () => {
  section({
    key: "p",
    title: "P",
    params: z.object({ name: z.string() }),
    body: "{{name}}",
    // error: TextProblem<"{{name}} is not declared in params", never>
    sections: [section({ key: "c", title: "C", body: "{{name}}" })],
  });
});

check("helpers that return sections keep their params", () => {
  function about<Name extends string>(name: Name) {
    return section({ key: name, title: name, params: z.object({ about: z.string() }), body: "{{about}}" });
  }
  const prompt = definePrompt({ ns: "types", key: "h", sections: [about("x"), named] });
  typeOf(prompt.bind({ about: "x", name: "y" })).is<Prompt<undefined, { about: string; name: string }>>();
});

check("sections made with map and spread into the list keep their params", () => {
  const mapped = ["a", "b"].map((key) =>
    section({ key, title: key, params: z.object({ name: z.string() }), body: "{{name}}" }),
  );
  const prompt = definePrompt({ ns: "types", key: "m", sections: [plain, ...mapped, aged] });
  typeOf(prompt.bind({ name: "x", age: 3 })).is<Prompt<undefined, { name: string; age: number }>>();
  // error: Property 'name' is missing in type '{ age: number; }'
  prompt.bind({ age: 3 });
});

check("a section spread in on a condition asks for its params all the same", () => {
  const prompt = definePrompt({ ns: "types", key: "c", sections: [plain, ...(some<boolean>() ? [named] : [])] });
  typeOf(prompt.bind({ name: "x" })).is<Prompt<undefined, { name: string }>>();
  // error: Expected 1-2 arguments, but got 0.
  prompt.bind();
});

check("a choice between two sections asks for the params of both", () => {
  const prompt = definePrompt({ ns: "types", key: "e", sections: [some<boolean>() ? named : aged] });
  typeOf(prompt.bind({ name: "x", age: 3 })).is<Prompt<undefined, { name: string; age: number }>>();
});

check("a choice between two lists of sections is written as a spread", () => {
  // error: is not assignable to type 'readonly [Section<{ name: string; }>]'
  definePrompt({ ns: "types", key: "l", sections: some<boolean>() ? [named] : [named, aged] });
  definePrompt({ ns: "types", key: "l", sections: [...(some<boolean>() ? [named] : [named, aged])] });
});

check("undefined is no section", () => {
  // error: Type 'Section<{ name: string; }> | undefined' is not assignable to type 'Section<any>'.
  definePrompt({ ns: "types", key: "u", sections: [some<boolean>() ? named : undefined] });
});

check("something else is no section", () => {
  // error: Type 'string' is not assignable to type 'CompiledBody'.
  definePrompt({ ns: "types", key: "o", sections: [{ key: "a", title: "A", body: "A" }] });
  // error: Type 'string' is not assignable to type 'Section<any>'.
  section({ key: "p", title: "P", body: "P", sections: ["child"] });
});

check("a list of sections whose types were given up is bound with anything, and checked at run time", () => {
  const sections: readonly Section[] = [named, aged];
  definePrompt({ ns: "types", key: "w", sections }).bind({ whatever: 1 });
});

check("a section written down as a type", () => {
  const written: Section<{ name: string }> = named;
  typeOf(definePrompt({ ns: "types", key: "t", sections: [written] }).bind({ name: "x" })).is<
    Prompt<undefined, { name: string }>
  >();
  // error: Type 'Section<{ name: string; }>' is not assignable to type 'Section<{ age: number; }>'. … Property 'age' is missing in type '{ name: string; }'
  const wrong: Section<{ age: number }> = named;
  return wrong;
});

check("enabled is given what the params give out, and the session to look at", () => {
  const seen = slice({ name: "seen", item: z.string(), reducers: () => [] });
  section({
    key: "a",
    title: "A",
    params: z.object({ depth: z.int().default(3) }),
    body: "A",
    enabled: ({ params, session }) => {
      typeOf(params).is<{ depth: number }>();
      typeOf(session).is<Pick<SessionAccess, "query">>();
      return params.depth > session.query(seen).length;
    },
  });
});

check("enabled says yes or no, at once", () => {
  // error: Type 'string' is not assignable to type 'boolean'.
  section({ key: "a", title: "A", body: "A", enabled: () => "yes" });
  // error: Type 'Promise<boolean>' is not assignable to type 'boolean'.
  section({ key: "b", title: "B", body: "B", enabled: async () => true });
});

check("a section brings tools, slices, resources and children", () => {
  const look = tool({ name: "look", description: "Looks.", effects: "none", handler: () => ok("x") });
  const seen = slice({ name: "seen", item: z.string(), reducers: () => [] });
  section({
    key: "a",
    title: "A",
    body: "A",
    tools: [look],
    slices: [seen],
    resources: [files.bind(some<Filesystem>())],
    sections: [plain],
  });
  // error: Type '{ name: string; }' is missing the following properties from type 'Tool<any, any>': description, effects
  section({ key: "b", title: "B", body: "B", tools: [{ name: "look" }] });
  // error: Type 'Slice<string>' is missing the following properties from type 'Tool<any, any>': description, effects
  section({ key: "c", title: "C", body: "C", tools: [seen] });
});

check("a misspelt property of a section", () => {
  // error: 'tool' does not exist in type … Did you mean to write 'tools'?
  section({ key: "a", title: "A", body: "A", tool: [] });
  // error: Property 'key' is missing in type
  section({ title: "B", body: "B" });
});

check("a summary shows params like a body", () => {
  section({ key: "s", title: "S", params: z.object({ name: z.string() }), body: "x", summary: "About {{name}}." });
  // error: TextProblem<"{{nmae}} is not declared in params", "name">
  section({ key: "s", title: "S", params: z.object({ name: z.string() }), body: "x", summary: "About {{nmae}}." });
});

check("visibility needs a summary to choose from", () => {
  section({ key: "s", title: "S", body: "x", summary: "y", visibility: "summary" });
  section({ key: "s", title: "S", body: "x", visibility: "full" });
  // error: Problem<"a section without `summary` has nothing else to show">
  section({ key: "s", title: "S", body: "x", visibility: "summary" });
});

check("visibility and enabled are given the section's own params", () => {
  section({
    key: "s",
    title: "S",
    params: z.object({ brief: z.boolean().default(false) }),
    body: "x",
    summary: "y",
    visibility: ({ params }) => {
      typeOf(params).is<{ brief: boolean }>();
      return params.brief ? "summary" : "full";
    },
    enabled: ({ params }) => params.brief,
  });
  // error: Type '() => string' is not assignable to type
  section({ key: "s", title: "S", body: "x", summary: "y", visibility: () => "half" });
});
