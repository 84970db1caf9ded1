/**
 * What is a placeholder and what is ordinary text, as data: each text with its parts as the splitter gives them, static
 * text at even indexes, names at odd ones. Held by the run-time splitter and by the compiler's grammar alike.
 */
export const placeholderCases = [
  { text: "", parts: [""] },
  { text: "Hello.", parts: ["Hello."] },
  { text: "{{name}}", parts: ["", "name", ""] },
  { text: "Hello {{name}}!", parts: ["Hello ", "name", "!"] },
  { text: "{{a}}{{b}}{{a}}", parts: ["", "a", "", "b", "", "a", ""] },
  { text: "a\n{{name}}\r\n{{b}}", parts: ["a\n", "name", "\r\n", "b", ""] },
  // a name is ASCII: a letter or "_", then letters, digits and "_"
  { text: "{{camelCase}} {{UPPER}}", parts: ["", "camelCase", " ", "UPPER", ""] },
  { text: "{{_}} {{__x1}} {{a1}} {{Z9_z}}", parts: ["", "_", " ", "__x1", " ", "a1", " ", "Z9_z", ""] },
  { text: "{{1st}} {{0}}", parts: ["{{1st}} {{0}}"] },
  { text: "{{a-b}} {{a.b}} {{a,b}} {{a[0]}}", parts: ["{{a-b}} {{a.b}} {{a,b}} {{a[0]}}"] },
  { text: "{{é}} {{naïve}} {{ß}} {{名}}", parts: ["{{é}} {{naïve}} {{ß}} {{名}}"] },
  { text: "{{\u0430}} {{p\u0430th}}", parts: ["{{\u0430}} {{p\u0430th}}"] }, // a Cyrillic letter that looks Latin
  { text: "{{\u212A}} {{\u017F}} {{\u0130}}", parts: ["{{\u212A}} {{\u017F}} {{\u0130}}"] }, // other case: k, S, i
  { text: "{{a\u200Bb}} {{a\u0301}} {{😀}}", parts: ["{{a\u200Bb}} {{a\u0301}} {{😀}}"] },
  { text: "{{$a}} {{a$}} ${a} ${{a}}", parts: ["{{$a}} {{a$}} ${a} $", "a", ""] },
  { text: "{{constructor}}{{__proto__}}", parts: ["", "constructor", "", "__proto__", ""] },
  // space is no part of a placeholder
  { text: "{{ a }} {{a }} {{ a}} {{\ta}} {{a\nb}}", parts: ["{{ a }} {{a }} {{ a}} {{\ta}} {{a\nb}}"] },
  { text: "{{}} {{ }} {}", parts: ["{{}} {{ }} {}"] },
  { text: "{ {a}} {\n{a}} {{a} }", parts: ["{ {a}} {\n{a}} {{a} }"] },
  // not closed, or not opened
  { text: "{{a", parts: ["{{a"] },
  { text: "{{a}", parts: ["{{a}"] },
  { text: "{a}}", parts: ["{a}}"] },
  { text: "a}}", parts: ["a}}"] },
  { text: "}}{{", parts: ["}}{{"] },
  { text: "{{a}}{{", parts: ["", "a", "{{"] },
  { text: "{{a {{b}}", parts: ["{{a ", "b", ""] },
  { text: "{{a{{b}}", parts: ["{{a", "b", ""] },
  { text: "{{a{b}} {{c}}", parts: ["{{a{b}} ", "c", ""] },
  // braces around a placeholder
  { text: "{{{a}}}", parts: ["{", "a", "}"] },
  { text: "{{a}}}}", parts: ["", "a", "}}"] },
  { text: "{{a}}b}}", parts: ["", "a", "b}}"] },
  { text: "{{{b}", parts: ["{{{b}"] },
  { text: "{{{ {{a}} }}}", parts: ["{{{ ", "a", " }}}"] },
  // four braces write two
  { text: "{{{{", parts: ["{{"] },
  { text: "{{{{name}}}}", parts: ["{{name}}}}"] },
  { text: "{{{{name}} is {{name}}", parts: ["{{name}} is ", "name", ""] },
  { text: "{{{{{", parts: ["{{{"] },
  { text: "{{{{{a}}", parts: ["{{{a}}"] },
  { text: "{{{{{{a}}", parts: ["{{", "a", ""] },
  { text: "{{{{{{{a}}", parts: ["{{{", "a", ""] },
  { text: "{{{{{{{{a}}", parts: ["{{{{a}}"] },
  { text: "{{{{}}{{a}}", parts: ["{{}}", "a", ""] },
  { text: "{{{{a{{b}}", parts: ["{{a", "b", ""] },
  { text: "{{a}}{{{{b}}{{c}}", parts: ["", "a", "{{b}}", "c", ""] },
] as const;

/** What generated texts are put together from. */
export const pieces = [
  "{",
  "{{",
  "{{{{",
  "}",
  "}}",
  "a",
  "{{a}}",
  "{{b1_}}",
  " ",
  "-",
  "é",
  "\n",
  "\u212A",
  "9",
] as const;
