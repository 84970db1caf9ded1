// Sums the lines that test runs left in the file named by WINK_TEST_COUNTS, and prints the total as one plain line.
const { readFileSync } = require("node:fs");

const total = { passed: 0, failed: 0, skipped: 0 };
for (const line of readFileSync(process.argv[2], "utf8").split("\n")) {
  if (line === "") continue;
  const counts = JSON.parse(line);
  for (const name of Object.keys(total)) total[name] += counts[name];
}
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
