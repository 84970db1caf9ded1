import fc from "fast-check";
import { expect, it } from "vitest";
import { propertyRuns } from "../../test/support/property-runs.ts";
import { WinkError } from "../base/index.ts";
import { checkPath, isUnder, joinPath, normalizePath, splitPath } from "./paths.ts";

const segment = fc.oneof(
  fc.constantFrom("", ".", "..", " ", "...", "a", "b.ts", "/"),
  fc.string({ unit: "binary", maxLength: 6 }),
);
const path = fc.array(segment, { maxLength: 20 }).map((segments) => segments.join("/"));

/** The property: a path has one normal form, which cannot leave the root. */
const staysInside = (normalize: typeof normalizePath): fc.IProperty<[string]> =>
  fc.property(path, (text) => {
    const normal = normalize(text);
    // A normal path may end in a space, which a second look would take away were it not for the slashes.
    expect(normalize(`/${normal}/`)).toBe(normal);
    for (const name of splitPath(normal)) expect(["", ".", ".."]).not.toContain(name);
  });

it("a normal path has one form and cannot leave the root", () => {
  fc.assert(staysInside(normalizePath), { numRuns: propertyRuns });
});

it("the property fails when `..` is kept", () => {
  const naive = (text: string): string =>
    text
      .split("/")
      .filter((name) => name !== "" && name !== ".")
      .join("/");
  expect(fc.check(staysInside(naive), { numRuns: 1_000, seed: 1 }).failed).toBe(true);
});

it("a path is either refused by a WinkError or within all limits", () => {
  fc.assert(
    fc.property(path, (text) => {
      let normal: string;
      try {
        normal = checkPath(text);
      } catch (error) {
        expect(WinkError.is(error, "PATH_INVALID")).toBe(true);
        return;
      }
      const names = splitPath(normal);
      expect(names.length).toBeLessThanOrEqual(16);
      for (const name of names) expect(name).toMatch(/^[^\p{Cc}/]{1,80}$/u);
    }),
    { numRuns: propertyRuns },
  );
});

it("what is joined below a base is under it", () => {
  fc.assert(
    fc.property(path, path, (base, below) => {
      const inner = normalizePath(below);
      const outer = normalizePath(base);
      // A normal path may begin or end with a space, which a second look takes away.
      fc.pre(outer === outer.trim() && inner === inner.trim());
      expect(isUnder(joinPath(outer, inner), outer)).toBe(true);
    }),
    { numRuns: propertyRuns },
  );
});
