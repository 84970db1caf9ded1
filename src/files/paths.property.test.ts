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

it("a normal path has one form and cannot leave the root", () => {
  fc.assert(
    fc.property(path, (text) => {
      const normal = normalizePath(text);
      // Outer space goes with the first look only: a name may end in a space when a `..` stood behind it.
      expect(normalizePath(`/${normal}/`)).toBe(normal);
      for (const name of splitPath(normal)) expect(["", ".", ".."]).not.toContain(name);
    }),
    { numRuns: propertyRuns },
  );
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
