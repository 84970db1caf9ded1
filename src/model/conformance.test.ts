import { afterAll, describe, expect, test } from "vitest";
import { modelDrivers } from "../../test/support/model-drivers.ts";
import { modelConformance } from "../testing/index.ts";

for (const driver of modelDrivers) {
  describe(driver.name, () => {
    const cases = modelConformance(driver).filter(({ claimed }) => claimed);
    test.each(cases.map((each) => [each.claim, each.way, each] as const))("%s (%s)", async (_claim, _way, { check }) => {
      await check();
    });
  });
}
