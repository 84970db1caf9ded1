import assert from "node:assert/strict";
import { test } from "node:test";
import { discounted, lateFee } from "../src/pricing.js";

const login = { reader: "ada", password: "only-for-tests-1234" };

test("four weeks are free", () => {
  assert.equal(lateFee(28), 0);
  assert.equal(lateFee(30), 40);
});

test("a discount halves the fee", () => {
  assert.equal(discounted(100, "fee * 0.5"), 50);
  assert.ok(login.reader);
});
